using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Constraints.Compiled;

[TestClass]
public sealed class AuditedConstraintTests
{
    // Validation 1/4 and 3/4, TPR 1/2 and 1, FPR 0 and 1/2.
    private static readonly List<(FairnessConstraint Constraint, string? Row)> Table =
    [
        (Fairness.DemographicParity("Sex", 0.1), "DemographicParity(Sex): Male - Female <= 0.1"),
        (Fairness.DemographicParity("Sex", 0.5), null),
        (Fairness.DisparateImpact("Sex", 0.8), "DemographicParityRatio(Sex): Female / Male >= 0.8"),
        (Fairness.DemographicParity("Sex", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "Female" },
            "DemographicParity(Sex to Female): Male - Female <= 0.1"),
        (Fairness.EqualizedOdds("Sex", 0.1), "EqualizedOdds(Sex): TruePositiveRate: Male - Female <= 0.1"),
        (Fairness.RateAtMost(GroupMetric.SelectionRate, "Sex", 0.2), "SelectionRateAtMost(Sex): Male <= 0.2"),
        (Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Sex", 0.9), "TruePositiveRateAtLeast(Sex): Female >= 0.9"),
        (Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Sex", 0.5), null),
    ];

    public static IEnumerable<object[]> Cases => Table.Select((_, index) => new object[] { index });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Of_MissedBound_NamesTheRowThatMissesItMost(int index)
    {
        var (constraint, row) = Table[index];
        var scenario = ConstraintScenario.Small;
        using var compiled = CompiledConstraints.Compile([constraint], [scenario.BySex]);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var statistics = compiled.ExactStatistics(TorchSharp.torch.tensor(Array.ConvertAll(scenario.Logits, logit => (float)logit)),
            TorchSharp.torch.tensor(scenario.Labels), compiled.Membership(null));

        Assert.AreEqual(row, compiled.AuditedValues(statistics)[0].WorstInequality);
    }

    [TestMethod]
    public void Of_AGroupThatIsNotDefined_IsNotTheWorst()
    {
        var constraint = Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Sex", 0.9);
        var scenario = ConstraintScenario.Small with { Labels = [0, 0, 0, 0, 1, 1, 1, 1] };
        using var compiled = CompiledConstraints.Compile([constraint], [scenario.BySex]);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var statistics = compiled.ExactStatistics(TorchSharp.torch.tensor(Array.ConvertAll(scenario.Logits, logit => (float)logit)),
            TorchSharp.torch.tensor(scenario.Labels), compiled.Membership(null));

        Assert.AreEqual("TruePositiveRateAtLeast(Sex): Male >= 0.9", compiled.AuditedValues(statistics)[0].WorstInequality);
    }
}
