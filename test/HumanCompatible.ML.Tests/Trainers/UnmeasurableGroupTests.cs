using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Groups that have too few rows to tell whether they keep a bound: of 1,200 rows 12 are of the region East.</summary>
[TestClass]
public sealed class UnmeasurableGroupTests
{
    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("Region", 0.15);

    [TestMethod]
    public void Relax_ByDefault_NamesTheGroupInSummaryAndLog()
    {
        var (model, warnings) = Fit(UnmeasurableGroups.Relax);

        var summary = model.Model.Summary.Constraints[0];
        var east = summary.UnmeasurableGroups.Single();
        Assert.AreEqual(("East", true), (east.Group, east.Rows is > 6 and <= 12), $"{east}");
        Assert.IsTrue(east.RowsNeeded is > 40 and < 200, $"{east}");
        Assert.IsInRange(1000, 1188, summary.Rows, "of the others");
        Assert.IsEmpty(summary.ExcludedGroups);
        Assert.IsTrue(model.Model.Duals.Any(dual => dual.Inequality.Contains("East", StringComparison.Ordinal)));
        CollectionAssert.Contains(warnings, $"{summary}.");
        StringAssert.Contains(model.Model.Summary.ToString(), $": 'East': {east.Rows} rows, about {east.RowsNeeded} needed");
    }

    [TestMethod]
    public void Fit_WithAPositiveRowThatIsTrainedOnOnly_SaysThatNoneCountsInFull()
    {
        var context = new MLContext(1);
        var random = new Random(3);
        var rows = Enumerable.Range(0, 600).Select(row => (Value: (random.NextSingle() * 2) - 1, IsFirst: row % 2 == 0)).ToList();
        var data = context.Data.LoadFromEnumerable(rows.Select((row, number) => new Row
        {
            Features = [row.Value, random.NextSingle()],
            Group = row.IsFirst ? "A" : "B",
            Label = row.IsFirst ? row.Value > 0 : number == 1,
        }));

        var summary = context.Constrained().Trainers.BinaryClassification(constraints: [Fairness.EqualOpportunity("Group", 0.05)])
            .Fit(data).Model.Summary;

        // With the warning that there is none in the validation data: the one that there is was trained on.
        Assert.Contains(warning => warning.Contains("group 'B' has no positive rows in the validation data", StringComparison.Ordinal),
            summary.Warnings);
        Assert.AreEqual(Verdict.NotMeasurable, summary.Constraints[0].Verdict);
        Assert.Contains("'B': no positive row that counts in full, about ", $"{summary}");
    }

    [TestMethod]
    public void Exclude_LeavesTheGroupOutAndNamesIt()
    {
        var (model, warnings) = Fit(UnmeasurableGroups.Exclude);

        var summary = model.Model.Summary.Constraints[0];
        Assert.IsEmpty(summary.UnmeasurableGroups);
        Assert.AreEqual(1188, summary.Rows);
        StringAssert.Matches($"{summary.ExcludedGroups.Single()}", new("^East \\(12 rows, about [0-9]+ needed to tell the bound\\)$"));
        Assert.IsFalse(model.Model.Duals.Any(dual => dual.Inequality.Contains("East", StringComparison.Ordinal)));
        Assert.Contains(warning => warning.StartsWith(
            "DemographicParity(Region): too few rows to tell the bound 0.15: 'East': 12 rows, about ", StringComparison.Ordinal)
            && warning.EndsWith(" needed. The constraint leaves them out.", StringComparison.Ordinal), warnings);
        CollectionAssert.IsSubsetOf(model.Model.Summary.Warnings.ToArray(), warnings);
    }

    [TestMethod]
    public void Exclude_ThatLeavesNoGroup_IsAnError()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Fit(UnmeasurableGroups.Exclude, Parity with { Bound = 0.001 }));

        StringAssert.StartsWith(error.Message, "DemographicParity(Region): the data has no group left. Left out: East (12 rows, about ");
    }

    [TestMethod]
    public void Error_NamesTheGroupAndTheRowsItWouldNeed()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Fit(UnmeasurableGroups.Error));

        StringAssert.Matches(error.Message,
            new("^DemographicParity\\(Region\\): too few rows to tell the bound 0\\.15: 'East': 12 rows, about [0-9]+ needed\\.$"));
    }

    [TestMethod]
    public void Error_WhereEveryGroupCanBeMeasured_IsNone()
        => Assert.IsEmpty(Fit(UnmeasurableGroups.Error, Fairness.DemographicParity("Sex", 0.15)).Model.Model.Summary.Constraints[0]
            .UnmeasurableGroups);

    [TestMethod]
    public void Hold_KeepsTheBoundOfEveryGroupOnTheRowsAtHandThoughItCostsAccuracy()
    {
        static void More(List<Person> people)
        {
            foreach (var (index, person) in people.Skip(12).Take(36).Index())
                person.Region = $"East {index % 3}";
        }

        var strict = Parity with { Bound = 0.05 };
        var held = Fit(UnmeasurableGroups.Hold, strict, more: More).Model.Model;
        var relaxed = Fit(UnmeasurableGroups.Relax, strict, more: More).Model.Model;

        double OfAllGroups(ConstrainedBinaryModelParameters model)
            => model.History[model.Summary.SelectedEpoch - 1].AuditedValues[0];
        Assert.IsLessThanOrEqualTo(0.05, OfAllGroups(held));
        Assert.IsGreaterThan(0.05, OfAllGroups(relaxed), "else this shows nothing");
        Assert.IsGreaterThan(held.Summary.ValidationAccuracy, relaxed.Summary.ValidationAccuracy);
    }

    [TestMethod]
    public void EarlyStopping_WhereNoEpochKeepsTheBounds_DoesNotStop()
    {
        int EpochsRun(FairnessConstraint constraint) => Fit(UnmeasurableGroups.Relax, constraint, options
            => (options.EarlyStoppingPatience, options.NumberOfEpochs) = (1, 40)).Model.Model.Summary.EpochsRun;

        Assert.AreEqual(40, EpochsRun(Fairness.BoundedGroupLoss("Sex", 0.01)), "no epoch is worth stopping at");
        Assert.IsLessThan(40, EpochsRun(Fairness.DemographicParity("Sex", 0.99)));
    }

    private static (BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Model, List<string> Warnings) Fit(
        UnmeasurableGroups policy, FairnessConstraint? constraint = null,
        Action<ConstrainedBinaryClassificationTrainer.Options>? change = null, Action<List<Person>>? more = null)
    {
        var context = new MLContext(1);
        var warnings = new List<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
                warnings.Add(message.RawMessage);
        };
        var people = Census.People(1200);
        foreach (var person in people.Take(12))
            person.Region = "East";
        more?.Invoke(people);
        var options = Census.Options(constraint ?? Parity);
        (options.Groups.Unmeasurable, options.NumberOfEpochs) = (policy, 10);
        change?.Invoke(options);
        return (context.Constrained().Trainers.BinaryClassification(options).Fit(context.Data.LoadFromEnumerable(people)), warnings);
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Group { get; set; } = "";

        public bool Label { get; set; }
    }
}
