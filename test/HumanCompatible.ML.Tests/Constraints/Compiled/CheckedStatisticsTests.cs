using FsCheck.Fluent;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Training.Multipliers;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Constraints.Compiled;

[TestClass]
public sealed class CheckedStatisticsTests
{
    // r_0 - r_1 and r_1 - r_0 for two groups, like the inequalities of demographic parity.
    private static readonly CustomStatistic Differences = batch =>
    {
        var rates = batch.GroupMeans(batch.Predictions);
        var difference = rates.narrow(0, 0, 1).sub(rates.narrow(0, 1, 1));
        return torch.cat([difference, difference.mul(-1)]);
    };

    private static CompiledConstraints Compile(ConstraintScenario scenario, IReadOnlyList<FairnessConstraint> constraints,
        ScalarType dtype = ScalarType.Float64) => CompiledConstraints.Compile(
        constraints, scenario.PartitionsOf(constraints), torch.CPU, dtype,
            probe: new ProbeRows(scenario.Labels, scenario.Weights));

    private static (Tensor Logits, Tensor Labels, Tensor Weights, Tensor Membership) Inputs(ConstraintScenario scenario,
        CompiledConstraints compiled) => (
        torch.tensor(scenario.Logits),
        torch.tensor(scenario.Labels, dtype: ScalarType.Float64),
        torch.tensor(scenario.Weights, dtype: ScalarType.Float64),
        compiled.Membership(scenario.Weights));

    private static double[] Values(Tensor tensor) => tensor.detach().to_type(ScalarType.Float64).data<double>().ToArray();

    private static string Problem(CustomStatistic statistic, IReadOnlyList<string>? names = null) =>
        Assert.ThrowsExactly<InvalidOperationException>(()
            => Compile(ConstraintScenario.Small, [Fairness.Custom("mine", ["Sex"], 0.1, statistic, names)])).Message;

    [TestMethod]
    public void Compile_AmongBuiltInConstraints_KeepsTheOrderOfTheDeclarations()
    {
        using var compiled = Compile(ConstraintScenario.Small,
            [Fairness.Custom("first", ["Sex"], 0.1, Differences), Fairness.DemographicParity("Sex", 0.05),
                Fairness.Custom("last", [], 0.3, b => b.Mean(b.Predictions), ["selected"])]);

        Assert.AreEqual(5, compiled.Count);
        CollectionAssert.AreEqual(new[] { 0, 2, 4 }, compiled.Constraints.Select(c => c.Start).ToArray());
        CollectionAssert.AreEqual(
            new[] { "first: [0]", "first: [1]", "DemographicParity(Sex): Female - Male <= 0.05",
                "DemographicParity(Sex): Male - Female <= 0.05", "last: selected" },
            compiled.Constraints.SelectMany(c => c.InequalityNames).ToArray());
        Assert.IsTrue(compiled.HasCustom);
        Assert.AreEqual(3 * 2 + 3, compiled.StatisticsLength, "two groups and all rows with two quantities each, and three values");
    }

