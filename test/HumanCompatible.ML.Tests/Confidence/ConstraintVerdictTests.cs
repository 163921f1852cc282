using System.Globalization;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class ConstraintVerdictTests
{
    private static readonly ConstraintVerdict Kept =
        new("EqualizedOdds(Race)", 0.1, false, Verdict.Kept, 0.0512, new ConfidenceInterval(0.0123, 0.0987), 4321);

    [TestMethod]
    [DataRow(Verdict.Kept, "kept")]
    [DataRow(Verdict.Shown, "shown")]
    [DataRow(Verdict.NotMeasurable, "not measurable")]
    public void ToString_OfAValue_HasItWithIntervalRowsBoundAndVerdict(Verdict verdict, string word)
        => Assert.AreEqual($"EqualizedOdds(Race): 0.0512 [0.0123, 0.0987; each end 95%] on 4321 rows, bound 0.1000: {word}",
            (Kept with { Verdict = verdict }).ToString());

    [TestMethod]
    public void ToString_OfAnotherConfidence_NamesThatOfEachEnd()
    {
        Assert.Contains("[0.0123, 0.0987; each end 99.17%] on", (Kept with { IntervalConfidence = 1 - (0.05 / 6) }).ToString());
        Assert.Contains("each end 99.99999%] on", (Kept with { IntervalConfidence = 0.9999999 }).ToString());
        Assert.AreNotEqual(Kept, Kept with { IntervalConfidence = 0.9 });
    }

    [TestMethod]
    public void WhyWithout_OfAGroup_IsEveryReasonOnce()
    {
        var verdict = Kept with
        {
            UnmeasurableGroups = [new("Other", GroupMetric.TruePositiveRate, 1, 670), new("Other", GroupMetric.FalsePositiveRate, 95, 400),
                new("Asian", GroupMetric.SelectionRate, 3)],
            ExcludedGroups = [new("(missing)", "2 rows, a missing value")],
        };

        Assert.AreEqual("1 positive row, about 670 needed; 95 negative rows, about 400 needed", verdict.WhyWithout("Other"));
        Assert.AreEqual("3 rows, no number of which is enough", verdict.WhyWithout("Asian"));
        Assert.AreEqual("2 rows, a missing value", verdict.WhyWithout("(missing)"));
        Assert.IsNull(verdict.WhyWithout("White"));
    }

    [TestMethod]
    public void ToString_OfAMissedBound_SaysByHowMuchAndWhichInequalityWithoutTheNameTwice()
    {
        var missed = Kept with { Verdict = Verdict.Missed, Value = 0.15 };

        StringAssert.EndsWith(missed.ToString(), " on 4321 rows, bound 0.1000: missed by 0.0500");
        StringAssert.EndsWith(
            (missed with { WorstInequality = "EqualizedOdds(Race): TruePositiveRate: White - Black <= 0.1" }).ToString(),
            "bound 0.1000: missed by 0.0500, the most by TruePositiveRate: White - Black <= 0.1");
        StringAssert.EndsWith((missed with { WorstInequality = "of another name" }).ToString(), ", the most by of another name");
        StringAssert.EndsWith((missed with { WorstInequality = "EqualizedOdds(Race) of a: White - Black <= 0.1" }).ToString(),
            ", the most by EqualizedOdds(Race) of a: White - Black <= 0.1");
    }

    [TestMethod]
    public void ToString_OfAMissedLowerBound_SaysByHowMuch()
        => Assert.AreEqual("Ratio: 0.7000 [0.6000, 0.8500; each end 95%] on 90 rows, bound 0.8000: missed by 0.1000",
            new ConstraintVerdict("Ratio", 0.8, true, Verdict.Missed, 0.7, new ConfidenceInterval(0.6, 0.85), 90).ToString());

    [TestMethod]
    public void ToString_OfABoundThatFourPlacesDoNotShow_HasItsFirstDigit()
    {
        StringAssert.EndsWith((Kept with { Bound = 1e-6 }).ToString(), ", bound 1E-06: kept");
        StringAssert.EndsWith((Kept with { Bound = 0 }).ToString(), ", bound 0.0000: kept");
        StringAssert.EndsWith((Kept with { Verdict = Verdict.Missed, Bound = 0.1, Value = 0.10002 }).ToString(), ": missed by 2E-05");
    }

    [TestMethod]
    public void ToString_OfAKindThatKnowsMore_SaysItBetweenTheRowsAndTheBound()
        => StringAssert.EndsWith(new ConstraintSummary(Kept, trainingValue: 0.05, validationValue: 0.06).ToString(),
            " on 4321 rows (training 0.0500, validation 0.0600), bound 0.1000: kept");

    [TestMethod]
    [DataRow(Verdict.Kept, true)]
    [DataRow(Verdict.Shown, true)]
    [DataRow(Verdict.Missed, false)]
    [DataRow(Verdict.NotMeasurable, false)]
    public void IsWithinBound_IsKeptOrShown(Verdict verdict, bool expected)
        => Assert.AreEqual(expected, (Kept with { Verdict = verdict }).IsWithinBound);

    [TestMethod]
    public void ToString_WithoutInterval_HasNone()
        => Assert.AreEqual("mine: -1.5000 on 12 rows, bound -1.0000: kept",
            new ConstraintVerdict("mine", -1, false, Verdict.Kept, -1.5, ConfidenceInterval.Undefined, 12).ToString());

    [TestMethod]
    public void ToString_OfAnUndefinedValue_SaysSoWithoutRows()
        => Assert.AreEqual("EqualizedOdds(Race): not defined, bound 0.1000: not measurable",
            (Kept with { Verdict = Verdict.NotMeasurable, Value = double.NaN }).ToString());

    [TestMethod]
    public void ToString_NamesTheGroupsThatAreNotInTheValue()
    {
        var verdict = Kept with
        {
            UnmeasurableGroups = [new("Other", GroupMetric.TruePositiveRate, 1, 670), new("Asian", GroupMetric.FalsePositiveRate, 95, 400)],
            ExcludedGroups = [new("Eskimo", "3 rows, fewer than 10"), new("(missing)", "2 rows, a missing value")],
            UnseenGroups = ["Two", "Three"],
        };

        StringAssert.EndsWith(verdict.ToString(),
            ": kept; too few rows to tell: 'Other': 1 positive row, about 670 needed; 'Asian': 95 negative rows, about 400 needed; "
            + "left out: Eskimo (3 rows, fewer than 10); (missing) (2 rows, a missing value); not seen in training: Two; Three");
    }

    [TestMethod]
    public void OfHowMany_WhereARateOfAGroupCannotBeMeasured_CountsTheOthers()
    {
        var verdict = Kept with
        {
            GroupCount = 3,
            UnmeasurableGroups = [new("Other", GroupMetric.TruePositiveRate, 1, 670), new("Other", GroupMetric.FalsePositiveRate, 95, 400)],
        };

        Assert.AreEqual("for 2 of 3 groups", verdict.OfHowMany);
        Assert.Contains(": kept for 2 of 3 groups; too few rows to tell: 'Other'", verdict.ToString());
        Assert.IsNull((verdict with { UnmeasurableGroups = [] }).OfHowMany);
        Assert.IsNull((verdict with { GroupCount = 1 }).OfHowMany);
        Assert.IsNull((verdict with { Verdict = Verdict.Missed }).OfHowMany, "missed for 2 of 3 would say that these two miss it");
    }

    [TestMethod]
    public void OfHowMany_WhereRatesOfClassesCannotBeMeasured_SaysOfWhichTheVerdictIsNot()
    {
        UnmeasurableGroup Of(string group, string name) => new(group, GroupMetric.SelectionRate, 95, 670, name);
        var one = Kept with { GroupCount = 2, UnmeasurableGroups = [Of("a", "high"), Of("b", "high")] };
        var two = one with { UnmeasurableGroups = [Of("b", "high"), Of("b", "low")] };

        Assert.AreEqual("but for rates of class 'high'", one.OfHowMany);
        Assert.Contains(": kept but for rates of class 'high'; too few rows to tell: 'a': 95 rows for class 'high', about 670 needed; "
            + "'b': 95 rows for class 'high', about 670 needed", one.ToString());
        Assert.AreEqual("but for rates of 2 classes", two.OfHowMany);
        Assert.IsNull((one with { Verdict = Verdict.Missed }).OfHowMany);
    }

    [TestMethod]
    public void ToString_OfManyGroups_NamesFiveOfEachKindAndCountsTheOthers()
    {
        string[] names = [.. Enumerable.Range(1, 200).Select(number => $"g{number}")];
        var verdict = Kept with
        {
            UnmeasurableGroups = [.. names.Select(name => new UnmeasurableGroup(name, GroupMetric.SelectionRate, 30, 400))],
            ExcludedGroups = [.. names.Take(6).Select(name => new ExcludedGroup(name, "1 row"))],
            UnseenGroups = [.. names.Take(5)],
        };

        StringAssert.EndsWith(verdict.ToString(), "'g5': 30 rows, about 400 needed; and 195 more; left out: g1 (1 row); g2 (1 row); "
            + "g3 (1 row); g4 (1 row); g5 (1 row); and 1 more; not seen in training: g1; g2; g3; g4; g5");
    }

    [TestMethod]
    public void ToString_UnderAnotherCulture_SpeaksTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        var verdict = Kept with { Verdict = Verdict.Missed, Value = 1234.5 };
        var expected = verdict.ToString();
        StringAssert.Contains(expected, "1234.5000 [0.0123, 0.0987; each end 95%]");
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.AreEqual(expected, verdict.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void Violation_IsWhatTheValueIsBeyondTheBound()
    {
        Assert.AreEqual(0, Kept.Violation);
        Assert.AreEqual(0.05, (Kept with { Value = 0.15 }).Violation, 1e-12);
        Assert.AreEqual(0.3, (Kept with { Value = 0.5, Bound = 0.8, IsLowerBound = true }).Violation, 1e-12);
        Assert.AreEqual(0, (Kept with { Value = 0.9, Bound = 0.8, IsLowerBound = true }).Violation);
        Assert.AreEqual(double.NaN, (Kept with { Value = double.NaN }).Violation);
    }

    [TestMethod]
    public void Equals_OfTheSameMembers_IsByValue()
    {
        ConstraintVerdict one = Kept with { ExcludedGroups = [new("a", "why")], Value = double.NaN },
            same = one with { ExcludedGroups = new List<ExcludedGroup> { new("a", "why") } };

        Assert.AreEqual(one, same);
        Assert.AreEqual(one.GetHashCode(), same.GetHashCode());
        Assert.IsFalse(one.Equals(null));
        foreach (var other in new[]
        {
            one with { Name = "b" }, one with { Bound = 0.2 }, one with { IsLowerBound = true }, one with { Verdict = Verdict.Shown },
            one with { Value = 0.1 }, one with { Interval = ConfidenceInterval.Undefined }, one with { Rows = 1 },
            one with { WorstInequality = "c" }, one with { UnmeasurableGroups = [new("b", GroupMetric.SelectionRate, 7, 400)] },
            one with { ExcludedGroups = [] }, one with { ExcludedGroups = [new("a", "because")] }, one with { UnseenGroups = ["c"] },
            one with { GroupCount = 3 },
        })
        {
            Assert.AreNotEqual(one, other);
        }
    }
}
