using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using PlatformContract.Tests.ML.Core;

[assembly: LoadableClass(typeof(ThrowingLoadable), null, typeof(SignatureLoadModel), "", ThrowingLoadable.LoaderSignature)]
[assembly: LoadableClass(typeof(ConstructedLoadable), null, typeof(SignatureLoadModel), "", ConstructedLoadable.LoaderSignature)]
[assembly: LoadableClass(typeof(ITransformer), typeof(FactoryOfLoadables), null, typeof(SignatureLoadModel), "", FactoryOfLoadables.LoaderSignature)]

namespace PlatformContract.Tests.ML.Core;

/// <summary>A transformer that does nothing but be saved under any signature, version and assembly.</summary>
internal sealed class SavedAs(VersionInfo version, Action<ModelSaveContext>? write = null) : ITransformer
{
    public bool IsRowToRowMapper => false;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public IDataView Transform(IDataView input) => input;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(version);
        write?.Invoke(ctx);
    }

    public static VersionInfo Version(string loader, uint written = 1, uint readable = 1, string? assembly = null)
        => new("SAVEDAST", written, readable, 1, assembly ?? typeof(SavedAs).Assembly.FullName!, loader);
}

internal abstract class LoadableBase : ITransformer
{
    public bool IsRowToRowMapper => false;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public IDataView Transform(IDataView input) => input;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException();

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new InvalidOperationException("cannot be saved");
}

/// <summary>Loading it fails, with an ML.NET check or with an exception of its own.</summary>
internal sealed class ThrowingLoadable : LoadableBase
{
    public const string LoaderSignature = "ThrowingLoadableTest";

    private static ThrowingLoadable Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(SavedAs.Version(LoaderSignature));
        throw new InvalidDataException("a problem of its own");
    }
}

/// <summary>Made by a constructor.</summary>
internal sealed class ConstructedLoadable : LoadableBase
{
    public const string LoaderSignature = "ConstructedLoadableTest";

    public ConstructedLoadable(IHostEnvironment env, ModelLoadContext ctx)
    {
        Text = ctx.LoadStringOrNull();
        Again = ctx.LoadNonEmptyString();
        None = ctx.LoadStringOrNull();
        Env = env;
    }

    public string? Text { get; }

    public string? Again { get; }

    public string? None { get; }

    public IHostEnvironment Env { get; }
}

/// <summary>Makes an instance of another type, with a sub-model.</summary>
internal static class FactoryOfLoadables
{
    public const string LoaderSignature = "FactoryOfLoadablesTest";

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.LoadModel<ITransformer, SignatureLoadModel>(env, out var inner, "Inner");
        return inner;
    }
}
