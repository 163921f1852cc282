using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class TrainingSummaryTests
{
    private static readonly ConstraintSummary Kept =
        new("DemographicParity(Sex)", 0.05, false, Verdict.Kept, 0.03, new ConfidenceInterval(0.01, 0.06), 100, 0.04, 0.02);

    [TestMethod]
    public void ToString_NamesTheGroupsThatAreNotBoundAndEveryWarning()
    {
        var summary = Of(
            Kept with
            {
                ExcludedGroups = [new("Other", "12 rows, fewer than 50"), new("(missing)", "1 row, a missing value")],
            },
            new("DisparateImpact(Race)", 0.8, true, Verdict.NotMeasurable, double.NaN, ConfidenceInterval.Undefined, 7, 0.7, double.NaN)
            {
                UnmeasurableGroups = [new("Black", GroupMetric.SelectionRate, 7, 400)],
            }) with
        {
            Conflicts = [new ConstraintConflict(["A", "B"], "never both")],
            Warnings = ["Something is odd.", "Something else is, too."],
        };

        string[] expected =
        [
            "epoch 3 of 5: accuracy 0.8000 on 20 held-out rows (majority class 0.7000, best of any epoch 0.8500)",
            "DemographicParity(Sex): 0.0300 [0.0100, 0.0600; each end 95%] on 100 rows (training 0.0400, validation 0.0200), "
                + "bound 0.0500: kept; "
                + "left out: Other (12 rows, fewer than 50); (missing) (1 row, a missing value)",
            "DisparateImpact(Race): not defined (training 0.7000, validation not defined), bound 0.8000: not measurable; "
                + "too few rows to tell: "
                + "'Black': 7 rows, about 400 needed",
            "A and B: never both",
            "warning: Something is odd.",
            "warning: Something else is, too.",
        ];
        CollectionAssert.AreEqual(expected, summary.ToString().Split(Environment.NewLine));
    }

    [TestMethod]
    public void ToString_OfAVerdictOnHeldOutRows_SaysSo()
        => Assert.AreEqual("DemographicParity(Sex): 0.0300 [0.0100, 0.0600; each end 95%] on 100 held-out rows (training 0.0400, "
            + "validation 0.0200), bound 0.0500: kept; too few held-out rows to tell: 'Black': 7 rows, about 400 needed",
            $"{Kept with { IsOfHeldOutRows = true, UnmeasurableGroups = [new("Black", GroupMetric.SelectionRate, 7, 400)] }}");

    [TestMethod]
    [DataRow(new[] { 0.0061, 0.35 }, ", a row counting as 0.0061 to 0.35")]
    [DataRow(new[] { 0.00001, 0.0946 }, ", a row counting as less than 0.001 to 0.095")]
    [DataRow(new[] { 0.0, 1 }, ", a row counting as 0.0 to 1.0")]
    [DataRow(new[] { 0.995, 1 }, "")]
    public void ToString_WhereTrainingRowsCountForLess_SaysForHowMuch(double[] weights, string expected)
        => Assert.Contains($"(training 0.0400{expected}, validation 0.0200)", $"{Kept with { TrainingWeights = weights }}");

    [TestMethod]
    public void ToString_WhereTrainingRowsAreExpectedToFlatter_SaysByHowMuch()
    {
        var kept = Kept with { TrainingWeights = [0.5, 1], TrainingShifts = [0.0021, -0.0034] };

        Assert.Contains("(training 0.0400, a row counting as 0.5 to 1.0, rates corrected by up to 0.0034, validation 0.0200)", $"{kept}");
        Assert.DoesNotContain("corrected", $"{kept with { TrainingShifts = [0.0004, 0] }}");
        Assert.AreNotEqual(kept, kept with { TrainingShifts = [0.0021, 0.0034] });
    }

    [TestMethod]
    [DataRow(0.05, 0.09, 0.06, false)]
    [DataRow(0.05, 0.09, 0.04, true)]
    [DataRow(0.05, 0.11, 0.06, true)]
    [DataRow(0, 0, 0.06, true)]
    public void UnlessMissedByTraining_IsNotKeptWhereTrainingRowsHardlyCountAndMissTheBound(double one, double other, double training,
        bool isKept)
    {
        var summary = (Kept with { TrainingWeights = [one, other], TrainingValue = training }).UnlessMissedByTraining();

        Assert.AreEqual(isKept ? Verdict.Kept : Verdict.NotMeasurable, summary.Verdict);
        Assert.AreEqual(isKept, summary.NotMeasurableReason is null);
        if (!isKept)
            Assert.Contains("not measurable (the training rows, which hardly count here, miss the bound)", $"{summary}");
        var shown = Kept with { Verdict = Verdict.Shown, TrainingWeights = [one, other], TrainingValue = training };
        Assert.AreEqual(Verdict.Shown, shown.UnlessMissedByTraining().Verdict);
    }

    [TestMethod]
    public void UnlessMissedByTraining_OfALowerBound_LooksBelowIt()
    {
        var kept = new ConstraintSummary("DisparateImpact(Sex)", 0.8, true, Verdict.Kept, 0.9, new ConfidenceInterval(0.85, 1), 100, 0.7,
            0.95)
        {
            TrainingWeights = [0.01, 0.02],
        };

        Assert.AreEqual(Verdict.NotMeasurable, kept.UnlessMissedByTraining().Verdict);
        Assert.AreEqual(Verdict.Kept, (kept with { TrainingValue = 0.85 }).UnlessMissedByTraining().Verdict);
    }

    [TestMethod]
    public void ToString_OfTooFewRowsWhereTrainingRowsCountForLess_SaysSo()
        => Assert.Contains("; too few rows to tell, a training row counting for less: 'Black': 7 rows, about 400 needed",
            $"{Kept with { TrainingWeights = [0.1, 0.2], UnmeasurableGroups = [new("Black", GroupMetric.SelectionRate, 7, 400)] }}");

    [TestMethod]
    public void ToString_WhereNoRowsWereHeldOut_HasNoValueOfThem()
        => Assert.Contains(" on 100 rows, bound", $"{Kept with { TrainingValue = 0.03, ValidationValue = 0.03 }}");

    [TestMethod]
    public void ToString_OfAVerdictThatDoesNotSpeakOfAllGroups_SaysOfHowMany()
    {
        UnmeasurableGroup few = new("Black", GroupMetric.TruePositiveRate, 7, 400);
        var kept = Kept with
        {
            Groups = ["Asian", "Black", "White"],
            UnmeasurableGroups = [few, new("Black", GroupMetric.FalsePositiveRate, 7, 400)],
        };

        Assert.Contains("bound 0.0500: kept for 2 of 3 groups; too few rows to tell: 'Black'", $"{kept}");
        Assert.Contains(": shown for 2 of 3 groups by the safety rows;", $"{kept with { Verdict = Verdict.Shown }}");
        Assert.EndsWith("bound 0.0500: kept", $"{kept with { UnmeasurableGroups = [] }}");
        Assert.DoesNotContain("groups", $"{kept with { UnmeasurableGroups = [] }}");
        Assert.DoesNotContain("for 0 of", $"{kept with { Groups = ["Black"] }}");
    }

    [TestMethod]
    public void ToString_WithoutConstraints_ComparesWithTheMajorityClassOnly()
        => Assert.AreEqual("epoch 3 of 5: accuracy 0.8000 on 20 training rows (majority class 0.7000)",
            (Of() with { IsHeldOut = false }).ToString());

    [TestMethod]
    [DataRow(Verdict.Missed, new[] { Verdict.Shown, Verdict.NotMeasurable, Verdict.Missed })]
    [DataRow(Verdict.NotMeasurable, new[] { Verdict.Shown, Verdict.NotMeasurable, Verdict.Kept })]
    [DataRow(Verdict.Kept, new[] { Verdict.Shown, Verdict.Kept })]
    [DataRow(Verdict.Shown, new[] { Verdict.Shown, Verdict.Shown })]
    public void Verdict_OfAllBounds_IsTheWorst(Verdict expected, Verdict[] verdicts)
        => Assert.AreEqual(expected, Of([.. verdicts.Select(verdict => Kept with { Verdict = verdict })]).Verdict);

    [TestMethod]
    public void Verdict_WithoutConstraints_IsNone() => Assert.IsNull(Of().Verdict);

    [TestMethod]
    public void ConstraintSummary_IsEqualByValue()
    {
        Assert.AreNotEqual(Kept, Kept with { IsOfHeldOutRows = true });
        ConstraintSummary one = Kept with { ExcludedGroups = [new("a", "why")], Groups = ["b"], ValidationValue = double.NaN },
            same = one with { ExcludedGroups = new List<ExcludedGroup> { new("a", "why") }, Groups = new List<string> { "b" } };

        Assert.AreEqual(one, same);
        Assert.AreEqual(one.GetHashCode(), same.GetHashCode());
        foreach (var other in new[]
        {
            one with { ExcludedGroups = [] }, one with { Groups = [] }, one with { ValidationValue = 0.3 },
            one with { TrainingValue = 0.3 },
            one with { Name = "d" }, one with { Verdict = Verdict.Shown }, one with { Rows = 1 }, one with { ConfidenceLimit = 0.1 },
            one with { SafetyValue = 0.1 }, one with { SafetyRowsNeeded = 3 },
            one with { Interval = new ConfidenceInterval(0.01, 0.07) }, one with { UnseenGroups = ["c"] },
            one with { UnmeasurableGroups = [new("b", GroupMetric.SelectionRate, 7, 400)] }, one with { WorstInequality = "x" },
        })
        {
            Assert.AreNotEqual(one, other);
        }
    }

    [TestMethod]
    public void Equals_IsByValue_OfEveryMember()
    {
        var one = Of(Kept) with { Warnings = ["w"], Conflicts = [new(["a"], "why")], TrainingAccuracy = double.NaN };
        var same = Of(Kept with { }) with { Warnings = ["w"], Conflicts = [new(["a"], "why")], TrainingAccuracy = double.NaN };

        Assert.AreEqual(one, same);
        Assert.AreEqual(one.GetHashCode(), same.GetHashCode());
        foreach (var other in new[]
        {
            one with { SelectedEpoch = 1 }, one with { EpochsRun = 4 }, one with { TrainingRows = 1 }, one with { ValidationRows = 1 },
            one with { IsHeldOut = false }, one with { TrainingAccuracy = 0.9 }, one with { ValidationAccuracy = 0.1 },
            one with { BestAccuracy = 0.1 }, one with { MajorityAccuracy = 0.1 }, one with { Task = LearningTask.Regression },
            one with { Constraints = [] }, one with { Warnings = [] }, one with { Conflicts = [] }, one with { ConfidenceLevel = 0.9 },
            one with { SafetyRows = 1 },
        })
        {
            Assert.AreNotEqual(one, other);
        }
    }

    [TestMethod]
    public void EpochHistory_IsEqualByValue_OfEveryMember()
    {
        EpochHistory one = new(1, 0.5, 0.4, 0.8, [double.NaN], [0.1]), same = new(1, 0.5, 0.4, 0.8, [double.NaN], [0.1]);

        Assert.AreEqual(one, same);
        Assert.AreEqual(one.GetHashCode(), same.GetHashCode());
        foreach (var other in new[]
        {
            one with { Epoch = 2 }, one with { TrainingLoss = 0.1 }, one with { ValidationLoss = 0.1 },
            one with { ValidationAccuracy = 0.1 }, one with { AuditedValues = [0.1] }, one with { Duals = [0.2] },
        })
        {
            Assert.AreNotEqual(one, other);
        }
    }

    [TestMethod]
    public void Manifest_KeepsTheExcludedGroups()
    {
        var run = Workout.Get("BinaryClassification: groups left out");
        Assert.IsNotEmpty(run.Model.Model.Summary.Constraints[0].ExcludedGroups);

        var loaded = ModelRoundTripTests.Unwrap(run.Save().Load()).Model.Summary;

        CollectionAssert.AreEqual(run.Model.Model.Summary.Constraints.ToArray(), loaded.Constraints.ToArray());
    }

    private static TrainingSummary Of(params ConstraintSummary[] constraints)
        => new(3, 5, 80, 20, true, 0.9, 0.8, 0.85, 0.7, constraints);
}