    [TestMethod]
    public void Violations_OfABuiltInStatistic_AgreeWithTheBuiltInConstraint() =>
        Prop.ForAll(ConstraintScenario.Any, scenario =>
        {
            // Every scenario has both groups here, so that the built-in rates are defined.
            scenario = new ConstraintScenario([.. scenario.Logits, 1, -1], [.. scenario.Labels, 1, 0], [.. scenario.Weights, 1, 1],
                [.. scenario.Sex, 0, 1], [.. scenario.Race, 0, 0]);
            using var scope = torch.NewDisposeScope();
            using var compiled = Compile(scenario,
                [Fairness.DemographicParity("Race", 0.1), Fairness.Custom("mine", ["Sex"], 0.05, Differences),
                Fairness.DemographicParity("Sex", 0.05)]);
            var (logits, labels, weights, membership) = Inputs(scenario, compiled);
            int mine = compiled.Constraints[1].Start, theirs = compiled.Constraints[2].Start;
            void Agree(double[] c)
            {
                Assert.AreEqual(compiled.Count, c.Length);
                Assert.AreEqual(c[theirs], c[mine], 1e-9);
                Assert.AreEqual(c[theirs + 1], c[mine + 1], 1e-9);
            }

            Agree(Values(compiled.SurrogateViolations(logits, labels, membership, weights)));
            var exact = new double[compiled.Count];
            compiled.Violations(Values(compiled.ExactBatch(logits, labels, membership, weights)), exact);
            Agree(exact);
            var value = compiled.Constraints[2].Declaration.ValueOf(scenario.Counted(scenario.BySex));
            Assert.AreEqual(value, Values(compiled.CustomValues(logits, labels, membership, weights)).Max(), 1e-9);

            double[] Gradient(int row)
            {
                using var variable = logits.clone().requires_grad_();
                compiled.SurrogateViolations(variable, labels, membership, weights).select(0, row).backward();
                return Values(variable.grad!);
            }
            double[] expected = Gradient(theirs), actual = Gradient(mine);
            for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], 1e-9);
        }).CheckSeeded(40);

    [TestMethod]
    public void SurrogateViolations_Gradient_AgreesWithNumericalDifferentiation()
    {
        using var scope = torch.NewDisposeScope();
        var scenario = ConstraintScenario.Small with { Logits = [0.5, -1, 0.2, -0.3, 1, 0.1, 2, -1] };
        CustomStatistic variance = b => b.GroupMeans(b.Predictions, b.Labels).sub(b.Mean(b.Scores)).pow(2);
        using var compiled = Compile(scenario, [Fairness.Custom("mine", ["Race"], -1, variance), Fairness.LossParity("Sex", 0.1)]);
        var (logits, labels, weights, membership) = Inputs(scenario, compiled);
        var coefficients = torch.tensor([.. Enumerable.Range(1, compiled.Count).Select(i => Math.Sin(i))], dtype: ScalarType.Float64);
        Tensor Objective(Tensor z) => compiled.SurrogateViolations(z, labels, membership, weights).mul(coefficients).sum();

        var variable = logits.clone().requires_grad_();
        Objective(variable).backward();
        var gradient = Values(variable.grad!);

        for (var i = 0; i < scenario.RowCount; i++)
        {
            var step = new double[scenario.RowCount];
            step[i] = 1e-5;
            var direction = torch.tensor(step);
            var numerical = (Objective(logits.add(direction)).item<double>() - Objective(logits.sub(direction)).item<double>()) / 2e-5;
            Assert.AreEqual(numerical, gradient[i], 1e-6 * Math.Max(1, Math.Abs(numerical)));
        }
    }

    [TestMethod]
    public void Batch_HasWhatItDocuments_SurrogateWithGradientAndExactWithout()
    {
        using var scope = torch.NewDisposeScope();
        var seen = new List<(bool Exact, bool Gradient, double[] Predictions, double[] Weights, double[] Membership, string Groups)>();
        var constraint = Fairness.Custom("mine", ["Sex"], 0.1, b =>
        {
            seen.Add((b.IsExact, b.Predictions.requires_grad || b.Scores.requires_grad, Values(b.Predictions), Values(b.Weights),
                Values(b.Membership), string.Join(",", b.GroupNames)));
            return b.GroupMeans(b.Predictions);
        });
        var scenario = ConstraintScenario.Small with { Weights = [2, 1, 0, 1, 1, 1, 1, 1] };
        using var compiled = Compile(scenario, [Fairness.DemographicParity("Race", 0.1), constraint]);
        CollectionAssert.AreEqual(new[] { (false, true), (true, false) }, seen.Select(s => (s.Exact, s.Gradient)).ToArray(),
            "tried once with surrogate and once with exact predictions");
        Assert.IsTrue(seen[0].Predictions.All(p => p is > 0 and < 1));
        Assert.IsTrue(seen[1].Predictions.All(p => p is 0 or 1));
        seen.Clear();
        var (logits, labels, weights, membership) = Inputs(scenario, compiled);

        _ = compiled.SurrogateViolations(logits.requires_grad_(), labels, membership, weights);
        _ = compiled.ExactBatch(logits, labels, membership, weights);

        CollectionAssert.AreEqual(new[] { (false, true), (true, false) }, seen.Select(s => (s.Exact, s.Gradient)).ToArray());
        Assert.AreEqual(1 / (1 + Math.Exp(-2)), seen[0].Predictions[0], 1e-12);
        CollectionAssert.AreEqual(new double[] { 1, 0, 0, 0, 1, 1, 1, 0 }, seen[1].Predictions);
        CollectionAssert.AreEqual(new double[] { 2, 1, 0, 1, 1, 1, 1, 1 }, seen[1].Weights);
        CollectionAssert.AreEqual(new double[] { 2, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1 }, seen[1].Membership);
        Assert.AreEqual("Female,Male", seen[1].Groups);
    }

    [TestMethod]
    public void Violations_OfABoundBelowZero_AreWhatTheStatisticIsAboveIt()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small,
            [Fairness.Custom("recall", ["Sex"], -0.7, b => b.GroupMeans(b.Predictions, b.Labels).mul(-1)),
            Fairness.DemographicParity("Sex", 0.05)]);
        var (logits, labels, weights, membership) = Inputs(ConstraintScenario.Small, compiled);
        var batch = compiled.ExactBatch(logits, labels, membership, weights);
        var c = new double[compiled.Count];

        compiled.Violations(Values(batch), c);
        CollectionAssert.AreEqual(new[] { 0.2, -0.3 }, c.Take(2).Select(v => Math.Round(v, 9)).ToArray(), "recall is 1/2 and 1");
        Assert.AreEqual(0.2, Values(compiled.SurrogateViolations(logits.mul(100), labels, membership, weights))[0], 1e-6,
            "so close to hard predictions");
        CollectionAssert.AreEqual(new[] { -0.5, -1 }, Values(compiled.CustomValues(logits, labels, membership, weights)));
    }

    [TestMethod]
    public void Compile_StatisticThatCannotBeTrainedOn_SaysWhichAndWhy()
    {
        Assert.AreEqual("mine: its statistic failed: no luck", Problem(_ => throw new FormatException("no luck")));
        Assert.AreEqual("mine: its statistic returned null.", Problem(_ => null!));
        Assert.AreEqual("mine: its statistic must be a tensor [k] of at least one number, but is [].", Problem(b => b.Predictions.mean()));
        Assert.AreEqual("mine: its statistic must be a tensor [k] of at least one number, but is [0].",
            Problem(b => b.Predictions.narrow(0, 0, 0)));
        Assert.AreEqual("mine: its statistic must be a tensor [k] of at least one number, but is [8, 1].",
            Problem(b => b.Predictions.unsqueeze(1)));
        Assert.AreEqual("mine: value [1] of its statistic is NaN; it must be finite for all rows, also without a row of some group.",
            Problem(b => b.GroupMeans(b.Predictions).mul(torch.tensor([1, double.NaN]))));
        Assert.AreEqual("mine: value [0] of its statistic is Infinity; it must be finite for all rows, also without a row of some group.",
            Problem(b => b.Mean(b.Predictions).div(0)));
        Assert.AreEqual(
            "mine: its statistic has no gradient: it must be computed from Predictions or Scores of the batch with differentiable "
            + "operations, and not detached.", Problem(b => b.Mean(b.Predictions).detach()));
        Assert.AreEqual(
            "mine: its statistic has no gradient: it must be computed from Predictions or Scores of the batch with differentiable "
            + "operations, and not detached.", Problem(b => b.Mean(b.Labels)));
        Assert.AreEqual("mine: its statistic does not depend on Predictions or Scores of the batch.",
            Problem(b => b.IsExact ? b.Mean(b.Predictions) : torch.ones(1, requires_grad: true).mul(2)));
        Assert.AreEqual("mine: the gradient of its statistic is NaN or infinite.",
            Problem(b => b.Mean(b.Predictions.sub(b.Predictions).sqrt())));
        StringAssert.StartsWith(Problem(b => b.Mean(b.Predictions.add_(1))), "mine: the gradient of its statistic failed: ");
        Assert.AreEqual("mine: its statistic has 3 value(s) now, but had 2 before; their number must not depend on the rows.",
            Problem(b => b.Predictions.narrow(0, 0, b.IsExact ? 3 : 2)));
        Assert.AreEqual("mine: its statistic has 2 value(s), but there are 1 inequality names.", Problem(Differences, ["one"]));
    }

    [TestMethod]
    public void Problems_KeepTheCauseAndLeaveNoTensor()
    {
        var before = torch.Tensor.TotalCount;

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => Compile(ConstraintScenario.Small, [Fairness.Custom("mine", ["Sex"], 0.1, b =>
        {
            _ = b.Predictions.mul(2).add(1);
            throw new FormatException("no luck");
        })]));

        Assert.IsInstanceOfType<FormatException>(error.InnerException);
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    [TestMethod]
    public void SurrogateViolations_StatisticThatIsNotFiniteOnABatch_IsAnErrorThatNamesIt()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small,
            [Fairness.Custom("mine", ["Sex"], 0.1, b => b.Membership.t().mv(b.Predictions).div(b.Membership.sum(dim: 0)))]);
        var (logits, labels, weights, membership) = Inputs(ConstraintScenario.Small, compiled);
        _ = compiled.SurrogateViolations(logits.requires_grad_(), labels, membership, weights);

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => compiled.SurrogateViolations(logits.narrow(0, 0, 4), labels.narrow(0, 0, 4), membership.narrow(0, 0, 4),
            weights.narrow(0, 0, 4)));

        Assert.AreEqual("mine: value [1] of its statistic is NaN; it must be finite for all rows, also without a row of some group.",
            error.Message);
    }

    [TestMethod]
    public void EvaluateAndDispose_WhateverTheStatisticCreates_LeavesNoTensorAlive()
    {
        using var kept = torch.ones(2, dtype: ScalarType.Float64);
        var before = torch.Tensor.TotalCount;
        CustomStatistic messy = b =>
        {
            for (var i = 0; i < 10; i++) _ = b.Predictions.mul(i);
            var result = b.IsExact ? kept : b.GroupMeans(b.Predictions).mul(kept);
            b.Labels.Dispose(); // against the rules, and yet nobody else's
            return result;
        };
        using (var compiled = Compile(ConstraintScenario.Small,
            [Fairness.Custom("mine", ["Sex"], 0.1, messy), Fairness.Custom("other", [], 0.1, b => b.Mean(b.Predictions.mul(b.Labels)))]))
        {
            var (logits, labels, weights, membership) = Inputs(ConstraintScenario.Small, compiled);
            using (logits)
            using (labels)
            using (weights)
            using (membership)
            {
                var inputs = torch.Tensor.TotalCount;
                using (var surrogate = compiled.SurrogateViolations(logits.requires_grad_(), labels, membership, weights))
                using (var exact = compiled.ExactBatch(logits, labels, membership, weights))
                using (var custom = compiled.CustomValues(logits, labels, membership, weights))
                using (var statistics = compiled.ExactStatistics(logits, labels, membership))
                {
                    Assert.AreEqual(inputs + 4, torch.Tensor.TotalCount);
                    Assert.IsFalse(exact.requires_grad);
                    Assert.IsTrue(surrogate.requires_grad);
                }
            }
        }
        Assert.AreEqual(before, torch.Tensor.TotalCount);
        Assert.AreEqual(1, kept[0].item<double>());
    }

    [TestMethod]
    public void Violations_GroupWithoutRows_AreNaNForBuiltInConstraintsOnly()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small,
            [Fairness.Custom("first", ["Sex"], 0.1, Differences), Fairness.DemographicParity("Sex", 0.05)]);
        var (logits, labels, weights, membership) = Inputs(ConstraintScenario.Small, compiled);
        var women = Values(compiled.ExactBatch(logits.narrow(0, 0, 4), labels.narrow(0, 0, 4), membership.narrow(0, 0, 4),
            weights.narrow(0, 0, 4)));
        var violations = new double[4];

        compiled.Violations(women, violations);

        CollectionAssert.AreEqual(new[] { 0.25 - 0.1, -0.25 - 0.1, double.NaN, double.NaN }, violations);
    }

    [TestMethod]
    public void ExactNumbers_Smoothed_AreTheMovingAverageOfTheValuesOfBatches()
    {
        using var scope = torch.NewDisposeScope();
        var scenario = ConstraintScenario.Small;
        using var compiled = Compile(scenario,
            [Fairness.DemographicParity("Sex", 0.05), Fairness.Custom("selected", [], 0.1, b => b.Mean(b.Predictions))],
            ScalarType.Float32);
        Tensor logits = torch.tensor(scenario.Logits, dtype: ScalarType.Float32), labels = torch.tensor(scenario.Labels),
            membership = compiled.Membership(null);
        var smoothing = new RateSmoothing(window: 10);
        var c = new double[compiled.Count];

        foreach (var start in new long[] { 0, 4 })
        {
            compiled.Violations(smoothing.Add(
                compiled.ExactNumbers(logits.narrow(0, start, 4), labels.narrow(0, start, 4), membership.narrow(0, start, 4), null)), c);
        }

        Assert.AreEqual(0.5 * 0.25 + 0.5 * 0.75 - 0.1, c[2], 1e-6, "a quarter, then three quarters are selected");
        Assert.AreEqual(0.25 - 0.75 - 0.05, c[0], 1e-6, "each batch has one group: its rate stays");
    }

    [TestMethod]
    public void Compile_WithoutRowsToTryItWith_IsRefused()
    {
        FairnessConstraint[] constraints = [Fairness.Custom("mine", [], 0.1, b => b.Mean(b.Predictions))];

        Assert.ThrowsExactly<ArgumentException>(() => CompiledConstraints.Compile(constraints, [GroupPartition.Whole(3)]));
        Assert.ThrowsExactly<ArgumentException>(()
            => CompiledConstraints.Compile(constraints, [GroupPartition.Whole(3)], probe: new ProbeRows([0, 1], null)));
        Assert.ThrowsExactly<ArgumentException>(()
            => CompiledConstraints.Compile([(CustomConstraint)constraints[0] with { Statistic = null }], [GroupPartition.Whole(2)],
                probe: new ProbeRows([0, 1], null)));
    }

    [TestMethod]
    public void Compile_ManyRows_TriesTheStatisticWithSomeOfThem()
    {
        var rows = new List<long>();
        var count = ProbeRows.Most * 3;
        using var compiled = CompiledConstraints.Compile([Fairness.Custom("mine", [], 0.1, b =>
        {
            rows.Add(b.Labels.numel());
            return b.Mean(b.Predictions);
        })], [GroupPartition.Whole(count)], probe: new ProbeRows(new float[count], null));

        CollectionAssert.AreEqual(new long[] { ProbeRows.Most, ProbeRows.Most }, rows);
    }
}
