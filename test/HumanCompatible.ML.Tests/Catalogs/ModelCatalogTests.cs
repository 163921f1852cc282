using System.Reflection;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Catalogs;

[TestClass]
public sealed class ModelCatalogTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, 300);
    private static readonly ITransformer Model = ML.Constrained().Trainers.BinaryClassification(Workout.Small()).Fit(Data);

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(_folder, "model.zip");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Load_OfWhatSaveWrote_GivesTheModelAndItsSchema()
    {
        ML.Constrained().Model.Save(Model, Data.Schema, File);
        using var stream = System.IO.File.OpenRead(File);

        var fromPath = new MLContext().Constrained().Model.Load(File, out var schema);
        var fromStream = new MLContext().Constrained().Model.Load(stream, out var sameSchema);

        var expected = Scored.Of(Model.Transform(Data));
        CollectionAssert.AreEqual(expected, Scored.Of(fromPath.Transform(Data)));
        CollectionAssert.AreEqual(expected, Scored.Of(fromStream.Transform(Data)));
        CollectionAssert.AreEqual(Data.Schema.Select(column => column.Name).ToList(), schema.Select(column => column.Name).ToList());
        Assert.HasCount(schema.Count, sameSchema);
        CollectionAssert.AreEqual(new[] { File }, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void Load_OfADamagedFile_GivesTheErrorItself()
    {
        var archive = ModelArchive.Save(ML, Model, Data.Schema);
        archive[ModelArchive.Weights][^1] ^= 1;
        var bytes = archive.ToBytes();
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.ThrowsExactly<TargetInvocationException>(() => ML.Model.Load(File, out _));

        var fromPath = Assert.ThrowsExactly<FormatException>(() => ML.Constrained().Model.Load(File, out _));
        var fromStream = Assert.ThrowsExactly<FormatException>(() => ML.Constrained().Model.Load(new MemoryStream(bytes), out _));

        StringAssert.Contains(fromPath.Message, ModelArchive.Weights);
        Assert.AreEqual(fromPath.Message, fromStream.Message);
        Assert.ThrowsExactly<FileNotFoundException>(() => ML.Constrained().Model.Load(File + ".no", out _));
    }

    // What is wrong is ML.NET's own part, of which the model knows nothing.
    [TestMethod]
    public void Load_OfAThresholdThatIsNoNumber_IsRefused()
    {
        var model = ML.BinaryClassification.ChangeModelThreshold(
            (BinaryPredictionTransformer<ConstrainedBinaryModelParameters>)Model, float.NaN);
        ML.Model.Save(model, Data.Schema, File);
        ML.Model.Load(File, out _);

        Assert.AreEqual("The model file cannot be read: the decision threshold must be finite, got NaN.",
            Assert.ThrowsExactly<FormatException>(() => ML.Constrained().Model.Load(File, out _)).Message);
    }

    [TestMethod]
    [DataRow(0.9999)]
    [DataRow(0.5)]
    [DataRow(0.0001)]
    public void Load_OfAFileThatIsCutShort_SaysSo(double share)
    {
        ML.Constrained().Model.Save(Model, Data.Schema, File);
        using (var file = System.IO.File.OpenWrite(File))
            file.SetLength((long)(share * file.Length));

        var error = Assert.ThrowsExactly<FormatException>(() => ML.Constrained().Model.Load(File, out _));

        StringAssert.StartsWith(error.Message, "The model file cannot be read: it is damaged, cut short or no zip: ");
        Assert.AreSame(error, error.GetBaseException());
    }

    [TestMethod]
    public void Load_OfWhatIsNoModel_SaysSo()
    {
        System.IO.File.WriteAllText(File, "a letter");
        StringAssert.StartsWith(Assert.ThrowsExactly<FormatException>(() => ML.Constrained().Model.Load(File, out _)).Message,
            "The model file cannot be read: ");
        System.IO.File.Delete(File);
        System.IO.Compression.ZipFile.CreateFromDirectory(Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName, File);
        Assert.AreEqual("The model file cannot be read: it is no model of ML.NET's: it has no entry 'TransformerChain/Model.key'.",
            Assert.ThrowsExactly<FormatException>(() => ML.Constrained().Model.Load(File, out _)).Message);
    }

    [TestMethod]
    public void Load_WithoutTheNetworkOfTheUser_SaysSoAsItself()
    {
        var archive = ModelArchive.Save(ML, Model, Data.Schema);
        archive.EditManifest(manifest =>
        {
            manifest["network"] = new System.Text.Json.Nodes.JsonObject { ["kind"] = "module", ["name"] = "tests: nobody's" };
            manifest["entries"]!["Probes.safetensors"] = manifest["entries"]![ModelArchive.Weights]!.DeepClone();
        });
        archive["Probes.safetensors"] = archive[ModelArchive.Weights];

        // The probes are read before the network is built.
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(
            () => ML.Constrained().Model.Load(new MemoryStream(archive.ToBytes()), out _)).Message, "Probes.safetensors");
        archive.Replace("Probes.safetensors", HumanCompatible.ML.Persistence.ProbesEntry.Write(
            new(new float[4 * Census.FeatureCount], new float[4])));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(
            () => ML.Constrained().Model.Load(new MemoryStream(archive.ToBytes()), out _)).Message,
            "No network is registered under the name 'tests: nobody's'.");
    }

    [TestMethod]
    public void Save_ThatFails_LeavesTheFormerFileAndNothingElse()
    {
        System.IO.File.WriteAllText(File, "former");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ML.Constrained().Model.Save(new Broken(), Data.Schema, File));

        Assert.AreEqual("half way", error.Message);
        Assert.AreEqual("former", System.IO.File.ReadAllText(File));
        CollectionAssert.AreEqual(new[] { File }, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void Save_ToALink_ReplacesWhatItPointsTo()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Links need a privilege on Windows.");
        var link = Path.Combine(_folder, "link.zip");
        System.IO.File.WriteAllText(File, "former");
        System.IO.File.CreateSymbolicLink(link, File);

        ML.Constrained().Model.Save(Model, Data.Schema, link);

        Assert.IsNotNull(new FileInfo(link).LinkTarget);
        Assert.HasCount(Data.Schema.Count, SchemaOf(File));
    }

    [TestMethod]
    public void Save_WhileTheFileIsRead_NeverShowsAHalfModel()
    {
        ML.Constrained().Model.Save(Model, Data.Schema, File);
        var loads = 0;
        using var reading = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!reading.IsCancellationRequested || loads == 0)
            {
                SchemaOf(File);
                loads++;
            }
        });

        for (var save = 0; save < 20; save++)
            ML.Constrained().Model.Save(Model, Data.Schema, File);

        reading.Cancel();
        reader.GetAwaiter().GetResult();
        Assert.IsGreaterThan(0, loads);
    }

    private static DataViewSchema SchemaOf(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        new MLContext().Model.Load(stream, out var schema);
        return schema;
    }

    private sealed class Broken : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new InvalidDataException("half way");
    }
}
