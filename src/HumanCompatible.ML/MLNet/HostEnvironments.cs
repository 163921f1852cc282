using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.MLNet;

/// <summary>What an environment keeps to itself.</summary>
internal static class HostEnvironments
{
    /// <summary>The environment of a catalog, such as <c>mlContext.BinaryClassification.Trainers</c>.</summary>
    internal static IHostEnvironment Of(BinaryClassificationCatalog.BinaryClassificationTrainers catalog)
        => CatalogUtils.GetEnvironment(catalog);

    /// <inheritdoc cref="Of(BinaryClassificationCatalog.BinaryClassificationTrainers)"/>
    internal static IHostEnvironment Of(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog)
        => CatalogUtils.GetEnvironment(catalog);

    /// <inheritdoc cref="Of(BinaryClassificationCatalog.BinaryClassificationTrainers)"/>
    internal static IHostEnvironment Of(RegressionCatalog.RegressionTrainers catalog) => CatalogUtils.GetEnvironment(catalog);

    /// <summary>
    /// Whether the context was told to stop, as AutoML does to trainers that take too long. ML.NET's own trainers ask by CheckAlive, which
    /// throws; ours end as if cancelled and keep the best model.
    /// </summary>
    internal static bool IsCanceled(IHostEnvironment environment) => environment is ICancelable { IsCanceled: true };

    /// <summary>The GPU that the context names, and whether the processor may stand in for it; null where it names none.</summary>
    internal static (int Id, bool FallsBackToCpu)? Gpu(IHostEnvironment environment)
        => environment is IHostEnvironmentInternal { GpuDeviceId: { } id } known ? (id, known.FallbackToCpu) : null;
}
