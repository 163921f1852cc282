using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>Verdicts on rows that judge are those of an audit of the same rows.</summary>
[TestClass]
public sealed class JudgedRowsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Judge_AModel_SaysWhatTheAuditSays(int seed)
    {
        var context = new MLContext(1);
        var people = Census.People(700, seed);
        people.RemoveAll(person => person is { Region: "West", Label: true });
        foreach (var person in people.Take(12))
            person.Region = "East";
        var options = Workout.Small(Fairness.DemographicParity("Region", 0.2), Fairness.EqualizedOdds(["Region"], 0.3),
            Fairness.DemographicParity("Sex", 0.05), Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.9));
        options.Groups.MinimumSize = 20;
        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(context.Data.LoadFromEnumerable(people));
        var judges = Census.People(3000, seed + 10);
        foreach (var person in judges.Take(300))
            person.Region = "East";
        var scored = model.Transform(context.Data.LoadFromEnumerable(judges));

        var table = RawTableReader.Read(scored, new TrainingColumns("Label", "Features", null, ["Region", "Sex"]), default);
        var verdicts = JudgedRows.Of(table, scored, model.Model)
            .Judge(options.Constraints, GroupPolicy.Exclude, tail: 0.05, HoldingRule.Tail);
        var audited = context.Constrained().Audit.BinaryClassification(scored, ["Region", "Sex"]).Judge(model.Model);

        Assert.IsTrue(audited.Any(verdict => verdict.ExcludedGroups.Count > 0));
        CollectionAssert.AreEqual(audited.ToArray(), verdicts.ToArray());
    }

    [TestMethod]
    public void Changes_ModelsOfTheSameRows_VaryAsTheirStatisticsDo()
    {
        // Rows of two groups; the second model answers like the first but for few rows, the third is a coin.
        var random = new Random(3);
        const int Count = 4000;
        float[] labels = [.. Enumerable.Range(0, Count).Select(_ => (float)random.Next(2))];
        float[] first = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle() - 0.7f)];
        float[] second = [.. first.Select(score => random.Next(50) == 0 ? -score : score)];
        float[] third = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle() - 0.5f)];
        int[] codes = [.. Enumerable.Range(0, Count).Select(row => row % 3 == 0 ? 0 : 1)];
        var table = new RawTable(new(0), labels, null, new Dictionary<string, GroupColumn> { ["G"] = new("G", codes, ["x", "y"]) })
        { Task = TaskLabels.Binary };
        var parity = Fairness.DemographicParity("G", 0.1);
        double[] ChangesOf(float[] outputs)
        {
            var rows = new JudgedRows(table, outputs, [[]]);
            return rows.Changes(parity, 0, rows.Judge([parity], GroupPolicy.Exclude, null, HoldingRule.Tail)[0], GroupPolicy.Exclude);
        }

        double[] one = ChangesOf(first), alike = ChangesOf(second), other = ChangesOf(third);

        // The grouped jackknife's variance is that of a difference of two rates.
        double rate = first.Count(score => score > 0) / (double)Count, groupX = codes.Count(code => code == 0);
        Assert.HasCount(200, one);
        Assert.AreEqual(1, one.Sum(change => change * change) / (rate * (1 - rate) * ((1 / groupX) + (1 / (Count - groupX)))), 0.25);
        Assert.IsGreaterThan(0.9, Math.Abs(Correlation(one, alike)));
        Assert.IsLessThan(0.3, Math.Abs(Correlation(one, other)));
    }

    private static double Correlation(double[] one, double[] other) => one.Zip(other, (x, y) => x * y).Sum()
        / Math.Sqrt(one.Sum(x => x * x) * other.Sum(y => y * y));

    [TestMethod]
    public void Together_FoldsWithOtherOrdersOfClasses_AreOneTable()
    {
        var rows = Rows("a", "b", "c");
        var others = Rows("c", "a", "b");

        // The same rows: labels 0, 1, 2 of a, b, c are 1, 2, 0 of c, a, b.
        var one = new JudgedRows(rows with { Labels = [0, 1, 2] }, [3, 2, 1, 1, 3, 2, 2, 1, 3], [[]]);
        var other = new JudgedRows(others with { Labels = [1, 2, 0] }, [1, 3, 2, 2, 1, 3, 3, 2, 1], [[]]);

        var together = JudgedFolds.Together([one, other]);

        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 0, 1, 2 }, together.Rows.Labels);
        CollectionAssert.AreEqual(one.Outputs.Concat(one.Outputs).ToArray(), together.Outputs);
        Assert.ThrowsExactly<InvalidOperationException>(() => JudgedFolds.Together([one,
            other with { Rows = Rows("c", "a", "d") with { Labels = [1, 2, 0] } }]));
    }

    private static RawTable Rows(params string[] classes) => new(new(0), [], null,
        new Dictionary<string, GroupColumn> { ["G"] = new("G", [0, 1, 0], ["x", "y"]) })
    { Task = TaskLabels.Multiclass(classes) };
}
