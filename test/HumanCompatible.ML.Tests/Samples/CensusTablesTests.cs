using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class CensusTablesTests
{
    [TestMethod]
    public void Generate_SameSeed_WritesTheSameRows()
    {
        using var first = CensusTables.Generate(200, 100, seed: 5);
        using var second = CensusTables.Generate(200, 100, seed: 5);
        using var other = CensusTables.Generate(200, 100, seed: 6);

        Assert.AreEqual(File.ReadAllText(first.TrainingPath), File.ReadAllText(second.TrainingPath));
        Assert.AreEqual(File.ReadAllText(first.TestPath), File.ReadAllText(second.TestPath));
        Assert.AreNotEqual(File.ReadAllText(first.TrainingPath), File.ReadAllText(other.TrainingPath));
        CollectionAssert.AreNotEqual(File.ReadLines(first.TrainingPath).Take(100).ToList(),
            File.ReadLines(first.TestPath).Take(100).ToList());
    }

    [TestMethod]
    public void Generate_LoadsIntoEveryColumn_WithTheKnownBias()
    {
        using var tables = CensusTables.Generate(20_000, 10, seed: 1);
        var ml = new MLContext(1);
        var rows = CensusPipeline.Load(ml, tables.TrainingPath);

        CollectionAssert.AreEqual(CensusColumns.InFileOrder.ToArray(), rows.Schema.Select(column => column.Name).ToArray());
        foreach (var number in CensusColumns.Numbers)
            Assert.IsTrue(rows.GetColumn<float>(number).All(float.IsFinite), number);
        foreach (var category in CensusColumns.Categories)
            Assert.IsTrue(rows.GetColumn<string>(category).Distinct().Count() > 1, category);
        var bySex = rows.GetColumn<string>(CensusColumns.Sex).Zip(rows.GetColumn<bool>(CensusColumns.Income))
            .ToLookup(row => row.First, row => row.Second);
        double men = Share(bySex["Male"]), women = Share(bySex["Female"]);
        Assert.IsTrue(men - women > 0.1, $"men {men}, women {women}");
        Assert.IsTrue(women > 0.05, $"women {women}");
        Assert.AreEqual(20_000, bySex.Sum(group => group.Count()));
    }

    [TestMethod]
    public void Find_NamedFolderDoesNotExist_SaysSo()
    {
        var missing = Path.Combine(Path.GetTempPath(), "no-such-folder-" + Guid.NewGuid());

        var error = Assert.ThrowsExactly<SampleInputException>(() => CensusTables.Find(missing, 1, _ => { }));

        Assert.AreEqual($"--data {missing}: there is no such folder.", error.Message);
    }

    [TestMethod]
    public void Find_NamedFolderWithoutAdult_SaysWhatItLooksFor()
    {
        var empty = Directory.CreateTempSubdirectory("no-adult-");
        try
        {
            var error = Assert.ThrowsExactly<SampleInputException>(() => CensusTables.Find(empty.FullName, 1, _ => { }));

            Assert.AreEqual($"--data {empty.FullName}: neither it nor its subfolder 'adult' holds adult.data and adult.test.",
                error.Message);
        }
        finally
        {
            empty.Delete();
        }
    }

    [TestMethod]
    public void Dispose_RemovesTheTemporaryFolder()
    {
        var tables = CensusTables.Generate(10, 10, seed: 1);
        var folder = Path.GetDirectoryName(tables.TrainingPath)!;
        Assert.IsTrue(File.Exists(tables.TrainingPath));

        tables.Dispose();

        Assert.IsFalse(Directory.Exists(folder));
    }

    private static double Share(IEnumerable<bool> labels) => labels.Count(label => label) / (double)labels.Count();
}
