using HumanCompatible.ML.Experiments;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>The journal of runs.</summary>
[TestClass]
public sealed class TrialJournalTests
{
    private static readonly Dictionary<string, string> Identity = new() { ["seed"] = "1", ["training data"] = "a", ["test data"] = "b" };

    [TestMethod]
    public void Journal_Tests_AreCountedOnceEachAndFoundAgain()
    {
        using var folder = new JournalFile();
        using (var journal = new TrialJournal(folder.Path, Identity))
        {
            journal.Add(Record(0));
            Assert.AreEqual(1, journal.Add(new TestRecord(0, "", true)));
            journal.Add(Record(1));
        }

        using (var journal = new TrialJournal(folder.Path, Identity))
        {
            CollectionAssert.AreEqual(new[] { 0, 1 }, journal.Records.Select(record => record.Number).ToArray());
            Assert.AreEqual(1, journal.Add(new TestRecord(0, "", true)), "the same model again tells nothing new");
            Assert.AreEqual(2, journal.Add(new TestRecord(1, "LearningRate 0.1", true)));
        }

        using var again = new TrialJournal(folder.Path, Identity);
        Assert.AreEqual(3, again.Add(new TestRecord(1, "LearningRate 0.1", false)));
    }

    [TestMethod]
    public void ModelOf_AFold_IsTheLastOfThatRunAndPoint()
    {
        using var folder = new JournalFile();
        using (var journal = new TrialJournal(folder.Path, Identity))
        {
            journal.Add(new FoldRecord(1, [0.1, 1.0 / 3], 1, "first"));
            journal.Add(new FoldRecord(1, [0.1, 1.0 / 3], 2, "second"));
            journal.Add(new FoldRecord(1, [0.1, 1.0 / 3], 1, "third"));
        }

        using var again = new TrialJournal(folder.Path, Identity);
        string? ModelOf(int number, double[] point, int fold)
            => again.ModelOf(new Trial(number, point, SmallExperiments.Settings().Options, new Dictionary<string, string>(), 8), fold);

        Assert.AreEqual("third", ModelOf(1, [0.1, 1.0 / 3], 1));
        Assert.AreEqual("second", ModelOf(1, [0.1, 1.0 / 3], 2));
        Assert.IsNull(ModelOf(1, [0.1, 0.3], 1), "another place in the search space");
        Assert.IsNull(ModelOf(2, [0.1, 1.0 / 3], 1));
        Assert.IsNull(ModelOf(1, [0.1, 1.0 / 3], 3));
    }

    [TestMethod]
    public void Journal_ATestThatIsTakenOut_IsRefused()
    {
        using var folder = new JournalFile();
        using (var journal = new TrialJournal(folder.Path, Identity))
        {
            journal.Add(new TestRecord(0, "", true));
            journal.Add(Record(1));
        }

        var lines = File.ReadAllLines(folder.Path);
        File.WriteAllLines(folder.Path, [lines[0], lines[2]]);

        var problem = Assert.ThrowsExactly<InvalidOperationException>(() => new TrialJournal(folder.Path, Identity));
        Assert.Contains("is damaged: line 2", problem.Message);
    }

    [TestMethod]
    public void Journal_CutOffLine_IsDropped()
    {
        using var folder = new JournalFile();
        using (var journal = new TrialJournal(folder.Path, Identity))
        {
            journal.Add(Record(0));
            journal.Add(Record(1));
        }

        File.WriteAllText(folder.Path, File.ReadAllText(folder.Path)[..^20]);
        using (var journal = new TrialJournal(folder.Path, Identity))
        {
            CollectionAssert.AreEqual(new[] { 0 }, journal.Records.Select(record => record.Number).ToArray());
            Assert.AreEqual(Record(0).Score, journal.Records[0].Score);
            journal.Add(Record(2));
        }

        using var again = new TrialJournal(folder.Path, Identity);
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

        Assert.ThrowsExactly<InvalidOperationException>(() => new TrialJournal(folder.Path, Identity));

        Assert.AreEqual(text, File.ReadAllText(folder.Path));
    }

    [TestMethod]
    public void Journal_OfAnotherExperiment_Throws()
    {
        using var folder = new JournalFile();
        new TrialJournal(folder.Path, Identity).Dispose();

        var problem = Assert.ThrowsExactly<InvalidOperationException>(() => new TrialJournal(folder.Path,
            new Dictionary<string, string>(Identity) { ["seed"] = "2", ["test data"] = "c" }));

        Assert.Contains("is of another experiment, with other seed, test data: name another folder.", problem.Message);
    }

    [TestMethod]
    [DataRow("accuracy", 3)]
    [DataRow("number", 2)]
    [DataRow("sum", 4)]
    [DataRow("garbage", 3)]
    [DataRow("empty", 3)]
    [DataRow("removed", 3)]
    [DataRow("swapped", 2)]
    [DataRow("repeated", 5)]
    [DataRow("null", 2)]
    public void Journal_ChangedLine_IsRefusedByItsNumberAndLeftAsItIs(string change, int line)
    {
        using var folder = new JournalFile();
        using (var journal = new TrialJournal(folder.Path, Identity))
        {
            for (var number = 0; number < 4; number++)
                journal.Add(Record(number));
        }

        List<string> lines = [.. File.ReadAllLines(folder.Path)];
        switch (change)
        {
            case "accuracy": lines[2] = lines[2].Replace("\"accuracy\":0.8", "\"accuracy\":0.9", StringComparison.OrdinalIgnoreCase); break;
            case "number": lines[1] = lines[1].Replace("\"number\":0", "\"number\":9", StringComparison.Ordinal); break;
            case "sum": lines[3] = lines[3][..^4] + (lines[3][^4] == '0' ? '1' : '0') + lines[3][^3..]; break;
            case "garbage": lines[2] = "garbage"; break;
            case "empty": lines[2] = ""; break;
            case "removed": lines.RemoveAt(2); break;
            case "swapped": (lines[1], lines[2]) = (lines[2], lines[1]); break;
            case "repeated": lines[4] = lines[3]; break;
            default: lines[1] = "null"; break;
        }

        var text = string.Join('\n', lines) + "\n";
        File.WriteAllText(folder.Path, text);

        var problem = Assert.ThrowsExactly<InvalidOperationException>(() => new TrialJournal(folder.Path, Identity));

        Assert.Contains($"is damaged: line {line} is not what was written there", problem.Message);
        Assert.AreEqual(text, File.ReadAllText(folder.Path));
    }

    [TestMethod]
    public void Journal_CutAfterARun_GoesOnFromThere()
    {
        using var folder = new JournalFile();
        using (var journal = new TrialJournal(folder.Path, Identity))
        {
            journal.Add(Record(0));
            journal.Add(Record(1));
        }

        File.WriteAllLines(folder.Path, File.ReadAllLines(folder.Path)[..2]);
        using (var journal = new TrialJournal(folder.Path, Identity))
            journal.Add(Record(5));

        using var again = new TrialJournal(folder.Path, Identity);
        CollectionAssert.AreEqual(new[] { 0, 5 }, again.Records.Select(record => record.Number).ToArray());
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
