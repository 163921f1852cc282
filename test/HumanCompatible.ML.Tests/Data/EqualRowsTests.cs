using System.Globalization;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Tests.Docs;

namespace HumanCompatible.ML.Tests.Data;

/// <summary>Tables of people, of whom many are equal by chance: numbers as they are, texts one-hot.</summary>
[TestClass]
public sealed class EqualRowsTests
{
    // A table, the columns that are features, that of the label and that of the group; last about how many rows have an equal one.
    public static IEnumerable<object[]> Tables =>
    [
        ["Adult", new[] { 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 }, 14, 9, 0.15],
        ["Adult", new[] { 0, 4, 12, 6 }, 14, 9, 0.49],
        ["Adult", new[] { 0, 1, 4, 5, 6, 7, 8, 12, 13 }, 14, 8, 0.18],
        ["Adult", new[] { 1, 3, 6 }, 14, 9, 0.98],
        ["Adult", new[] { 2 }, 14, 9, 0.36],
        ["COMPAS", new[] { 1, 2, 4, 5, 6, 7, 8, 11 }, 19, 4, 0.53],
        ["COMPAS", new[] { 1, 3, 4, 8, 11 }, 19, 4, 0.95],
        ["COMPAS", new[] { 1, 2, 4, 8, 9, 12 }, 19, 4, 0.09],
        ["ACSIncome", new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, 10, 8, 0.02],
        ["ACSIncome", new[] { 0, 2, 7, 8 }, 10, 9, 0.66],
    ];

    [TestMethod]
    [DynamicData(nameof(Tables))]
    public void Find_DividedAtRandom_FindsNothing(string name, int[] columns, int label, int group, double share)
    {
        var rows = HashedRows.Of(Table(name, columns, label, group));
        for (var seed = 0; seed < 10; seed++)
        {
            var (training, heldOut) = Divided(rows, seed);
            Assert.IsNull(EqualRows.Find(training, heldOut), $"seed {seed}");
            var trained = training.Rows.Select(row => rows.Hashes[row]).ToHashSet();
            Assert.AreEqual(share, heldOut.Rows.Average(row => trained.Contains(rows.Hashes[row]) ? 1.0 : 0), 0.05);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Tables))]
    public void Find_PartOfTheTrainingRows_FindsAll(string name, int[] columns, int label, int group, double share)
    {
        var table = Table(name, columns, label, group);
        var (_, heldOut) = Divided(HashedRows.Of(table), 1);

        var found = EqualRows.Find(HashedRows.Of(table with { }), heldOut);

        Assert.IsNotNull(found, $"where {share} of the rows have an equal one by chance");
        Assert.DoesNotContain(false, found);
    }

    [TestMethod]
    public void Find_HeldOutRowsOfOneAge_FindsNothing()
    {
        // The young are more often equal to others than all are.
        var rows = HashedRows.Of(Table("Adult", [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], 14, 9));
        var (training, heldOut) = Divided(rows, 1);

        for (var age = 17; age < 60; age++)
        {
            int[] some = [.. heldOut.Rows.Where(row => rows.Table.Features[row][0] == age)];
            Assert.IsNull(EqualRows.Find(training, heldOut.Take(some)), $"age {age}");
        }
    }

    private static (HashedRows Training, HashedRows HeldOut) Divided(HashedRows rows, int seed)
    {
        int[] order = [.. rows.Rows];
        new Random(seed).Shuffle(order);
        return (rows.Take(order[..(order.Length * 4 / 5)]), rows.Take(order[(order.Length * 4 / 5)..]));
    }

    private static RawTable Table(string name, int[] columns, int label, int group)
    {
        var (file, header) = name switch
        {
            "Adult" => ("adult/adult.data", 0),
            "COMPAS" => ("compas/compas_two_years_noid.csv", 1),
            _ => ("acs_income/acs_income_2018_CA_40pct.csv", 1),
        };
        string[][] rows = [.. File.ReadLines(SharedData.File(file)).Skip(header).Where(line => line.Length > 0)
            .Select(line => line.Split(',', StringSplitOptions.TrimEntries))];
        var slots = new List<Func<string[], float>>();
        foreach (var column in columns)
        {
            string[] values = [.. rows.Select(row => row[column]).Distinct()];
            if (values.All(value => float.TryParse(value, CultureInfo.InvariantCulture, out _)))
                slots.Add(row => float.Parse(row[column], CultureInfo.InvariantCulture));
            else
                slots.AddRange(values.Select(value => (Func<string[], float>)(row => row[column] == value ? 1 : 0)));
        }

        var features = new FeatureTable(slots.Count);
        foreach (var row in rows)
            features.Add(FeatureRow.Dense([.. slots.Select(slot => slot(row))]));
        features.Complete();
        int[] Codes(int column, out string[] values)
        {
            string[] all = [.. rows.Select(row => row[column]).Distinct().Order(StringComparer.Ordinal)];
            values = all;
            return Array.ConvertAll(rows, row => Array.IndexOf(all, row[column]));
        }

        return new RawTable(features, Array.ConvertAll(Codes(label, out _), code => (float)code), null,
            new Dictionary<string, GroupColumn> { ["Group"] = new("Group", Codes(group, out var names), names) });
    }
}
