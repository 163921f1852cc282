using HumanCompatible.ML.Data;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>How an experiment divides rows.</summary>
[TestClass]
public sealed class RowPartsTests
{
    private static readonly TrainingColumns Columns = new("Label", "Features", null, ["Sex"]);

    [TestMethod]
    public void RowSubset_SomeRows_HasThemInOrder()
    {
        var context = new MLContext(1);
        var rows = Census.People(50);
        var view = new RowSubset(context.Data.LoadFromEnumerable(rows), [3, 7, 20, 49]);

        CollectionAssert.AreEqual(new[] { rows[3].Weight, rows[7].Weight, rows[20].Weight, rows[49].Weight },
            view.GetColumn<float>("Weight").ToArray());
        Assert.AreEqual(4L, view.GetRowCount());
        CollectionAssert.AreEqual(new[] { rows[3].Region, rows[7].Region, rows[20].Region, rows[49].Region },
            context.Data.Cache(view).GetColumn<string>("Region").ToArray());
    }

    [TestMethod]
    public void Folds_OfStrata_ShareEachInProportionAndEveryRowOnce()
    {
        int[] strata = [.. Enumerable.Range(0, 100).Select(row => row % 10 == 0 ? 1 : 0)];

        var folds = RowStrata.Folds([.. Enumerable.Range(0, 100)], strata, 5, seed: 1);

        CollectionAssert.AreEqual(Enumerable.Range(0, 100).ToArray(), folds.SelectMany(fold => fold).Order().ToArray());
        foreach (var fold in folds)
        {
            Assert.HasCount(20, fold);
            Assert.AreEqual(2, fold.Count(row => strata[row] == 1));
        }
    }

    [TestMethod]
    public void Strata_LabelAndGroups_TellRowsApart()
    {
        var context = new MLContext(1);
        var people = Census.People(80);

        var strata = RowStrata.Of(context.Data.LoadFromEnumerable(people), Columns);

        for (var row = 1; row < people.Count; row++)
        {
            Assert.AreEqual((people[row].Sex, people[row].Label) == (people[0].Sex, people[0].Label), strata[row] == strata[0],
                $"row {row}");
        }
    }

    [TestMethod]
    public void Strata_ColumnsThatComeLater_AreNotLookedFor()
        => Assert.HasCount(30, RowStrata.Of(new MLContext(1).Data.LoadFromEnumerable(Census.People(30)),
            Columns with { Label = "Later", Groups = ["LaterToo"], Labels = LabelReader.Of(LearningTask.MulticlassClassification) })
            .Where(stratum => stratum == 0).ToList());

    [TestMethod]
    public void Journal_CutOffLine_IsDropped()
    {
        using var folder = new JournalFile();
        using (var journal = new TrialJournal(folder.Path, "a"))
        {
            journal.Add(Record(0));
            journal.Add(Record(1));
        }

        File.WriteAllText(folder.Path, File.ReadAllText(folder.Path)[..^20]);
        using (var journal = new TrialJournal(folder.Path, "a"))
        {
            CollectionAssert.AreEqual(new[] { 0 }, journal.Records.Select(record => record.Number).ToArray());
            Assert.AreEqual(Record(0).Score, journal.Records[0].Score);
            journal.Add(Record(2));
        }

        using var again = new TrialJournal(folder.Path, "a");
        CollectionAssert.AreEqual(new[] { 0, 2 }, again.Records.Select(record => record.Number).ToArray());
    }

    [TestMethod]
    [DataRow("my notes")]
    [DataRow("\n\n")]
    [DataRow("id,name\n1,")]
    public void Journal_InAForeignFile_ThrowsAndLeavesTheFileAsItIs(string text)
    {
        using var folder = new JournalFile();
        File.WriteAllText(folder.Path, text);

        Assert.ThrowsExactly<InvalidOperationException>(() => new TrialJournal(folder.Path, "a"));

        Assert.AreEqual(text, File.ReadAllText(folder.Path));
    }

    [TestMethod]
    public void Journal_OfAnotherExperiment_Throws()
    {
        using var folder = new JournalFile();
        new TrialJournal(folder.Path, "a").Dispose();

        var problem = Assert.ThrowsExactly<InvalidOperationException>(() => new TrialJournal(folder.Path, "b"));

        Assert.Contains("is of another experiment", problem.Message);
    }

    private static TrialRecord Record(int number) => new(number, [0.25, 0.5], RunStatus.Finished,
        new Dictionary<string, double> { ["Accuracy"] = 0.8 }, new Dictionary<string, double> { ["DP"] = double.NaN }, 1.5, 3,
        Score: new TrialScore(0.01, 0.8));
}

/// <summary>A file of a name of its own, gone after the test.</summary>
internal sealed class JournalFile : IDisposable
{
    internal string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"journal-{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(Path);
}
