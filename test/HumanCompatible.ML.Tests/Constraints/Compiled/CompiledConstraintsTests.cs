using FsCheck.Fluent;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Constraints.Compiled;

[TestClass]
public sealed class CompiledConstraintsTests
{
    internal static readonly FairnessConstraint[] BuiltIn =
    [
        Fairness.DemographicParity("Sex", 0.05),
        Fairness.EqualizedOdds(["Sex", "Race"], 0.1),
        Fairness.DemographicParity("Race", 0.8) with { Comparison = GroupComparison.Ratio },
        Fairness.DemographicParity("Race", 0.02) with { Baseline = GroupBaseline.Overall },
        Fairness.EqualizedOdds("Sex", 0.7) with { Comparison = GroupComparison.Ratio, Baseline = GroupBaseline.Overall },
        Fairness.EqualOpportunity("Race", 0.1),
        Fairness.PredictiveEquality("Race", 0.1),
        Fairness.AccuracyParity(["Sex", "Race"], 0.1),
        Fairness.PredictiveParity("Sex", 0.1),
        Fairness.FalseOmissionRateParity("Sex", 0.1),
        Fairness.LossParity("Race", 0.2),
        Fairness.BoundedGroupLoss("Sex", 0.6),
        Fairness.DisparateImpact("Sex", 0.8),
        Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Sex", 0.7),
        Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.3),
        Fairness.RateAtMost(GroupMetric.ErrorRate, "Race", 0.2),
        Fairness.RateAtMost(GroupMetric.FalseNegativeRate, "Race", 0.2),
        Fairness.RateAtLeast(GroupMetric.TrueNegativeRate, [], 0.9),
    ];

    private static CompiledConstraints Compile(ConstraintScenario scenario, IReadOnlyList<FairnessConstraint> constraints,
        ScalarType dtype = ScalarType.Float64) =>
        CompiledConstraints.Compile(constraints, scenario.PartitionsOf(constraints), torch.CPU, dtype);

    private static (Tensor Logits, Tensor Labels, Tensor Membership) Inputs(ConstraintScenario scenario, CompiledConstraints compiled,
        ScalarType dtype = ScalarType.Float64) =>
        (torch.tensor(scenario.Logits, dtype: dtype), torch.tensor(scenario.Labels, dtype: dtype), compiled.Membership(scenario.Weights));

    private static double[] Values(Tensor tensor) => tensor.detach().to_type(ScalarType.Float64).data<double>().ToArray();

    [TestMethod]
    public void Violations_DemographicParityOfSmallTable_AreTheHandComputedDifferencesMinusTheBound()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small, [Fairness.DemographicParity("Sex", 0.05)]);
        var (logits, labels, membership) = Inputs(ConstraintScenario.Small, compiled);

        var c = Values(compiled.Violations(compiled.ExactStatistics(logits, labels, membership)));

        CollectionAssert.AreEqual(new[] { "DemographicParity(Sex): Female - Male <= 0.05",
            "DemographicParity(Sex): Male - Female <= 0.05" }, compiled.Constraints[0].InequalityNames.ToArray());
        Assert.AreEqual(-0.55, c[0], 1e-12);
        Assert.AreEqual(0.45, c[1], 1e-12);
    }

    [TestMethod]
    public void Violations_EqualizedOddsOfSmallTable_AreTheHandComputedDifferencesMinusTheBound()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small, [Fairness.EqualizedOdds("Sex", 0.1)]);
        var (logits, labels, membership) = Inputs(ConstraintScenario.Small, compiled);
        var statistics = compiled.ExactStatistics(logits, labels, membership);

        var c = Values(compiled.Violations(statistics));

        Assert.AreEqual(4, c.Length);
        Assert.AreEqual("EqualizedOdds(Sex): TruePositiveRate: Female - Male <= 0.1", compiled.Constraints[0].InequalityNames[0]);
        Assert.AreEqual("EqualizedOdds(Sex): FalsePositiveRate: Male - Female <= 0.1", compiled.Constraints[0].InequalityNames[3]);
        double[] expected = [-0.6, 0.4, -0.6, 0.4];
        for (var i = 0; i < 4; i++) Assert.AreEqual(expected[i], c[i], 1e-12);
        Assert.AreEqual(0.5, compiled.Constraints[0].Declaration.ValueOf(ConstraintScenario.Small.Counted(ConstraintScenario.Small.BySex)));
    }

    [TestMethod]
    public void Statistics_OnlyTheQuantitiesThatAreNeeded_AreComputed()
    {
        using var parity = Compile(ConstraintScenario.Small, [Fairness.DemographicParity("Sex", 0.05)]);
        using var odds = Compile(ConstraintScenario.Small, [Fairness.EqualizedOdds("Sex", 0.05)]);

        Assert.AreEqual(2, parity.QuantityCount);
        Assert.AreEqual(4, odds.QuantityCount);
        Assert.IsFalse(odds.UsesLoss);
    }

    [TestMethod]
    public void ConstraintsOverTheSameColumns_ShareTheirMembershipColumns()
    {
        using var compiled = Compile(ConstraintScenario.Small,
            [Fairness.DemographicParity("Sex", 0.05), Fairness.EqualizedOdds("Sex", 0.05), Fairness.DemographicParity("Race", 0.05)]);

        Assert.AreEqual(2 + 3, compiled.GroupCount);
        Assert.AreEqual(2 + 4 + 6, compiled.Count);
        Assert.AreEqual(6, compiled.Constraints[2].Start);
    }

    [TestMethod]
    public void Violations_OfAnyTable_AgreeWithTheNaiveLoop() =>
        Prop.ForAll(ConstraintScenario.Any, scenario =>
        {
            using var scope = torch.NewDisposeScope();
            using var compiled = Compile(scenario, BuiltIn);
            var (logits, labels, membership) = Inputs(scenario, compiled);
            AssertNaive(scenario, compiled, Values(compiled.Violations(compiled.ExactStatistics(logits, labels, membership))),
                scenario.Exact);
            AssertNaive(scenario, compiled, Values(compiled.Violations(compiled.SurrogateStatistics(logits, labels, membership))), row
                => scenario.Surrogate(row));
        }).CheckSeeded();

    private static void AssertNaive(ConstraintScenario scenario, CompiledConstraints compiled, double[] actual, Func<int, double> predict)
    {
        foreach (var c in compiled.Constraints)
        {
            var partition = scenario.PartitionOf(c.Declaration);
            LinearInequality[] inequalities = [.. c.Declaration.Inequalities(partition.GroupNames)];
            for (var i = 0; i < inequalities.Length; i++)
            {
                var expected = -inequalities[i].Bound;
                foreach (var term in inequalities[i].Terms)
                {
                    expected += term.Coefficient * (term.Group == RateTerm.Overall
                        ? scenario.Metric(term.Metric, _ => true, predict)
                        : scenario.GroupRate(term.Metric, partition, term.Group, predict));
                }

                Assert.AreEqual(double.IsNaN(expected) ? 0 : expected, actual[c.Start + i], 1e-9, inequalities[i].Name);
            }
        }
    }

    [TestMethod]
    public void Violations_AllAtMostZero_ExactlyWhenTheValueOfTheCountsKeepsTheBound() =>
        Prop.ForAll(ConstraintScenario.Any, scenario =>
        {
            using var scope = torch.NewDisposeScope();
            using var compiled = Compile(scenario, BuiltIn);
            var (logits, labels, membership) = Inputs(scenario, compiled);
            var statistics = compiled.ExactStatistics(logits, labels, membership);
            var violations = Values(compiled.Violations(statistics));
            foreach (var entries in compiled.Constraints)
            {
                var worst = violations.Skip(entries.Start).Take(entries.Count).DefaultIfEmpty(0).Max();
                var value = entries.Declaration.ValueOf(scenario.Counted(scenario.PartitionOf(entries.Declaration)));
                var violation = entries.Declaration.Violation(value);
                if (Math.Abs(violation) > 1e-9) // false where nothing is compared: NaN
                    Assert.AreEqual(violation <= 0, worst <= 1e-9, $"{entries.Name}: {value}, worst violation {worst}");
            }
        }).CheckSeeded();

    [TestMethod]
    public void SurrogateViolations_Gradient_AgreesWithNumericalDifferentiation() =>
        Prop.ForAll(ConstraintScenario.Any, scenario =>
        {
            using var scope = torch.NewDisposeScope();
            using var compiled = Compile(scenario, BuiltIn);
            var (logits, labels, membership) = Inputs(scenario, compiled);
            var coefficients = torch.tensor([.. Enumerable.Range(1, compiled.Count).Select(i => Math.Sin(i))], dtype: ScalarType.Float64);
            Tensor Objective(Tensor z) => compiled.Violations(compiled.SurrogateStatistics(z, labels, membership)).mul(coefficients).sum();

            var variable = logits.clone().requires_grad_();
            Objective(variable).backward();
            var gradient = Values(variable.grad!);

            const double h = 1e-5;
            for (var i = 0; i < Math.Min(4, scenario.RowCount); i++)
            {
                var step = new double[scenario.RowCount];
                step[i] = h;
                using var direction = torch.tensor(step, dtype: ScalarType.Float64);
                var numerical = (Objective(logits.add(direction)).item<double>() - Objective(logits.sub(direction)).item<double>()) / (
                    2 * h);
                Assert.AreEqual(numerical, gradient[i], 1e-6 * Math.Max(1, Math.Abs(numerical)));
            }
        }).CheckSeeded(25);

    [TestMethod]
    public void Statistics_OfBatches_AddUpToThoseOfTheWholeTable() =>
        Prop.ForAll(ConstraintScenario.Any, scenario =>
        {
            using var scope = torch.NewDisposeScope();
            using var compiled = Compile(scenario, BuiltIn);
            var (logits, labels, membership) = Inputs(scenario, compiled);
            var whole = Values(compiled.ExactStatistics(logits, labels, membership));
            long half = scenario.RowCount / 2;
            var sum = new double[whole.Length];
            foreach ((var start, var length) in new[] { (0, half), (half, scenario.RowCount - half) })
            {
                var part = Values(compiled.ExactStatistics(logits.narrow(0, start, length), labels.narrow(0, start, length),
                    membership.narrow(0, start, length)));
                for (var i = 0; i < sum.Length; i++) sum[i] += part[i];
            }
            for (var i = 0; i < sum.Length; i++) Assert.AreEqual(whole[i], sum[i], 1e-12);
        }).CheckSeeded();

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void Violations_GroupAbsentFromTheBatch_AreZeroWithFiniteGradients(ScalarType dtype)
    {
        using var scope = torch.NewDisposeScope();
        var scenario = ConstraintScenario.Small;
        using var compiled = Compile(scenario, BuiltIn, dtype);
        var (logits, labels, membership) = Inputs(scenario, compiled, dtype);
        var women = logits.narrow(0, 0, 4).clone().requires_grad_();

        var c = compiled.Violations(compiled.SurrogateStatistics(women, labels.narrow(0, 0, 4), membership.narrow(0, 0, 4)));
        c.sum().backward();

        var violations = Values(c);
        Assert.AreEqual(0, violations[0]);
        Assert.AreEqual(0, violations[1]);
        Assert.IsTrue(violations.All(double.IsFinite));
        Assert.IsTrue(Values(women.grad!).All(double.IsFinite));
        Assert.IsTrue(Values(women.grad!).Any(g => g != 0), "the constraints on race still have a gradient");
    }

    [TestMethod]
    public void Violations_NoRowInAnyGroup_AreAllZeroWithZeroGradient()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small, BuiltIn, ScalarType.Float32);
        var logits = torch.zeros(3).requires_grad_();

        var c = compiled.Violations(compiled.SurrogateStatistics(logits, torch.ones(3), torch.zeros(3, compiled.GroupCount)));
        c.sum().backward();

        Assert.IsTrue(Values(c).All(v => v == 0));
        Assert.IsTrue(Values(logits.grad!).All(v => v == 0));
    }

    [TestMethod]
    public void ExactStatistics_NeedNoGradient()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small, BuiltIn);
        var (logits, labels, membership) = Inputs(ConstraintScenario.Small, compiled);

        var statistics = compiled.ExactStatistics(logits.requires_grad_(), labels, membership);

        Assert.IsFalse(statistics.requires_grad);
        Assert.IsTrue(torch.is_grad_enabled());
    }

    [TestMethod]
    public void ExactNumbers_CountedInMemory_AreTheStatistics()
    {
        using var scope = torch.NewDisposeScope();
        var scenario = ConstraintScenario.Small;
        FairnessConstraint[] constraints =
        [
            Fairness.DemographicParity("Sex", 0.1), Fairness.EqualizedOdds("Race", 0.1),
            Fairness.PredictiveParity("Sex", 0.1),
        ];
        using var compiled = Compile(scenario, constraints, ScalarType.Float32);
        var logits = torch.tensor(scenario.Logits, dtype: ScalarType.Float32);
        var (labels, membership) = (torch.tensor(scenario.Labels), compiled.Membership(scenario.Weights));
        var made = DisposeScopeManager.Statistics.TensorStatistics.CreatedInScopeCount;

        var numbers = compiled.ExactNumbers(logits, labels, membership, null);

        Assert.AreEqual(made, DisposeScopeManager.Statistics.TensorStatistics.CreatedInScopeCount, "no tensor is made");
        var expected = Values(compiled.ExactStatistics(logits, labels, membership));
        Assert.HasCount(expected.Length, numbers);
        foreach (var (one, other) in expected.Zip(numbers))
            Assert.AreEqual(one, other, 1e-6);
    }

    [TestMethod]
    public void Compile_OneGroupOnly_HasNoViolations()
    {
        using var scope = torch.NewDisposeScope();
        var scenario = new ConstraintScenario([1, -1], [1, 0], [1, 1], [0, 0], [0, 0]);
        FairnessConstraint[] constraints = [Fairness.DemographicParity("Sex", 0.05)];
        var partition = GroupPartition.Intersect([new GroupColumn("Sex", [0, 0], ["Female"])]);
        using var compiled = CompiledConstraints.Compile(constraints, [partition], dtype: ScalarType.Float64);
        var (logits, labels, membership) = Inputs(scenario, compiled);

        var statistics = compiled.SurrogateStatistics(logits.requires_grad_(), labels, membership);

        Assert.AreEqual(0, compiled.Count);
        CollectionAssert.AreEqual(new long[] { 0 }, compiled.Violations(statistics).shape);
    }

    [TestMethod]
    public void Violations_OfAGroupWithoutPositives_AreNaNInManagedMemoryAndZeroWithGradient()
    {
        using var scope = torch.NewDisposeScope();
        var scenario = ConstraintScenario.Small with { Labels = [0, 0, 0, 0, 1, 1, 0, 0] };
        using var compiled = Compile(scenario, [Fairness.EqualizedOdds("Sex", 0.1)]);
        var (logits, labels, membership) = Inputs(scenario, compiled);
        var statistics = compiled.ExactStatistics(logits, labels, membership);
        var managed = new double[4];

        compiled.Violations(Values(statistics), managed);

        CollectionAssert.AreEqual(new[] { double.NaN, double.NaN, -0.35, 0.15 }, managed.Select(c => Math.Round(c, 12)).ToArray(),
            "FPR of women 1/4, of men 1/2, but the TPR of men is compared with none");
        CollectionAssert.AreEqual(new[] { 0, 0, -0.35, 0.15 },
            Values(compiled.Violations(statistics)).Select(c => Math.Round(c, 12)).ToArray());
    }

    [TestMethod]
    public void Compile_EvaluateAndDispose_LeavesNoTensorAlive()
    {
        var before = torch.Tensor.TotalCount;
        using (var compiled = Compile(ConstraintScenario.Small, BuiltIn))
        {
            var (logits, labels, membership) = Inputs(ConstraintScenario.Small, compiled);
            using (logits)
            using (labels)
            using (membership)
            {
                var inputs = torch.Tensor.TotalCount;
                using (var surrogate = compiled.SurrogateStatistics(logits, labels, membership))
                using (var exact = compiled.ExactStatistics(logits, labels, membership))
                using (var violations = compiled.Violations(surrogate))
                    Assert.AreEqual(inputs + 3, torch.Tensor.TotalCount);
            }
        }
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    [TestMethod]
    public void Statistics_ShapesThatDoNotFit_AreAnErrorNotACrash()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small, [Fairness.DemographicParity("Sex", 0.05)], ScalarType.Float32);

        var labels = Assert.ThrowsExactly<ArgumentException>(()
            => compiled.SurrogateStatistics(torch.zeros(3), torch.zeros(2), torch.zeros(3, 2)));
        var membership = Assert.ThrowsExactly<ArgumentException>(()
            => compiled.SurrogateStatistics(torch.zeros(3), torch.zeros(3), torch.zeros(3, 4)));
        var statistics = Assert.ThrowsExactly<ArgumentException>(() => compiled.Violations(torch.zeros(2, 3)));
        var weights = Assert.ThrowsExactly<ArgumentException>(() => compiled.Membership([1f]));

        Assert.AreEqual("Predictions [3] and labels [2] must both be [batch]. (Parameter 'labels')", labels.Message);
        Assert.AreEqual("Membership is [3, 4], but must be [3, 2]. (Parameter 'membership')", membership.Message);
        Assert.AreEqual("Statistics are [2, 3], but must be [2, 2]. (Parameter 'statistics')", statistics.Message);
        Assert.AreEqual("There are 1 weights, but 8 rows. (Parameter 'weights')", weights.Message);
    }

    [TestMethod]
    public void Compile_MoreComparisonsThanCanBeTrainedOn_SaysWhatToDo()
    {
        int[] codes = [.. Enumerable.Range(0, 400)];
        var partition = GroupPartition.Intersect([new GroupColumn("Zip", codes, [.. codes.Select(i => $"z{i}")])]);

        var error = Assert.ThrowsExactly<ArgumentException>(()
            => CompiledConstraints.Compile([Fairness.DemographicParity("Zip", 0.1)], [partition]));

        StringAssert.StartsWith(error.Message,
            "DemographicParity(Zip): 400 groups give 159600 comparisons, too many to train on; compare with the overall rate");
    }

    [TestMethod]
    public void Compile_PartitionOfOtherColumns_IsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(()
            => CompiledConstraints.Compile([Fairness.DemographicParity("Race", 0.1)], [ConstraintScenario.Small.BySex]));

        Assert.AreEqual("DemographicParity(Race) has a partition of [Sex]. (Parameter 'partitions')", error.Message);
    }
}
