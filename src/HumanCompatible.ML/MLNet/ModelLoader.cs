using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.MLNet;

/// <summary>What ML.NET calls to load a model; the assembly's LoadableClass attributes name it.</summary>
/// <typeparam name="TModel">The model.</typeparam>
internal static class ModelLoader<TModel>
    where TModel : ILoadedModel<TModel>
{
    internal static TModel Create(IHostEnvironment environment, ModelLoadContext context)
        => TModel.Load(environment, new ModelFolder(context));
}

/// <summary>A model that is read from its folder of a model file.</summary>
/// <typeparam name="TModel">The model.</typeparam>
internal interface ILoadedModel<TModel>
{
    /// <summary>Reads the model.</summary>
    /// <param name="environment">Where it is loaded.</param>
    /// <param name="folder">Its folder.</param>
    static abstract TModel Load(IHostEnvironment environment, ModelFolder folder);
}
