using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace HumanCompatible.ML.Scoring;

/// <summary>How the models of all tasks are written into a model file, and read.</summary>
/// <param name="Task">The task.</param>
/// <param name="Signature">8 characters that tell the kind of model.</param>
/// <param name="LoaderSignature">The name of the loader.</param>
internal sealed record ModelFile(LearningTask Task, string Signature, string LoaderSignature)
{
    /// <summary>Writes a model into its folder; one of the user's own network with what that gives for a few rows.</summary>
    internal void Save(FeatureModelParameters model, ModelFolder folder)
    {
        var trained = model.Trained;
        if (trained.Network is ModuleNetwork && trained.Probes is null)
            trained = trained with { Probes = ProbesEntry.Of(trained, model.Score) };
        var entries = ModelEntries.Write(trained);
        folder.Write(Signature, LoaderSignature, ModelEntries.Digest(entries[ModelManifest.Name]), entries);
    }

    /// <summary>Reads the model of a folder.</summary>
    /// <param name="environment">Where it is loaded.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="create">Makes the model of what was learned and of the device for a network of the user's own.</param>
    /// <exception cref="FormatException">The folder is not that of such a model, or the network of the user's own is not the one that was
    /// saved.</exception>
    internal TModel Load<TModel>(IHostEnvironment environment, ModelFolder folder, Func<TrainedModel, string, TModel> create)
        where TModel : FeatureModelParameters
    {
        var digest = folder.ReadKey(Signature, LoaderSignature, ModelEntries.DigestLength);
        var trained = ModelEntries.Read(
            folder.Archive is var (zip, path) ? new EntryArchive(zip, path).Read : folder.Read, digest, Task);
        TModel model;
        try
        {
            model = create(trained, Device(environment, trained.Network));
        }
        catch (ArgumentException exception)
        {
            throw ModelEntries.Problem(WeightsEntry.Name, exception);
        }

        try
        {
            if (trained.Probes is { } probes)
                ProbesEntry.Check(probes, trained, model.Score);
            return model;
        }
        catch (InvalidDataException exception)
        {
            model.Dispose();
            throw ModelEntries.Problem(ProbesEntry.Name, exception);
        }
    }

    // As the trainers of Microsoft.ML.TorchSharp do: a GPU is used where the context names one, else the processor unless the context
    // forbids it. Only the user's own networks ask; built-in ones need no torch.
    private static string Device(IHostEnvironment environment, NetworkDefinition network)
    {
        if (ManagedNetwork.CanScore(network) || HostEnvironments.Gpu(environment) is not var (id, fallsBack))
            return "cpu";
        TorchLibrary.Load();
        return !fallsBack || torch.cuda.is_available() ? $"cuda:{id}" : "cpu";
    }
}
