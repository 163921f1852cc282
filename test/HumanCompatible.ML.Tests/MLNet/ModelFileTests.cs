using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.MLNet;

/// <summary>What writing our entry of a model file rests on.</summary>
[TestClass]
public sealed class ModelFileTests
{
    [TestMethod]
    public void VersionInfo_SignatureOfOtherThanEightCharacters_IsRefused()
    {
        Version("EIGHT CH", "Loader");

        Assert.ThrowsExactly<InvalidOperationException>(() => Version("SEVEN C", "Loader"));
        Assert.ThrowsExactly<InvalidOperationException>(() => Version("NINE CHAR", "Loader"));
    }

    [TestMethod]
    public void SetVersionInfo_LoaderSignatureOfMoreThan24Characters_IsRefused()
    {
        Save(context => SetVersion(context, new string('x', 24)));

        Assert.ThrowsExactly<InvalidOperationException>(() => Save(context => SetVersion(context, new string('x', 25))));
    }

    [TestMethod]
    public void Save_ThatThrows_ThrowsTheSameException()
    {
        var expected = new InvalidDataException("mine");

        Assert.AreSame(expected, Assert.ThrowsExactly<InvalidDataException>(() => Save(_ => throw expected)));
    }

    private static void SetVersion(ModelSaveContext context, string loader)
        => InternalMembers.Invoke("ModelSaveContext", "SetVersionInfo", context, Version("EIGHT CH", loader));

    private static object Version(string signature, string loader)
        => InternalMembers.Invoke("VersionInfo", ".ctor", null, signature, 1u, 1u, 1u, "Some.Assembly", loader, null);

    private static void Save(Action<ModelSaveContext> save) => new MLContext().Model.Save(new Saved(save), null, new MemoryStream());

    private sealed class Saved(Action<ModelSaveContext> save) : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => save(ctx);
    }
}
