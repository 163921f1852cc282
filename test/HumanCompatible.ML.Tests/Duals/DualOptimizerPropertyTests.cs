using FsCheck;
using FsCheck.Fluent;
using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>Random settings, groups and constraints of iALM against the formulas written out number by number.</summary>
[TestClass]
public sealed class DualOptimizerPropertyTests
{
    private sealed record Group(
        int Count, double Beta, double Sigma, double Gamma, double Momentum, double Dampening, double Lower, double Upper,
            bool IsInequality, double Tolerance, bool Raw);

    private sealed record Case(Group[] Groups, double Penalty, bool BetaRule, double[][] Steps);

    [TestMethod]
    public void ForwardUpdate_RandomSettings_FollowsTheFormulas() =>
        Prop.ForAll(Arb.From(Cases), FollowsTheFormulas).CheckSeeded(300);

    [TestMethod]
    public void Update_RandomSettings_StepsAreBoundedAndDualsInRange() =>
        Prop.ForAll(Arb.From(Cases), StaysBounded).CheckSeeded(300);

    private static Gen<double> Between(double low, double high) => Gen.Choose(0, 1_000_000).Select(step => low + (high - low) * step / 1e6);

    private static Gen<Group> Groups =>
        from count in Gen.Choose(1, 4)
        from beta in Between(0, 3)
        from sigma in Between(.5, 1.5)
        from gamma in Gen.OneOf(Between(0, 2), Gen.Constant(double.PositiveInfinity))
        from momentum in Gen.OneOf(Gen.Constant(0.0), Between(0, 1))
        from dampening in Between(0, 1)
        from lower in Between(-3, 0)
        from upper in Between(0, 3)
        from isInequality in Gen.Elements(true, false)
        from tolerance in Gen.OneOf(Gen.Constant(0.0), Between(0, .5))
        from raw in Gen.Elements(true, false)
        select new Group(count, beta, sigma, gamma, momentum, dampening, lower, upper, isInequality, tolerance, raw);

    private static Gen<Case> Cases =>
        from groupCount in Gen.Choose(1, 3)
        from groups in Groups.ArrayOf(groupCount)
        from penalty in Gen.OneOf(Gen.Constant(0.0), Between(0, 3))
        from betaRule in Gen.Elements(true, false)
        from stepCount in Gen.Choose(1, 5)
        from steps in Between(-2, 2).ArrayOf(groups.Sum(part => part.Count)).ArrayOf(stepCount)
        select new Case(groups, penalty, betaRule, steps);

    private static InexactAugmentedLagrangian Create(Case @case)
    {
        InexactAugmentedLagrangian? dual = null;
        foreach (var group in @case.Groups)
        {
            var kind = group.Raw ? InequalityPenalty.Raw : InequalityPenalty.Violation;
            if (dual is null)
            {
                dual = new(
                    group.Count, group.Beta, group.Sigma, group.Gamma, null, @case.Penalty, (group.Lower, group.Upper), group.Momentum,
                        group.Dampening, group.IsInequality,
                    group.Tolerance, @case.BetaRule ? PenaltyRule.Beta : PenaltyRule.Fixed, kind, dtype: ScalarType.Float64);
            }
            else
            {
                dual.AddConstraintGroup(
                    group.Count, group.Beta, group.Sigma, group.Gamma, null, (group.Lower, group.Upper), group.Momentum, group.Dampening,
                        group.IsInequality, group.Tolerance, kind);
            }
        }

        return dual!;
    }

    private static bool FollowsTheFormulas(Case @case)
    {
        using var scope = NewDisposeScope();
        using var dual = Create(@case);
        var count = dual.ConstraintCount;
        double[] lambda = new double[count], buffer = new double[count];
        double[] beta = [.. @case.Groups.Select(group => group.Beta)];
        foreach (var step in @case.Steps)
        {
            var expected = .75;
            var slope = new double[count];
            var offset = 0;
            for (var g = 0; g < @case.Groups.Length; g++)
            {
                var group = @case.Groups[g];
                double[] c = [.. step[offset..(offset + group.Count)].Select(value =>
                    group.IsInequality ? value - group.Tolerance : Math.Sign(value) * Math.Max(Math.Abs(value) - group.Tolerance, 0))];
                double[] d = [.. c];
                for (var j = 0; j < c.Length && group.Momentum > 0; j++)
                    d[j] = buffer[offset + j] = group.Momentum * buffer[offset + j] + (1 - group.Dampening) * c[j];
                var norm = Math.Sqrt(d.Sum(value => value * value));
                var w = norm > 0 ? Math.Min(beta[g], group.Gamma / norm) : beta[g];
                var coefficient = @case.BetaRule ? beta[g] : @case.Penalty;
                for (var j = 0; j < c.Length; j++)
                {
                    ref var dualValue = ref lambda[offset + j];
                    dualValue = Math.Min(Math.Max(dualValue + w * d[j], group.IsInequality ? Math.Max(group.Lower, 0) : group.Lower),
                        group.Upper);
                    var q = group.IsInequality && !group.Raw ? Math.Max(c[j], 0) : c[j];
                    expected += dualValue * c[j] + coefficient / 2 * q * q;
                    var inside = !group.IsInequality && Math.Abs(step[offset + j]) < group.Tolerance;
                    slope[offset + j] = inside ? 0 : dualValue + coefficient * q;
                }

                beta[g] *= group.Sigma;
                offset += group.Count;
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
        using var dual = Create(@case);
        foreach (var step in @case.Steps)
        {
            double[] before = [.. dual.DualValues];
            double[] betas = [.. dual.Groups.Select(group => group.Beta)];
            dual.Update(tensor(step, dtype: ScalarType.Float64));
            double[] after = [.. dual.DualValues];
            for (var g = 0; g < dual.Groups.Count; g++)
            {
                var group = dual.Groups[g];
                double length = 0;
                for (var j = group.Offset; j < group.Offset + group.Count; j++)
                {
                    length += (after[j] - before[j]) * (after[j] - before[j]);
                    if (after[j] < group.LowerBound || after[j] > group.UpperBound)
                        return false;
                }

                if (Math.Sqrt(length) > group.Gamma * (1 + 1e-12) || group.Beta > Math.Max(group.BetaMax, betas[g]))
                    return false;
            }
        }

        return true;
    }
}
