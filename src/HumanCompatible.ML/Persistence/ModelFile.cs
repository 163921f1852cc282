using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using TorchSharp;

// ML.NET finds the type to load by this attribute, which is internal to it: without it a model loads only after a registration call in each
// MLContext.
[assembly: LoadableClass(typeof(ConstrainedBinaryClassificationTransformer), typeof(ModelFile), null, typeof(SignatureLoadModel),
    "Constrained binary classification", ModelFile.BinaryLoaderSignature)]

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// Writes and reads a transformer's folder in an ML.NET model file. Uses ModelSaveContext, ModelLoadContext and VersionInfo, whose members
/// are internal to
/// ML.NET: there is no public way to write an entry of one's own or to be loaded again as one's own type.
/// </summary>
/// <remarks>
/// Layout of the folder: Model.key (ML.NET's header, then the SHA-256 of the manifest, 32 bytes), Manifest.json (which lists the length and
/// SHA-256 of every
/// other entry), Weights.safetensors, Duals.json, History.json, and TrainingState.safetensors where it was asked for.
/// </remarks>
internal static class ModelFile
{
    internal const string BinaryLoaderSignature = "HCMLConstrainedBinary";
    private const int DigestLength = 32;

    internal static void Save(ModelSaveContext context, ConstrainedBinaryClassificationTransformer transformer)
    {
        var entries = ModelEntries.Write(transformer.Model, transformer.FeatureColumnName);
        context.SetVersionInfo(Version());
        context.Writer.Write(ModelEntries.Digest(entries[ModelManifest.EntryName]));
        foreach (var (name, bytes) in entries)
            context.SaveBinaryStream(name, writer => writer.Write(bytes));
    }

    /// <summary>Called by ML.NET.</summary>
    internal static ConstrainedBinaryClassificationTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        var digest = context.Reader.ReadBytes(DigestLength);
        var (model, featureColumnName) = ModelEntries.Read(name => Entry(context, name), digest);
        try
        {
            return new ConstrainedBinaryClassificationTransformer(model, featureColumnName, ScoringDevice(environment, model.Network));
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"The model file's entry '{ModelEntries.Weights}' cannot be read: {exception.Message}", exception);
        }
    }

    // As the trainers of Microsoft.ML.TorchSharp do: a GPU is used where the context names one, else the CPU unless the context forbids it.
    // Only the user's own
    // networks ask; built-in ones need no torch.
    private static string ScoringDevice(IHostEnvironment environment, NetworkDefinition network)
        => !ManagedNetwork.CanScore(network) && environment is IHostEnvironmentInternal { GpuDeviceId: { } id } context
            && (!context.FallbackToCpu || torch.cuda.is_available())
            ? $"cuda:{id}"
            : "cpu";

    private static byte[]? Entry(ModelLoadContext context, string name)
    {
        byte[]? bytes = null;
        context.TryLoadBinaryStream(name, reader =>
        {
            using var buffer = new MemoryStream();
            reader.BaseStream.CopyTo(buffer);
            bytes = buffer.ToArray();
        });
        return bytes;
    }

    private static VersionInfo Version() => new(
        modelSignature: "HCML BIN",
        verWrittenCur: 0x00010001, // Initial
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(ModelFile).Assembly.FullName!,
        loaderSignature: BinaryLoaderSignature);
}
