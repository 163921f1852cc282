using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data
{
    internal interface IInternalCatalog
    {
        IHostEnvironment Environment { get; }
    }

    internal static class CatalogUtils
    {
        public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog) => Contracts.CheckRef(catalog, nameof(catalog)).Environment;
    }
}

namespace Microsoft.ML
{
    public sealed partial class TransformsCatalog : IInternalCatalog
    {
        private readonly IHostEnvironment _env;

        internal TransformsCatalog(IHostEnvironment env)
        {
            _env = env;
            Categorical = new CategoricalTransforms(this);
            Conversion = new ConversionTransforms(this);
        }

        public CategoricalTransforms Categorical { get; }

        public ConversionTransforms Conversion { get; }

        IHostEnvironment IInternalCatalog.Environment => _env;

        public sealed class CategoricalTransforms : IInternalCatalog
        {
            private readonly TransformsCatalog _owner;

            internal CategoricalTransforms(TransformsCatalog owner) => _owner = owner;

            IHostEnvironment IInternalCatalog.Environment => _owner._env;
        }

        public sealed class ConversionTransforms : IInternalCatalog
        {
            private readonly TransformsCatalog _owner;

            internal ConversionTransforms(TransformsCatalog owner) => _owner = owner;

            IHostEnvironment IInternalCatalog.Environment => _owner._env;
        }
    }

    public abstract partial class TrainCatalogBase : IInternalCatalog
    {
        private protected TrainCatalogBase(IHostEnvironment env, string registrationName)
        {
            Contracts.CheckValue(env, nameof(env));
            env.CheckNonEmpty(registrationName, nameof(registrationName));
            Environment = env;
        }

        IHostEnvironment IInternalCatalog.Environment => Environment;

        private protected IHostEnvironment Environment { get; }
    }

    public sealed partial class BinaryClassificationCatalog : TrainCatalogBase
    {
        internal BinaryClassificationCatalog(IHostEnvironment env)
            : base(env, nameof(BinaryClassificationCatalog))
        {
        }
    }

    public sealed partial class MulticlassClassificationCatalog : TrainCatalogBase
    {
        internal MulticlassClassificationCatalog(IHostEnvironment env)
            : base(env, nameof(MulticlassClassificationCatalog))
        {
        }
    }

    public sealed partial class RegressionCatalog : TrainCatalogBase
    {
        internal RegressionCatalog(IHostEnvironment env)
            : base(env, nameof(RegressionCatalog))
        {
        }
    }
}
