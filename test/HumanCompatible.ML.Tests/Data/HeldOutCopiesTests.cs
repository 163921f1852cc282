using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Tests.Collectives;

namespace HumanCompatible.ML.Tests.Data;

/// <summary>Copies of training rows among those to be held out, and rows that are equal by chance.</summary>
[TestClass]
public sealed class HeldOutCopiesTests
{
    [TestMethod]
    [DataRow(1_000_000, DisplayName = "numbers")]
    [DataRow(30, DisplayName = "categories")]
    public void Remove_TrainingRowsInAnotherOrder_LeavesNone(int values)
    {
        var rows = Rows(2000, values);

        Assert.AreEqual(0, Left(rows, Shuffled(rows)), Warning(rows, Shuffled(rows)));
        Assert.AreEqual("2000 of the 2000 rows to be held out are also trained on, with the same features, label and groups: no rows are "
            + "held out, as the rows that a model was trained on flatter it. Give others.", Warning(rows, Shuffled(rows)));
    }

    [TestMethod]
    [DataRow(1_000_000, DisplayName = "numbers")]
    [DataRow(30, DisplayName = "categories")]
    public void Remove_PartOfTheTrainingRows_LeavesNone(int values)
    {
        var rows = Rows(2000, values);

        Assert.AreEqual(0, Left(rows, Shuffled(rows)[..400]));
    }

