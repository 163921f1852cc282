using FsCheck.Fluent;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Constraints.Compiled;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Auditing;

[TestClass]
public sealed class FairnessAuditTests
{
    private static readonly string[] SexNames = ["Female", "Male"];
    private static readonly string[] RaceNames = ["Asian", "Black", "White"];

    private static FairnessAudit Audit(ConstraintScenario s, bool withProbabilities = true) => ListAudit.Of(
        [.. s.Logits.Select(z => z > 0)],
        [.. s.Labels.Select(y => y == 1)],
        [new GroupColumn("Sex", s.Sex, SexNames), new GroupColumn("Race", s.Race, RaceNames)],
        withProbabilities ? [.. s.Logits.Select(z => (float)(1 / (1 + Math.Exp(-z))))] : null,
        s.Weights);

    [TestMethod]
    public void Audit_SmallTable_GivesTheHandComputedStatistics()
    {
        var audit = Audit(ConstraintScenario.Small);
        var sex = audit.Of("Sex");
        GroupStatistics women = sex["Female"], men = sex["Male"];

        Assert.AreEqual(4, women.RowCount);
        Assert.AreEqual(2, women.PositiveCount);
        Assert.AreEqual(4.0, women.Weight);
        double[] expected = [0.5, 0.25, 0.5, 0, 1, 0.5, 1, 1.0 / 3, 0.75, 0.25];
        double[] actual =
        [
            women.BaseRate, women[GroupMetric.SelectionRate], women[GroupMetric.TruePositiveRate], women[GroupMetric.FalsePositiveRate],
            women[GroupMetric.TrueNegativeRate], women[GroupMetric.FalseNegativeRate], women[GroupMetric.PositivePredictiveValue],
            women[GroupMetric.FalseOmissionRate], women[GroupMetric.Accuracy], women[GroupMetric.ErrorRate],
        ];
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-12, $"statistic {i}");
        Assert.AreEqual(0.75, men[GroupMetric.SelectionRate]);
        Assert.AreEqual(0.5, sex.DemographicParityDifference);
        Assert.AreEqual(1.0 / 3, sex.DemographicParityRatio, 1e-12);
        Assert.AreEqual(0.5, sex.Difference(GroupMetric.TruePositiveRate));
        Assert.AreEqual(0.5, sex.Difference(GroupMetric.FalsePositiveRate));
        Assert.AreEqual(0.5, sex.EqualizedOddsDifference);
        Assert.AreEqual(0, sex.EqualizedOddsRatio);
        Assert.AreEqual(0, sex.Difference(GroupMetric.Accuracy));
        // One of the four women's logits is on the wrong side (log loss ln(1 + e)), as is one of the men's.
        var loss = (3 * Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.E)) / 4;
        Assert.AreEqual(loss, women[GroupMetric.MeanLoss], 1e-6);
        Assert.AreEqual(0, sex.Difference(GroupMetric.MeanLoss), 1e-6);
        Assert.AreEqual(0.5, audit.Overall[GroupMetric.SelectionRate]);
        Assert.AreEqual(8, audit.Overall.RowCount);
    }

    [TestMethod]
    public void Metric_OfRegression_IsRefusedByName()
    {
        var groups = Audit(ConstraintScenario.Small).Of("Sex");

        foreach (var metric in new[] { GroupMetric.MeanPrediction, GroupMetric.MeanResidual })
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => groups.Difference(metric));
            StringAssert.StartsWith(error.Message, "A statistic of regression, not of binary classification.");
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => groups.Groups[0].Interval(metric));
        }
    }

    [TestMethod]
    public void Audit_AnyTable_AgreesWithTheNaiveLoopForColumnsAndIntersection() =>
        Prop.ForAll(ConstraintScenario.Any, s =>
        {
            var audit = Audit(s);
            foreach ((var groups, var partition) in new[] { (audit.Of("Sex"), s.BySex), (audit.Of("Race"), s.ByRace),
                (audit.Intersection, s.ByBoth) })
            {
                CollectionAssert.AreEqual(partition.GroupNames.ToArray(), groups.Groups.Select(g => g.Name).ToArray());
                for (var g = 0; g < partition.GroupCount; g++)
                {
                    Assert.AreEqual(partition.Counts[g], groups.Groups[g].RowCount);
                    foreach (var metric in GroupMetric.Every
                        .Where(metric => metric.Suits(LearningTask.BinaryClassification)))
                    {
                        Assert.AreEqual(s.GroupRate(metric, partition, g, s.Exact), groups.Groups[g][metric], 1e-5,
                            $"{metric} of {partition.GroupNames[g]}");
                    }
                }
            }
        }).CheckSeeded();

    [TestMethod]
    public void ValueOf_EveryKindOfConstraint_MissesTheBoundByTheLargestViolationThatTrainingSees() =>
        Prop.ForAll(ConstraintScenario.Any, s =>
        {
            using var scope = torch.NewDisposeScope();
            var constraints = CompiledConstraintsTests.BuiltIn;
            using var compiled = CompiledConstraints.Compile(constraints, s.PartitionsOf(constraints));
            var statistics = compiled.ExactStatistics(torch.tensor(s.Logits, dtype: torch.ScalarType.Float32), torch.tensor(s.Labels),
                compiled.Membership(s.Weights));
            var audit = Audit(s);
            var violations = new double[compiled.Count];
            compiled.Violations(statistics.to_type(torch.ScalarType.Float64).data<double>().ToArray(), violations);
            foreach (var entries in compiled.Constraints)
            {
                var violation = entries.Declaration.Violation(audit.ValueOf(entries.Declaration));
                if (double.IsNaN(violation))
                    continue;
                var worst = violations.Skip(entries.Start).Take(entries.Count).Where(double.IsFinite).Max();
                if (entries.Declaration is not ParityConstraint { Comparison: GroupComparison.Ratio })
                    Assert.AreEqual(violation, worst, 1e-5, entries.Name);
                else if (Math.Abs(violation) > 1e-3)
                    Assert.AreEqual(violation > 0, worst > 1e-6, entries.Name);
            }
        }).CheckSeeded();

    [TestMethod]
    public void Satisfies_ABoundThatIsNone_IsRefused()
    {
        var audit = Audit(ConstraintScenario.Small);

        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => audit.Satisfies(Fairness.DemographicParity("Sex", double.NaN))).Message, "NaN");
    }

    [TestMethod]
    public void Satisfies_BoundOnEitherSideOfTheStatistic_SaysWhich()
    {
        // Each of the eight rows so often that there are enough to tell.
        var s = ConstraintScenario.Small;
        T[] Often<T>(T[] values) => [.. Enumerable.Repeat(values, 100).SelectMany(rows => rows)];
        var audit = Audit(new ConstraintScenario(Often(s.Logits), Often(s.Labels), Often(s.Weights), Often(s.Sex), Often(s.Race)));

        Assert.AreEqual(0.5, audit.ValueOf(Fairness.DemographicParity("Sex", 0.05)));
        Assert.IsFalse(audit.Satisfies(Fairness.DemographicParity("Sex", 0.49)));
        Assert.IsTrue(audit.Satisfies(Fairness.DemographicParity("Sex", 0.5)));
        Assert.IsFalse(audit.Satisfies(Fairness.DisparateImpact("Sex", 0.8)));
        Assert.IsTrue(audit.Satisfies(Fairness.DisparateImpact("Sex", 0.3)));
        Assert.IsTrue(audit.Satisfies(Fairness.RateAtLeast(GroupMetric.Accuracy, [], 0.75)));
        Assert.AreEqual(audit.ValueOf(Fairness.EqualizedOdds(["Race", "Sex"], 0.1)),
            audit.ValueOf(Fairness.EqualizedOdds(["Sex", "Race"], 0.1)));
    }

    [TestMethod]
    public void UndefinedRates_AreLeftOutOfDifferencesAndListed()
    {
        var audit = Audit(ConstraintScenario.Small with { Labels = [0, 0, 0, 0, 1, 1, 0, 0] }, withProbabilities: false);
        var sex = audit.Of("Sex");

        Assert.IsTrue(double.IsNaN(sex["Female"][GroupMetric.TruePositiveRate]));
        CollectionAssert.AreEqual(new[] { "Female" }, sex.UndefinedGroups(GroupMetric.TruePositiveRate).ToArray());
        Assert.AreEqual(double.NaN, sex.Difference(GroupMetric.TruePositiveRate));
        Assert.AreEqual(0.25, sex.Difference(GroupMetric.FalsePositiveRate));
        Assert.AreEqual(double.NaN, sex.Difference(GroupMetric.MeanLoss));
        Assert.AreEqual(double.NaN, audit.ValueOf(Fairness.LossParity("Sex", 0.1)));
        Assert.AreEqual(ConfidenceInterval.Undefined, sex.DifferenceInterval(GroupMetric.TruePositiveRate));
    }

    [TestMethod]
    public void Audit_OfWhichOneGroupHasNoPositiveRow_ComparesNoTruePositiveRates()
    {
        // A: 10 positive rows of which 5 are found, 10 negative ones; B: 20 negative rows.
        bool[] labels = [.. Enumerable.Range(0, 40).Select(row => row < 10)], predictions = [.. labels.Select((_, row) => row < 5)];
        var audit = ListAudit.Of(predictions, labels,
            [new GroupColumn("Group", [.. Enumerable.Range(0, 40).Select(row => row / 20)], ["A", "B"])]);
        var groups = audit.Of("Group");

        Assert.AreEqual(0.5, groups["A"][GroupMetric.TruePositiveRate]);
        Assert.AreEqual(double.NaN, groups["B"][GroupMetric.TruePositiveRate]);
        Assert.AreEqual(double.NaN, groups.Difference(GroupMetric.TruePositiveRate));
        Assert.AreEqual(double.NaN, groups.Ratio(GroupMetric.TruePositiveRate));
        Assert.AreEqual(double.NaN, groups.EqualizedOddsDifference);
        Assert.AreEqual(double.NaN, groups.EqualizedOddsRatio);
        Assert.AreEqual(0, groups.Difference(GroupMetric.FalsePositiveRate));
        Assert.AreEqual(double.NaN, audit.ValueOf(Fairness.EqualOpportunity("Group", 0)));
        CollectionAssert.AreEqual(new[] { "B" }, groups.UndefinedGroups(GroupMetric.TruePositiveRate).ToArray());
    }

    [TestMethod]
    public void Audit_NobodySelected_HasDifferenceZeroAndRatioOne()
    {
        var sex = Audit(ConstraintScenario.Small with { Logits = [-1, -1, -1, -1, -1, -1, -1, -1] }).Of("Sex");

        Assert.AreEqual(0, sex.DemographicParityDifference);
        Assert.AreEqual(1, sex.DemographicParityRatio);
    }

    [TestMethod]
    public void Of_UnknownColumnOrGroup_IsAnErrorThatListsWhatThereIs()
    {
        var audit = Audit(ConstraintScenario.Small);

        Assert.AreEqual("Group column 'Age' was not audited; audited were 'Sex', 'Race'. (Parameter 'groupColumnNames')",
            Assert.ThrowsExactly<ArgumentException>(() => audit.Of("Age")).Message);
        Assert.AreEqual("At least one group column must be named. (Parameter 'groupColumnNames')",
            Assert.ThrowsExactly<ArgumentException>(() => audit.Of()).Message);
        Assert.AreEqual("There is no group 'X'; the groups are 'Female'; 'Male'.",
            Assert.ThrowsExactly<KeyNotFoundException>(() => audit.Of("Sex")["X"]).Message);
    }

    [TestMethod]
    public void ToString_IsATableOfColumnsAndIntersection()
    {
        var text = Audit(ConstraintScenario.Small, withProbabilities: false).ToString();

        var expected =
            """
            Sex        Rows  Base rate  Selection         TPR        FPR         PPV        FOR   Accuracy  Log loss
            Female        4     0.5000     0.2500      0.5000     0.0000      1.0000     0.3333     0.7500         -
                             .150/.850  .046/.699   .095/.905  .000/.658  .207/1.000  .061/.792  .301/.954
            Male          4     0.5000     0.7500      1.0000     0.5000      0.6667     0.0000     0.7500         -
                             .150/.850  .301/.954  .342/1.000  .095/.905   .208/.939  .000/.793  .301/.954
            (all)         8     0.5000     0.5000      0.7500     0.2500      0.7500     0.2500     0.7500         -
                             .215/.785  .215/.785   .301/.954  .046/.699   .301/.954  .046/.699  .409/.929
            max - min                      0.5000      0.5000     0.5000      0.3333     0.3333     0.0000         -
                                        .000/.789   .000/.905  .000/.905   .000/.792  .000/.792  .000/.494
            min / max                      0.3333      0.5000     0.0000      0.6667     0.0000     1.0000         -
            Below each value: the ends of its two-sided 95% confidence interval.
            """;
        StringAssert.StartsWith(text, expected.ReplaceLineEndings());
        StringAssert.Contains(text, "Sex x Race");
        StringAssert.Contains(text, "Female, White");
    }

    [TestMethod]
    public void ToString_GroupsThatAreNotCompared_AreNamedWithTheReason()
    {
        // A: as in the small table; B: no positive row; C: two positive rows of weight 0; (missing) is no group.
        bool[] labels = [true, true, false, false, false, false, true, true, false, true, false];
        bool[] predictions = [true, false, false, false, false, false, true, false, true, true, true];
        float[] weights = [1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1];
        var column = new GroupColumn("G", [1, 1, 1, 1, 2, 2, 3, 3, 3, 0, 0], ["(missing)", "A", "B", "C"]) { MissingCode = 0 };

        var text = ListAudit.Of(predictions, labels, [column], weights: weights).ToString();

        var expected =
            """
            G                     Rows  Base rate   Selection         TPR         FPR         PPV        FOR    Accuracy  Log loss
            A                        4     0.5000      0.2500      0.5000      0.0000      1.0000     0.3333      0.7500         -
                                        .150/.850   .046/.699   .095/.905   .000/.658  .207/1.000  .061/.792   .301/.954
            B                        2     0.0000      0.0000           -      0.0000           -     0.0000      1.0000         -
                                        .000/.658   .000/.658               .000/.658              .000/.658  .342/1.000
            C                        3     0.0000      1.0000           -      1.0000      0.0000          -      0.0000         -
                                        .000/.793  .207/1.000              .207/1.000   .000/.793              .000/.793
            (missing) [left out]     2     0.5000      1.0000      1.0000      1.0000      0.5000          -      0.5000         -
                                        .095/.905  .342/1.000  .207/1.000  .207/1.000   .095/.905              .095/.905
            (all)                   11     0.3333      0.4444      0.6667      0.3333      0.5000     0.2000      0.6667         -
                                        .121/.646   .189/.733   .208/.939   .097/.700   .150/.850  .036/.624   .354/.879
            max - min                                  1.0000           -      1.0000      1.0000     0.3333      1.0000         -
                                                   .000/1.000              .000/1.000  .000/1.000  .000/.792  .000/1.000
            min / max                                  0.0000           -      0.0000      0.0000     0.0000      0.0000         -
            Below each value: the ends of its two-sided 95% confidence interval.
            max - min and min / max leave out 2 row(s) without a value in 'G'.
            TPR: not defined in 'B' (no positive rows), 'C' (2 positive rows, all of weight 0); there is nothing to compare.
            PPV: not defined in 'B' (no positive predictions); left out.
            FOR: not defined in 'C' (1 negative prediction, all of weight 0); left out.
            """;
        Assert.AreEqual(expected.ReplaceLineEndings(), text);
    }

    [TestMethod]
    public void Audit_AGroupOfWeightZero_DefinesNoRate()
    {
        var audit = ListAudit.Of([true, false, true], [true, false, false], [new GroupColumn("G", [0, 1, 1], ["a", "b"])],
            [0.5f, 0.5f, 0.5f], [0, 1, 1]);
        var groups = audit.Of("G");

        Assert.AreEqual(double.NaN, groups["a"].BaseRate);
        foreach (var metric in GroupMetric.Every.Where(metric => metric.Suits(LearningTask.BinaryClassification)))
        {
            CollectionAssert.Contains(groups.UndefinedGroups(metric).ToArray(), "a", metric.Name);
            Assert.AreEqual(double.NaN, groups.Difference(metric), metric.Name);
        }

        Assert.AreEqual(double.NaN, audit.ValueOf(Fairness.DemographicParity("G", 0.1)));
        StringAssert.Contains(groups.ToString(), "Selection, Accuracy, Log loss: not defined in 'a' (1 row, all of weight 0)");
    }
}
