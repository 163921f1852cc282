using System.Reflection;
using System.Runtime.ExceptionServices;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML;

/// <summary>
/// Saving and loading of any model of ML.NET, as <see cref="MLContext.Model"/> does it, where a file may be damaged or is replaced while
/// others read it.
/// </summary>
public sealed class ModelCatalog
{
    // What a file of ML.NET's has one of: a model, one with the loader of its data, one of before ML.NET 1.0.
    private static readonly string[] Models = ["TransformerChain/Model.key", "Model.key", "DataLoaderModel/Model.key"];

    private readonly MLContext _context;

    internal ModelCatalog(MLContext context) => _context = context;

    /// <summary>
    /// Loads a model as <see cref="ModelOperationsCatalog.Load(string, out DataViewSchema)"/> does, after a look at the whole file: every
    /// entry must have the length and the checksum that it was written with, and all of them together a length that the file can plausibly
    /// hold. ML.NET checks none of this. What is wrong with a file comes as itself, not inside the
    /// <see cref="TargetInvocationException"/> that ML.NET wraps it in.
    /// </summary>
    /// <param name="filePath">The file.</param>
    /// <param name="inputSchema">The schema of the data that the model was saved with, or null where it was saved without.</param>
    /// <returns>The model.</returns>
    /// <exception cref="FormatException">The file is damaged, of another kind, of a newer version, or ML.NET cannot load it; the message
    /// says what.</exception>
    /// <exception cref="InvalidOperationException">The model has a network of the user's own that is not registered, or libtorch, which
    /// that needs, does not load.</exception>
    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using var stream = new FileStream(filePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Load(stream, out inputSchema);
    }

    /// <summary>
    /// Loads a model as <see cref="ModelOperationsCatalog.Load(Stream, out DataViewSchema)"/> does, with the checks and errors of
    /// <see cref="Load(string, out DataViewSchema)"/>.
    /// </summary>
    /// <param name="stream">A readable, seekable stream.</param>
    /// <param name="inputSchema">The schema of the data that the model was saved with, or null where it was saved without.</param>
    /// <returns>The model.</returns>
    /// <exception cref="FormatException">The file is damaged, of another kind, of a newer version, or ML.NET cannot load it; the message
    /// says what.</exception>
    /// <exception cref="InvalidOperationException">The model has a network of the user's own that is not registered, or libtorch, which
    /// that needs, does not load.</exception>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArchiveCheck.Check(stream, Models);
        DataViewSchema? schema = null;
        var model = Unwrapped(() => _context.Model.Load(stream, out schema));
        CheckThresholds(model);
        inputSchema = schema!;
        return model;
    }

    /// <summary>
    /// Saves a model beside the file and moves it there when it is whole. Who reads the file meanwhile sees the former model or this one,
    /// and a save that is cut short leaves the former: ML.NET itself writes into the file, which then is neither.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="inputSchema">The schema of the data that it takes; null saves none.</param>
    /// <param name="filePath">The file, in a folder that is there. Of a link, what it points to is replaced.</param>
    /// <exception cref="ArgumentException"><paramref name="filePath"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be written, or not replaced: on Windows, while another program has it
    /// open.</exception>
    public void Save(ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        var target = Path.GetFullPath(
            (File.Exists(filePath) ? File.ResolveLinkTarget(filePath, returnFinalTarget: true)?.FullName : null) ?? filePath);
        WholeFile.Write(target, $"{target}.{Guid.NewGuid():N}.tmp", stream => _context.Model.Save(model, inputSchema, stream));
    }

    // ML.NET's loaders say of a file that they cannot read whatever the first operation says that fails.
    private static ITransformer Unwrapped(Func<ITransformer> load)
    {
        try
        {
            return load();
        }
        catch (Exception exception)
        {
            var problem = exception;
            while (problem is TargetInvocationException { InnerException: { } inner })
                problem = inner;
            if (problem is not FormatException && (problem is EndOfStreamException or InvalidDataException || IsOfMLNet(problem)))
                throw FormatProblem.Of("The model file cannot be read", problem);
            ExceptionDispatchInfo.Throw(problem);
            throw;
        }
    }

    private static bool IsOfMLNet(Exception problem)
        => problem is not (OperationCanceledException or OutOfMemoryException or IOException)
            && problem.Source?.StartsWith("Microsoft.ML", StringComparison.Ordinal) == true;

    // ML.NET's own part of a file; with such a threshold all rows are predicted alike.
    private static void CheckThresholds(ITransformer model)
    {
        if (model is IEnumerable<ITransformer> chain)
        {
            foreach (var transformer in chain)
                CheckThresholds(transformer);
        }
        else if (model is BinaryPredictionTransformer<ConstrainedBinaryModelParameters> binary
            && PredictionTransformers.ThresholdOf(binary) is var threshold && !float.IsFinite(threshold))
        {
            throw new FormatException(FormattableString.Invariant(
                $"The model file cannot be read: the decision threshold must be finite, got {threshold}."));
        }
    }
}
