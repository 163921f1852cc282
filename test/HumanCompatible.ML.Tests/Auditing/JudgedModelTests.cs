using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Auditing;

/// <summary>The audit that knows the model: it leaves out what training left out, and names what training did not see.</summary>
[TestClass]
public sealed class JudgedModelTests
{
    private static readonly MLContext ML = new(1);

    [TestMethod]
    public void Judge_GroupsThatTrainingLeftOut_AreLeftOutAndNamed()
    {
        var constraint = Fairness.DemographicParity("Region", 0.3);
        var model = Fit(People(600, 1, "East", 12), options => options.Groups.MinimumSize = 13, constraint);
        var rows = People(3000, 2, "East", 400);

        var judged = Audit(model, rows).Judge(model.Model).Single();

        var without = Audit(model, rows.Where(person => person.Region != "East")).Judge(constraint);
        Assert.AreEqual("East (12 rows, fewer than 13)", $"{judged.ExcludedGroups.Single()}");
        Assert.AreEqual(without, judged with { ExcludedGroups = [] });
        Assert.AreEqual(2600, judged.Rows);
        Assert.AreEqual(3000, Audit(model, rows).Judge(constraint).Rows, "an audit that does not know the model compares all");
    }

    [TestMethod]
    public void Judge_AGroupWithFewRows_SaysOfHowManyGroupsTheVerdictIs()
    {
        var constraint = Fairness.DemographicParity("Region", 0.3);
        var model = Fit(Census.People(600), _ => { }, constraint);
        var audit = Audit(model, People(3000, 2, "East", 12));

        foreach (var judged in new[] { audit.Judge(constraint), audit.Judge(model.Model).Single() })
        {
            Assert.AreEqual("East", judged.UnmeasurableGroups.Single().Group);
            Assert.Contains($"{judged.Verdict} for {audit.Intersection.Groups.Count - 1} of {audit.Intersection.Groups.Count} groups;",
                judged.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [TestMethod]
    public void Judge_GroupsThatTrainingLeftOut_AreNotAmongAllRowsEither()
    {
        var constraint = Fairness.DemographicParity("Region", 0.3) with { Baseline = GroupBaseline.Overall };
        var model = Fit(People(600, 1, "East", 12), options => options.Groups.MinimumSize = 13, constraint);
        var rows = People(3000, 2, "East", 1000);

        var judged = Audit(model, rows).Judge(model.Model).Single();

        Assert.AreEqual(Audit(model, rows.Where(person => person.Region != "East")).ValueOf(constraint), judged.Value, 1e-12);
        Assert.AreNotEqual(Audit(model, rows).ValueOf(constraint), judged.Value);
    }

    [TestMethod]
    public void Judge_ARateThatTrainingLeftOut_IsLeftOutAlone()
    {
        // In training nobody of the West is positive, in the audit some are, and all are predicted negative.
        var people = Census.People(600);
        people.RemoveAll(person => person is { Region: "West", Label: true });
        var constraint = Fairness.EqualizedOdds("Region", 0.5);
        var model = Fit(people, _ => { }, constraint);
        var rows = Census.People(4000, seed: 2);

        var audit = Audit(model, rows);
        var judged = audit.Judge(model.Model).Single();

        Assert.AreEqual("West (no positive rows, so that only its other rates are bound)", $"{judged.ExcludedGroups.Single()}");
        var known = Audit(model, rows.Where(person => person.Region != "West")).Of("Region").Difference(GroupMetric.TruePositiveRate);
        Assert.AreEqual(Math.Max(known, audit.Of("Region").Difference(GroupMetric.FalsePositiveRate)), judged.Value, 1e-9);
        Assert.AreEqual(rows.Count(person => person is { Label: false } or { Region: not "West" }), judged.Rows);
    }

    [TestMethod]
    public void Judge_AGroupThatTrainingDidNotSee_IsComparedAndNamed()
    {
        var constraint = Fairness.DemographicParity("Region", 0.3);
        var model = Fit(Census.People(600), _ => { }, constraint);

        var judged = Audit(model, People(3000, 2, "Moon", 400)).Judge(model.Model).Single();

        CollectionAssert.AreEqual(new[] { "Moon" }, judged.UnseenGroups.ToArray());
        Assert.IsEmpty(judged.ExcludedGroups);
        Assert.AreEqual(3000, judged.Rows);
        StringAssert.EndsWith(judged.ToString(), "; not seen in training: Moon");
    }

    [TestMethod]
    public void Judge_AModelOfSeveralConstraints_HasAVerdictForEach()
    {
        var model = Fit(Census.People(600), _ => { }, Fairness.Custom("mine", ["Sex"], 0.9, batch => batch.GroupMeans(batch.Predictions)),
            Fairness.DemographicParity("Sex", 0.9), Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.9));

        var judged = Audit(model, Census.People(3000, seed: 2), "Sex").Judge(model.Model);

        CollectionAssert.AreEqual(new[] { "mine", "DemographicParity(Sex)", "SelectionRateAtMost" },
            judged.Select(one => one.Name).ToArray());
        Assert.AreEqual("mine: not defined, bound 0.9000: not measurable (a custom constraint cannot be computed from scored data; the "
            + "Summary of the model has its values)", judged[0].ToString());
        Assert.AreEqual(Verdict.NotMeasurable, judged[0].Verdict);
        Assert.IsTrue(judged.Skip(1).All(one => one.Verdict == Verdict.Shown), string.Join(Environment.NewLine, judged));
        Assert.IsTrue(judged.All(one => one.UnseenGroups.Count == 0));
    }

    [TestMethod]
    public void Judge_AColumnThatWasNotAudited_IsAnErrorThatNamesIt()
    {
        var model = Fit(Census.People(600), _ => { }, Fairness.DemographicParity("Sex", 0.9));

        var error = Assert.ThrowsExactly<ArgumentException>(() => Audit(model, Census.People(300)).Judge(model.Model));

        StringAssert.StartsWith(error.Message, "Group column 'Sex' was not audited; audited were 'Region'.");
        Assert.ThrowsExactly<ArgumentNullException>(
            () => Audit(model, Census.People(300)).Judge((HumanCompatible.ML.Training.ConstrainedModelParameters)null!));
    }

    [TestMethod]
    [DataRow(1000, 0.2, Verdict.Shown, true)]
    [DataRow(1000, 0.101, Verdict.Kept, true)]
    [DataRow(1000, 0.099, Verdict.Missed, false)]
    [DataRow(10, 0.2, Verdict.NotMeasurable, false)]
    [DataRow(0, 0.2, Verdict.NotMeasurable, false)]
    public void Satisfies_IsTrueOfWhatIsKeptOrShownOnly(int rows, double bound, Verdict verdict, bool expected)
    {
        // Of the first half 40%, of the second 50% are predicted positive.
        bool[] predictions = [.. Enumerable.Range(0, 2000).Select(row => row % 10 < (row < 1000 ? 4 : 5))];
        var audit = ListAudit.Of(predictions[(1000 - rows)..], new bool[1000 + rows],
            [new GroupColumn("G", [.. Enumerable.Range(1000 - rows, 1000 + rows).Select(row => row / 1000)], ["a", "b"])]);
        var constraint = Fairness.DemographicParity("G", bound);

        Assert.AreEqual(verdict, audit.Judge(constraint).Verdict);
        Assert.AreEqual(expected, audit.Satisfies(constraint));
    }

    private static FairnessAudit Audit(BinaryPredictionTransformer<ConstrainedBinaryModelParameters> model, IEnumerable<Person> rows,
        string column = "Region")
        => ML.Constrained().Audit.BinaryClassification(model.Transform(ML.Data.LoadFromEnumerable(rows)), [column]);

    private static List<Person> People(int count, int seed, string region, int number)
    {
        var people = Census.People(count, seed);
        foreach (var person in people.Take(number))
            person.Region = region;
        return people;
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(List<Person> people,
        Action<ConstrainedBinaryClassificationTrainer.Options> change, params FairnessConstraint[] constraints)
    {
        var options = Workout.Small(constraints);
        change(options);
        return ML.Constrained().Trainers.BinaryClassification(options).Fit(ML.Data.LoadFromEnumerable(people));
    }
}
