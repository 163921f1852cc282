using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace HumanCompatible.ML.MLNet;

/// <summary>The folder of a model in an ML.NET model file: Model.key, which ML.NET begins with a header, and entries by name.</summary>
internal sealed class ModelFolder
{
    /// <summary>The version of what follows the header: a file of a newer one is refused.</summary>
    private const uint Version = 0x00010001;

    private readonly ModelSaveContext? _output;
    private readonly ModelLoadContext? _input;

    internal ModelFolder(ModelSaveContext context) => _output = context;

    internal ModelFolder(ModelLoadContext context) => _input = context;

    /// <summary>Writes the model, once.</summary>
    /// <param name="signature">8 characters that tell the kind of model.</param>
    /// <param name="loaderSignature">The name of the loader, as the assembly's LoadableClass attribute has it.</param>
    /// <param name="key">What follows the header in Model.key.</param>
    /// <param name="entries">The other entries.</param>
    internal void Write(string signature, string loaderSignature, byte[] key, IEnumerable<KeyValuePair<string, byte[]>> entries)
    {
        _output!.CheckAtModel();
        _output.SetVersionInfo(Info(signature, loaderSignature));
        _output.Writer.Write(key);
        foreach (var (name, bytes) in entries)
            _output.SaveBinaryStream(name, writer => writer.Write(bytes));
    }

    /// <summary>Checks the header, and reads what follows it in Model.key.</summary>
    /// <exception cref="FormatException">The model is of another kind or too new.</exception>
    internal byte[] ReadKey(string signature, string loaderSignature, int length)
    {
        _input!.CheckAtModel(Info(signature, loaderSignature));
        return _input.Reader.ReadBytes(length);
    }

    /// <summary>
    /// The zip that the folder is in, and its path there. ML.NET inflates an entry to its end before it hands it out, however long that is;
    /// null where this version of it keeps no such zip, and <see cref="Read"/> is what is left.
    /// </summary>
    internal (ZipArchive Zip, string Path)? Archive
    {
        get
        {
            try
            {
                return _input!.Repository is { } repository ? (ZipOf(repository), _input.Directory ?? "") : null;
            }
            catch (MissingFieldException)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// The bytes of an entry, or null where there is none; of one that is longer than it may be, one byte more than that.
    /// </summary>
    internal byte[]? Read(string name, long limit)
    {
        byte[]? bytes = null;
        _input!.TryLoadBinaryStream(name, reader =>
            bytes = reader.ReadBytes((int)Math.Min(reader.BaseStream.Length, Math.Clamp(limit, 0, Array.MaxLength - 1) + 1)));
        return bytes;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archive")]
    private static extern ref ZipArchive ZipOf(RepositoryReader repository);

    private static VersionInfo Info(string signature, string loaderSignature) => new(
        modelSignature: signature,
        verWrittenCur: Version,
        verReadableCur: Version,
        verWeCanReadBack: Version,
        loaderAssemblyName: typeof(ModelFolder).Assembly.GetName().Name!, // without the version: any may try, and the header decides
        loaderSignature: loaderSignature);
}