    [TestMethod]
    public void Remove_RowsOfWhichSomeAreTrainedOn_LeavesTheOthers()
    {
        var rows = Rows(2000, 1_000_000);

        Assert.AreEqual(400, Left(rows[..1600], rows));
        Assert.AreEqual("100 of the 500 rows to be held out are also trained on, with the same features, label and groups: only the "
            + "others are held out, as the rows that a model was trained on flatter it. Give others.", Warning(rows[..1600], rows[1500..]));
        CollectionAssert.AreEqual(Enumerable.Range(100, 400).ToArray(),
            HeldOutCopies.Remove(Hashed(rows[..1600]), Hashed(rows[1500..]), false, "", out _));
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(6)]
    [DataRow(12)]
    [DataRow(30)]
    [DataRow(100)]
    public void Remove_RowsEqualByChance_LeavesAll(int values)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var rows = Rows(2500, values, seed);
            Assert.AreEqual(500, Left(rows[..2000], rows[2000..]), $"seed {seed}");
        }
    }

    [TestMethod]
    public void Remove_TheTrainingRowsOfFewValuesInTheirOrder_LeavesNone()
    {
        var rows = Rows(2000, 2);

        Assert.AreEqual(0, Left(rows, rows));
        Assert.AreEqual(2000, Left(rows, Shuffled(rows)), "every row has many equal ones, whatever is held out");
    }

    [TestMethod]
    public void Remove_OfATableWithCopies_LeavesRowsThatAreNotTrainedOn()
    {
        var rows = Rows(1000, 1_000_000);
        var drawn = Drawn(rows, 2000);
        var table = Hashed(drawn);
        int[] kept = [.. Enumerable.Range(0, 1600)], heldOut = [.. Enumerable.Range(1600, 400)];

        var left = HeldOutCopies.Remove(table.Take(kept), table.Take(heldOut), false, "", out var warning);

        var trained = drawn[..1600].ToHashSet();
        int[] expected = [.. heldOut.Where(row => !trained.Contains(drawn[row])).Select(row => row - 1600)];
        CollectionAssert.AreEqual(expected, left);
        Assert.IsGreaterThan(40, expected.Length);
        Assert.IsNotNull(warning);
    }

    [TestMethod]
    public void Remove_CopiesAmongTrainingRowsOnly_LeavesAll()
    {
        var rows = Rows(1000, 1_000_000);

        Assert.AreEqual(200, Left(Drawn(rows[..800], 3000), rows[800..]));
    }

    [TestMethod]
    public void Remove_FewCopies_LeavesAll()
    {
        var rows = Rows(2000, 1_000_000);

        Assert.AreEqual(500, Left(rows[..1504], rows[1500..]), "fewer than one in a hundred");
        Assert.AreEqual(4, Left(rows[..1504], rows[1500..1504]), "fewer than five");
    }

    [TestMethod]
    public void Remove_OtherCodesOfGroupsAndWeights_FindsTheSameRows()
    {
        var rows = Rows(400, 1_000_000);
        var training = Hashed(rows);
        string[] names = ["c", "b", "a"];
        var other = Hashed(Shuffled(rows), weight: row => 1 + (row % 3), names: names);

        Assert.IsEmpty(HeldOutCopies.Remove(training, other, false, "", out _));
        CollectionAssert.AreNotEqual(training.Table.Groups["Group"].GroupNames.ToList(), other.Table.Groups["Group"].GroupNames.ToList());
    }

    [TestMethod]
    public void Remove_AnotherFeatureLabelOrGroup_IsAnotherRow()
    {
        var rows = Rows(400, 1_000_000);

        Assert.AreEqual(400, Left(rows, [.. rows.Select(row => row with { First = -row.First })]));
        Assert.AreEqual(400, Left(rows, [.. rows.Select(row => row with { Label = 1 - row.Label })]));
        Assert.AreEqual(400, Left(rows, [.. rows.Select(row => row with { Group = row.Group == "a" ? "b" : "a" })]));
    }

    [TestMethod]
    public void Remove_RowsOfWeightZero_AreNeitherTrainedOnNorHeldOut()
    {
        // A table with a mask of the rows to train on, and with the opposite one.
        var rows = Rows(1000, 1_000_000);
        bool IsTrained(int row) => row % 5 > 0;
        var training = Hashed(rows, row => IsTrained(row) ? 1 : 0);

        Assert.HasCount(1000, HeldOutCopies.Remove(training, Hashed(rows, row => IsTrained(row) ? 0 : 1), false, "", out _));
        Assert.IsEmpty(HeldOutCopies.Remove(training, Hashed(rows, row => IsTrained(row) ? 2 : 0), false, "", out _));
    }

    [TestMethod]
    public void Remove_RowsOfZeros_AreEqualWhateverTheSignOfZero()
    {
        var rows = Rows(400, 1_000_000);
        var (training, other) = (rows.Select(row => row with { Second = 0f }), rows.Select(row => row with { Second = -0f }));

        Assert.AreEqual(0, Left([.. training], [.. other]));
    }

    [TestMethod]
    public void Remove_WhereSomeTestTheModel_IsRefused()
    {
        var rows = Rows(500, 1_000_000);

        Assert.AreEqual("ConfidenceLevel tests rows that were not trained on, but 100 of the 200 rows to be held out are also trained on, "
            + "with the same features, label and groups. Give others.", Assert.ThrowsExactly<InvalidOperationException>(
                () => HeldOutCopies.Remove(Hashed(rows[..400]), Hashed(rows[300..]), true, "Give others.", out _)).Message);
    }

    [TestMethod]
    public void Remove_InACollective_FindsRowsThatAnotherMemberHasRead()
    {
        var rows = Rows(2000, 1_000_000);

        foreach (var left in Members.Together(2, member => HeldOutCopies.Remove(Hashed(rows, member: member),
            Hashed([.. rows[1800..], .. Rows(100, 1_000_000, seed: 2)], member: member), false, "", out _)))
        {
            CollectionAssert.AreEqual(Enumerable.Range(200, 100).ToArray(), left);
        }
    }

    [TestMethod]
    public void Remove_OfATableWithCopiesInACollective_IsTheSameForAll()
    {
        var drawn = Drawn(Rows(1000, 1_000_000), 2000);
        int[] kept = [.. Enumerable.Range(0, 2000).Where(row => row % 5 > 0)];
        int[] heldOut = [.. Enumerable.Range(0, 400).Select(row => 5 * row)];

        int[] Left(HashedRows table) => HeldOutCopies.Remove(table.Take(kept), table.Take(heldOut), false, "", out _);
        var alone = Left(Hashed(drawn));

        Assert.IsLessThan(200, alone.Length);
        foreach (var left in Members.Together(2, member => Left(Hashed(drawn, member: member))))
            CollectionAssert.AreEqual(alone, left);
    }

    private static int Left(Row[] training, Row[] heldOut)
        => HeldOutCopies.Remove(Hashed(training), Hashed(heldOut), false, "Give others.", out _).Length;

    private static string? Warning(Row[] training, Row[] heldOut)
    {
        HeldOutCopies.Remove(Hashed(training), Hashed(heldOut), false, "Give others.", out var warning);
        return warning;
    }

    // Three independent columns, each of as many values, and a label and a group that depend on nothing.
    private static Row[] Rows(int count, int values, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new Row(random.Next(1, values + 1), random.Next(1, values + 1),
            random.Next(1, values + 1), random.Next(2), "abc"[random.Next(3)].ToString()))];
    }

    private static Row[] Shuffled(Row[] rows)
    {
        Row[] shuffled = [.. rows];
        new Random(7).Shuffle(shuffled);
        return shuffled;
    }

    private static Row[] Drawn(Row[] rows, int count)
    {
        var random = new Random(8);
        return [.. Enumerable.Range(0, count).Select(_ => rows[random.Next(rows.Length)])];
    }

    // A member of a collective has the features of its part of the rows.
    private static HashedRows Hashed(Row[] rows, Func<int, float>? weight = null, string[]? names = null, ICollective? member = null)
    {
        names ??= ["a", "b", "c"];
        member ??= Alone.Instance;
        var (first, end) = (rows.Length * member.Rank / member.Count, rows.Length * (member.Rank + 1) / member.Count);
        return HashedRows.Of(new RawTable(
            FeatureTable.Of([.. rows[first..end].SelectMany(row => new[] { row.First, row.Second, row.Third })], 3),
            Array.ConvertAll(rows, row => row.Label),
            weight is null ? null : [.. Enumerable.Range(0, rows.Length).Select(weight)],
            new Dictionary<string, GroupColumn>
            {
                ["Group"] = new("Group", Array.ConvertAll(rows, row => Array.IndexOf(names, row.Group)), names),
            })
        { Collective = member, FirstRow = first });
    }

    private sealed record Row(float First, float Second, float Third, float Label, string Group);
}
