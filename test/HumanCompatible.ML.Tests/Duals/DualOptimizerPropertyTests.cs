using FsCheck;
using FsCheck.Fluent;
using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>Random options, blocks and constraints of iALM against the formulas written out number by number.</summary>
[TestClass]
public sealed class DualOptimizerPropertyTests
{
    private sealed record Block(
        int Count, double Beta, double Sigma, double Gamma, double Momentum, double Dampening, double Lower, double Upper,
            ConstraintKind Kind, double Tolerance, bool Raw);

    private sealed record Case(Block[] Blocks, double Penalty, bool BetaRule, double[][] Steps);

    [TestMethod]
    public void ForwardUpdate_RandomOptions_FollowsTheFormulas() =>
        Prop.ForAll(Arb.From(Cases), FollowsTheFormulas).CheckSeeded(300);

    [TestMethod]
    public void Update_RandomOptions_StepsAreBoundedAndDualsInRange() =>
        Prop.ForAll(Arb.From(Cases), StaysBounded).CheckSeeded(300);

    private static Gen<double> Between(double low, double high) => Gen.Choose(0, 1_000_000).Select(step => low + (high - low) * step / 1e6);

    private static Gen<Block> Blocks =>
        from count in Gen.Choose(1, 4)
        from beta in Between(0, 3)
        from sigma in Between(.5, 1.5)
        from gamma in Gen.OneOf(Between(0, 2), Gen.Constant(double.PositiveInfinity))
        from momentum in Gen.OneOf(Gen.Constant(0.0), Between(0, 1))
        from dampening in Between(0, 1)
        from lower in Between(-3, 0)
        from upper in Between(0, 3)
        from kind in Gen.Elements(ConstraintKind.Inequality, ConstraintKind.Equality)
        from tolerance in Gen.OneOf(Gen.Constant(0.0), Between(0, .5))
        from raw in Gen.Elements(true, false)
        select new Block(count, beta, sigma, gamma, momentum, dampening, lower, upper, kind, tolerance, raw);

    private static Gen<Case> Cases =>
        from blockCount in Gen.Choose(1, 3)
        from blocks in Blocks.ArrayOf(blockCount)
        from penalty in Gen.OneOf(Gen.Constant(0.0), Between(0, 3))
        from betaRule in Gen.Elements(true, false)
        from stepCount in Gen.Choose(1, 5)
        from steps in Between(-2, 2).ArrayOf(blocks.Sum(part => part.Count)).ArrayOf(stepCount)
        select new Case(blocks, penalty, betaRule, steps);

    private static InexactAugmentedLagrangian Create(Case @case)
    {
        var dual = new InexactAugmentedLagrangian(ScalarType.Float64, null);
        foreach (var (index, block) in @case.Blocks.Index())
        {
            dual.AddConstraintGroup($"block{index}", block.Count, block.Kind, new()
            {
                Beta = block.Beta,
                Sigma = block.Sigma,
                Gamma = block.Gamma,
                Penalty = @case.Penalty,
                PenaltyIsBeta = @case.BetaRule,
                DualLowerBound = block.Lower,
                DualUpperBound = block.Upper,
                Momentum = block.Momentum,
                Dampening = block.Dampening,
                Tolerance = block.Tolerance,
                PenalizeSlack = block.Raw,
            });
        }

        return dual;
    }

    private static bool FollowsTheFormulas(Case @case)
    {
        using var scope = NewDisposeScope();
        var dual = Create(@case);
        var count = dual.ConstraintCount;
        double[] lambda = new double[count], buffer = new double[count];
        double[] beta = [.. @case.Blocks.Select(block => block.Beta)];
        foreach (var step in @case.Steps)
        {
            var expected = .75;
            var slope = new double[count];
            var offset = 0;
            for (var g = 0; g < @case.Blocks.Length; g++)
            {
                var block = @case.Blocks[g];
                double[] c = [.. step[offset..(offset + block.Count)].Select(value =>
                    block.Kind == ConstraintKind.Inequality
                        ? value - block.Tolerance : Math.Sign(value) * Math.Max(Math.Abs(value) - block.Tolerance, 0))];
                double[] d = [.. c];
                for (var j = 0; j < c.Length && block.Momentum > 0; j++)
                    d[j] = buffer[offset + j] = block.Momentum * buffer[offset + j] + (1 - block.Dampening) * c[j];
                var norm = Math.Sqrt(d.Sum(value => value * value));
                var w = norm > 0 ? Math.Min(beta[g], block.Gamma / norm) : beta[g];
                var coefficient = @case.BetaRule ? beta[g] : @case.Penalty;
                for (var j = 0; j < c.Length; j++)
                {
                    ref var dualValue = ref lambda[offset + j];
                    dualValue = Math.Min(Math.Max(dualValue + w * d[j],
                        block.Kind == ConstraintKind.Inequality ? Math.Max(block.Lower, 0) : block.Lower),
                        block.Upper);
                    var q = block.Kind == ConstraintKind.Inequality && !block.Raw ? Math.Max(c[j], 0) : c[j];
                    expected += dualValue * c[j] + coefficient / 2 * q * q;
                    var inside = block.Kind == ConstraintKind.Equality && Math.Abs(step[offset + j]) < block.Tolerance;
                    slope[offset + j] = inside ? 0 : dualValue + coefficient * q;
                }

                beta[g] *= block.Sigma;
                offset += block.Count;
            }

            var constraints = tensor(step, dtype: ScalarType.Float64).requires_grad_();
            var lagrangian = dual.ForwardUpdate(tensor(.75, dtype: ScalarType.Float64), constraints);
            lagrangian.backward();
            var gradient = constraints.grad!.data<double>().ToArray();
            if (Math.Abs(expected - lagrangian.item<double>()) > 1e-11)
                return false;
            for (var j = 0; j < count; j++)
            {
                if (Math.Abs(lambda[j] - dual.DualValues[j]) > 1e-12 || Math.Abs(slope[j] - gradient[j]) > 1e-11)
                    return false;
            }
        }

        return true;
    }

    private static bool StaysBounded(Case @case)
    {
        using var scope = NewDisposeScope();
        var dual = Create(@case);
        foreach (var step in @case.Steps)
        {
            double[] before = [.. dual.DualValues], betas = Betas(dual);
            dual.Update(tensor(step, dtype: ScalarType.Float64));
            double[] after = [.. dual.DualValues], grown = Betas(dual);
            for (var b = 0; b < dual.Blocks.Count; b++)
            {
                var block = dual.Blocks[b];
                var options = dual.StateOf<InexactAugmentedLagrangianBlockState>(b).Options;
                var (lower, upper) = dual.RangeOf(b);
                double length = 0;
                for (var j = block.Offset; j < block.Offset + block.Count; j++)
                {
                    length += (after[j] - before[j]) * (after[j] - before[j]);
                    if (after[j] < lower || after[j] > upper)
                        return false;
                }

                if (Math.Sqrt(length) > options.Gamma * (1 + 1e-12) || grown[b] > Math.Max(options.BetaMax, betas[b]))
                    return false;
            }
        }

        return true;
    }

    private static double[] Betas(DualOptimizer dual)
        => [.. dual.StateDict().Blocks.Cast<InexactAugmentedLagrangianBlockState>().Select(block => block.Beta)];
}
