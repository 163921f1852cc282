using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class ModelFileTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void SaveAndLoad_AThirdPartyTransformer_NeedsNoRegistration()
    {
        var data = Rows.View(_context, 4);
        var model = new ScalingEstimator(_context).Append(new ScalingEstimator(_context)).Fit(data);
        var loaded = new MLContext().Model.Load(Saved(model, data.Schema), out var schema);
        Assert.IsInstanceOfType<TransformerChain<ITransformer>>(loaded);
        var scaling = ((TransformerChain<ITransformer>)loaded).OfType<ScalingTransformer>().ToList();
        Assert.HasCount(2, scaling);
        Assert.AreEqual((4f, "m/s", 1L << 40, true), (scaling[0].Scale, scaling[0].Unit, scaling[0].Note, scaling[0].HasNotes));
        Assert.AreEqual(data.Schema["Name"].ToString(), schema["Name"].ToString());
        CollectionAssert.AreEqual(model.Transform(data).GetColumn<float>("Scaled").ToArray(), loaded.Transform(data).GetColumn<float>("Scaled").ToArray());
    }

    [TestMethod]
    public void Save_OfOneTransformer_LoadsAsThatTransformer()
    {
        var loaded = new MLContext().Model.Load(Saved(new ScalingTransformer(_context, 2.5f), null), out var schema);
        Assert.AreEqual(2.5f, ((ScalingTransformer)loaded).Scale);
        Assert.IsNull(schema);
    }

    [TestMethod]
    public void Entries_LieWhereTheFieldExpectsThem()
    {
        var data = Rows.View(_context, 1);
        using var archive = new ZipArchive(Saved(new ScalingEstimator(_context).Append(new ScalingEstimator(_context)).Fit(data), data.Schema));
        CollectionAssert.AreEquivalent(
            new[]
            {
                "TrainingInfo/Version.txt", "TransformerChain/Model.key", "Schema",
                "TransformerChain/Transform_000/Model.key", "TransformerChain/Transform_000/Notes.bin", "TransformerChain/Transform_000/Notes.txt",
                "TransformerChain/Transform_001/Model.key", "TransformerChain/Transform_001/Notes.bin", "TransformerChain/Transform_001/Notes.txt",
            },
            archive.Entries.Select(entry => entry.FullName.Replace('\\', '/')).ToArray());
        StringAssert.StartsWith(Encoding.UTF8.GetString(Read(archive, "TrainingInfo/Version.txt")).TrimStart('\uFEFF'), "5.0.");
        Assert.AreEqual("scaled", Encoding.UTF8.GetString(Read(archive, "TransformerChain/Transform_000/Notes.txt")).TrimStart('\uFEFF'));
        Assert.AreEqual(1L << 40, BitConverter.ToInt64(Read(archive, "TransformerChain/Transform_000/Notes.bin")));
    }

    [TestMethod]
    public void ModelKey_HasTheHeaderOfTheField()
    {
        using var archive = new ZipArchive(Saved(new ScalingTransformer(_context, 2.5f), null));
        var bytes = Read(archive, "TransformerChain/Model.key");
        Assert.AreEqual("ML\0MODEL", Encoding.ASCII.GetString(bytes, 0, 8));
        Assert.AreEqual(0x00010002, BitConverter.ToInt32(bytes, 0x08));
        Assert.AreEqual((256L, 8L), (BitConverter.ToInt64(bytes, 0x10), BitConverter.ToInt64(bytes, 0x18)));
        Assert.AreEqual("SCALETST", Encoding.ASCII.GetString(bytes, 0x40, 8));
        Assert.AreEqual((0x00010002, 0x00010001), (BitConverter.ToInt32(bytes, 0x48), BitConverter.ToInt32(bytes, 0x4C)));
        Assert.AreEqual(ScalingTransformer.LoaderSignature, Encoding.ASCII.GetString(bytes, 0x50, 24).TrimEnd('\0'));
        Assert.AreEqual(2.5f, BitConverter.ToSingle(bytes, 256));
        var text = BitConverter.ToInt64(bytes, 0x30);
        Assert.AreEqual("m/s", Encoding.Unicode.GetString(bytes, (int)text, (int)BitConverter.ToInt64(bytes, 0x38)));
        var name = BitConverter.ToInt64(bytes, 0x90);
        Assert.AreEqual(typeof(ScalingTransformer).Assembly.FullName, Encoding.Unicode.GetString(bytes, (int)name, BitConverter.ToInt32(bytes, 0x98)));
        Assert.AreEqual("LEDOM\0LM", Encoding.ASCII.GetString(bytes, (int)BitConverter.ToInt64(bytes, 0x80), 8));
        Assert.AreEqual(bytes.Length, BitConverter.ToInt64(bytes, 0x88));
    }

    [TestMethod]
    public void SavingTwice_GivesTheSameModelEntries()
    {
        var model = new ScalingTransformer(_context, 2.5f);
        using var first = new ZipArchive(Saved(model, null));
        using var second = new ZipArchive(Saved(model, null));
        CollectionAssert.AreEqual(Read(first, "TransformerChain/Model.key"), Read(second, "TransformerChain/Model.key"));
    }

    [TestMethod]
    public void InputSchema_KeepsNamesTypesAndAnnotations()
    {
        var definition = SchemaDefinition.Create(typeof(Input));
        definition["Items"].AddAnnotation("SlotNames", new[] { "a", "b" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        definition["X"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        var before = _context.Data.LoadFromEnumerable([new Input()], definition).Schema;
        new MLContext().Model.Load(Saved(new ScalingTransformer(_context, 1), before), out var after);
        CollectionAssert.AreEqual(before.Select(column => column.ToString()).ToArray(), after.Select(column => column.ToString()).ToArray());
        VBuffer<ReadOnlyMemory<char>> names = default;
        after["Items"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "a", "b" }, names.DenseValues().Select(Rows.Text).ToArray());
        Assert.IsTrue(after["X"].IsNormalized());
    }

    [TestMethod]
    public void SaveAndLoad_ByPath()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            _context.Model.Save(new ScalingTransformer(_context, 7), null, path);
            Assert.AreEqual(7f, ((ScalingTransformer)new MLContext().Model.Load(path, out _)).Scale);
        }
        finally
        {
            File.Delete(path);
        }
        Assert.ThrowsExactly<FileNotFoundException>(() => new MLContext().Model.Load(path, out _));
    }

    [TestMethod]
    public void Loader_ByConstructorOrFactory_GetsStringsAndSubModels()
    {
        var inner = new SavedAs(SavedAs.Version(ConstructedLoadable.LoaderSignature), ctx =>
        {
            ctx.SaveString("twice");
            ctx.SaveNonEmptyString("twice");
            ctx.SaveStringOrNull(null);
        });
        var outer = new SavedAs(SavedAs.Version(FactoryOfLoadables.LoaderSignature), ctx => ctx.SaveModel(inner, "Inner"));
        var loaded = (ConstructedLoadable)new MLContext(3).Model.Load(Saved(outer, null), out _);
        Assert.AreEqual(("twice", "twice", null), (loaded.Text, loaded.Again, loaded.None));
        Assert.IsNotNull(loaded.Env.Register("x"));
    }

    [TestMethod]
    public void Load_UnknownLoader_Throws()
    {
        var model = Saved(new TransformerChain<ITransformer>(new SavedAs(SavedAs.Version("NobodyLoadsThis"))), null);
        var error = Innermost(Assert.Throws<Exception>(() => new MLContext().Model.Load(model, out _)));
        Assert.IsInstanceOfType<FormatException>(error);
        Assert.AreEqual($"Couldn't load model: '{Path.Combine("TransformerChain", "Transform_000")}'", error.Message);
    }

    [TestMethod]
    public void Load_UnknownAssembly_Throws()
    {
        var model = Saved(new SavedAs(SavedAs.Version("Any", assembly: "No.Such.Assembly, Version=1.0.0.0")), null);
        Assert.ThrowsExactly<FileNotFoundException>(() => new MLContext().Model.Load(model, out _));
    }

    [TestMethod]
    public void Load_LoaderThrows_TheExceptionIsInside()
    {
        var model = Saved(new SavedAs(SavedAs.Version(ThrowingLoadable.LoaderSignature)), null);
        var error = Assert.Throws<Exception>(() => new MLContext().Model.Load(model, out _));
        Assert.AreEqual("a problem of its own", Innermost(error).Message);
    }

    [TestMethod]
    public void Load_ANewerOrForeignVersion_SaysSo()
    {
        var newer = Saved(new SavedAs(SavedAs.Version(ThrowingLoadable.LoaderSignature, written: 9, readable: 9)), null);
        var error = Assert.Throws<Exception>(() => new MLContext().Model.Load(newer, out _));
        StringAssert.Contains(Innermost(error).Message, "because the model is too new");
        var foreign = Saved(new SavedAs(new VersionInfo("FOREIGN!", 1, 1, 1, typeof(SavedAs).Assembly.FullName!, ThrowingLoadable.LoaderSignature)), null);
        error = Assert.Throws<Exception>(() => new MLContext().Model.Load(foreign, out _));
        Assert.AreEqual("Unknown file type", Innermost(error).Message);
        Assert.IsInstanceOfType<FormatException>(Innermost(error));
    }

    [TestMethod]
    public void Load_WhatIsNoArchive_Throws()
    {
        var error = Assert.ThrowsExactly<FormatException>(() => new MLContext().Model.Load(new MemoryStream(new byte[64]), out _));
        Assert.AreEqual("Failed to open a zip archive", error.Message);
        Assert.ThrowsExactly<FormatException>(() => new MLContext().Model.Load(new MemoryStream(), out _));
    }

    [TestMethod]
    public void Load_AnArchiveWithoutAModel_Throws()
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            archive.CreateEntry("Other");
        var error = Assert.Throws<Exception>(() => new MLContext().Model.Load(stream, out _));
        Assert.IsInstanceOfType<InvalidOperationException>(error);
    }

    [TestMethod]
    public void Load_ATruncatedModelKey_Throws()
    {
        var stream = Saved(new ScalingTransformer(_context, 2), null);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var key = archive.GetEntry("TransformerChain/Model.key")!.Open();
            key.SetLength(key.Length - 3);
        }
        Assert.IsInstanceOfType<FormatException>(Innermost(Assert.Throws<Exception>(() => new MLContext().Model.Load(stream, out _))));
    }

    [TestMethod]
    public void Save_WithoutAVersion_Throws()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Saved(new IdentityTransformer(), null));
        Assert.AreEqual("ModelSignature not specified!", error.Message);
    }

    [TestMethod]
    public void Save_ThatThrows_ThrowsTheSameException()
    {
        var model = new TransformerChain<ITransformer>(new SavedAs(SavedAs.Version("Any"), _ => throw new InvalidDataException("mine")));
        Assert.AreEqual("mine", Assert.ThrowsExactly<InvalidDataException>(() => Saved(model, null)).Message);
    }

    [TestMethod]
    public void Save_TheSameEntryTwice_Throws()
    {
        var model = new SavedAs(SavedAs.Version("Any"), ctx =>
        {
            ctx.SaveTextStream("A", _ => { });
            ctx.SaveTextStream("A", _ => { });
        });
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Saved(model, null));
        StringAssert.StartsWith(error.Message, $"Duplicate entry: '{Path.Combine("TransformerChain", "A")}'");
    }

    [TestMethod]
    public void VersionInfo_ChecksItsSignature()
        => Assert.ThrowsExactly<InvalidOperationException>(() => new VersionInfo("SHORT", 1, 1, 1, "a"));

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException != null)
            error = error.InnerException;
        return error;
    }

    private static byte[] Read(ZipArchive archive, string name)
    {
        using var content = archive.GetEntry(name)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private MemoryStream Saved(ITransformer model, DataViewSchema? schema)
    {
        var stream = new MemoryStream();
        _context.Model.Save(model, schema, stream);
        stream.Position = 0;
        return stream;
    }

    private sealed class Input
    {
        public float X { get; set; }

        public string? Text { get; set; }

        [VectorType(2)]
        public float[]? Items { get; set; }

        [KeyType(3)]
        public uint Key { get; set; }

        public bool Flag { get; set; }
    }
}
