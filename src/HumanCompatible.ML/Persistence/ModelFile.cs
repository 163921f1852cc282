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
/// Model.key holds ML.NET's header, then the SHA-256 of the manifest, 32 bytes. The other entries are in <see cref="ModelEntries"/>.
/// </remarks>
internal static class ModelFile
{
    internal const string BinaryLoaderSignature = "HCMLConstrainedBinary";
    private const int DigestLength = 32;

    internal static void Save(ModelSaveContext context, ConstrainedBinaryClassificationTransformer transformer)
    {
        var entries = ModelEntries.Write(transformer.Model, transformer.FeatureColumnName);
        context.SetVersionInfo(Version());
        context.Writer.Write(ModelEntries.Digest(entries[ModelManifest.Name]));
        foreach (var (name, bytes) in entries)
            context.SaveBinaryStream(name, writer => writer.Write(bytes));
    }

    /// <summary>Called by ML.NET.</summary>
    internal static ConstrainedBinaryClassificationTransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(Version());
        var digest = context.Reader.ReadBytes(DigestLength);
        var (model, featureColumnName) = ModelEntries.Read((name, limit) => Entry(context, name, limit), digest);
        try
        {
            return new ConstrainedBinaryClassificationTransformer(model, featureColumnName, ScoringDevice(environment, model.Network));
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"The model file's entry '{WeightsEntry.Name}' cannot be read: {exception.Message}", exception);
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

    // Of an entry that is longer than it may be, one byte more than that.
    private static byte[]? Entry(ModelLoadContext context, string name, long limit)
    {
        byte[]? bytes = null;
        context.TryLoadBinaryStream(name, reader =>
            bytes = reader.ReadBytes((int)Math.Min(reader.BaseStream.Length, Math.Clamp(limit, 0, Array.MaxLength - 1) + 1)));
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
