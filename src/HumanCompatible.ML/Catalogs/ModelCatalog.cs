using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.ML;

namespace HumanCompatible.ML;

/// <summary>
/// Saving and loading of any model of ML.NET, as <see cref="MLContext.Model"/> does it, where a file may be damaged or is replaced while
/// others read it.
/// </summary>
public sealed class ModelCatalog
{
    private readonly MLContext _context;

    internal ModelCatalog(MLContext context) => _context = context;

    /// <summary>
    /// Loads a model as <see cref="ModelOperationsCatalog.Load(string, out DataViewSchema)"/> does. What is wrong with a file comes as
    /// itself, not inside the <see cref="TargetInvocationException"/> that ML.NET wraps it in.
    /// </summary>
    /// <param name="filePath">The file.</param>
    /// <param name="inputSchema">The schema of the data that the model was saved with, or null where it was saved without.</param>
    /// <returns>The model.</returns>
    /// <exception cref="FormatException">The file is damaged, of another kind, or of a newer version; the message says what.</exception>
    /// <exception cref="InvalidOperationException">The model has a network of the user's own that is not registered, or libtorch, which
    /// that needs, does not load.</exception>
    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        DataViewSchema? schema = null;
        var model = Unwrapped(() => _context.Model.Load(filePath, out schema));
        inputSchema = schema!;
        return model;
    }

    /// <summary>
    /// Loads a model as <see cref="ModelOperationsCatalog.Load(Stream, out DataViewSchema)"/> does, with errors as
    /// <see cref="Load(string, out DataViewSchema)"/> gives them.
    /// </summary>
    /// <param name="stream">A readable, seekable stream.</param>
    /// <param name="inputSchema">The schema of the data that the model was saved with, or null where it was saved without.</param>
    /// <returns>The model.</returns>
    /// <exception cref="FormatException">The file is damaged, of another kind, or of a newer version; the message says what.</exception>
    /// <exception cref="InvalidOperationException">The model has a network of the user's own that is not registered, or libtorch, which
    /// that needs, does not load.</exception>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        DataViewSchema? schema = null;
        var model = Unwrapped(() => _context.Model.Load(stream, out schema));
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
        var beside = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                _context.Model.Save(model, inputSchema, stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    private static T Unwrapped<T>(Func<T> load)
    {
        try
        {
            return load();
        }
        catch (TargetInvocationException wrapper) when (wrapper.InnerException is not null)
        {
            Exception problem = wrapper;
            while (problem is TargetInvocationException { InnerException: { } inner })
                problem = inner;
            ExceptionDispatchInfo.Throw(problem);
            throw;
        }
    }
}
