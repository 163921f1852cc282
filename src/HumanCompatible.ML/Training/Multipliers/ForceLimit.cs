using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>
/// How hard a constraint may push beside its multipliers. With w_r the derivative of the Lagrangian by violation r, lambda_r its multiplier
/// and a_rg the coefficient of group g's rate in it, the rate is pushed with F_g = |sum_r a_rg w_r|; of the rows, a share s_g is behind it.
/// Of more than two groups, where F_g is over 3 s_g + |sum_r a_rg lambda_r|, every w_r of the constraint that has the rate is multiplied by
/// their quotient, or by what another of its rates asks for where that is less: both sides of a comparison are pushed alike. All groups
/// together are pushed one way with F = |sum_r w_r sum_g a_rg|, which is limited alike, to 0.3 sum_g s_g + |sum_r lambda_r sum_g a_rg|.
/// </summary>
/// <remarks>
/// A group among many is in many comparisons, whose penalties add up, and its rates are known late, averaged over many batches. Without a
/// limit the network is thrown from one constant prediction to the other. Of D rows, s_g D are behind the rate: with 3 a penalty pushes
/// the score of one of them by at most 3 / D times the slope of the surrogate, in binary classification 1/4 or less, where its label pushes
/// with at most 1 / D. A push of all rows one way, as bounds of the rates of all groups have it and differences have not, moves the network
/// as fast as no other: a step of its last bias. Multipliers grow slowly, and as far as the bound takes: they are not limited.
/// </remarks>
internal sealed class ForceLimit
{
    private const double LargestPush = 3;
    private const double LargestCommonPush = 0.3;

    // Of each violation the rates and their coefficients; of each rate how hard it may be pushed. All groups together count as one.
    private readonly (int Rate, double Coefficient)[][] _terms;
    private readonly double[] _most;
    private readonly double[] _weights;
    private readonly double[] _forces;
    private readonly double[] _ofMultipliers;

    /// <param name="constraints">The constraints.</param>
    /// <param name="rows">The rows that are trained on.</param>
    internal ForceLimit(CompiledConstraints constraints, TrainingRows rows)
    {
        _terms = new (int, double)[constraints.Count][];
        Array.Fill(_terms, []);
        var most = new List<double>();
        foreach (var (index, entries) in constraints.Constraints.Index())
        {
            var behind = entries.Declaration.Denominators.ToDictionary(denominator => denominator,
                denominator => GroupShares.Of(denominator, rows, rows.Partitions[index]));
            var places = new Dictionary<RateTerm, int>();
            int Place(RateTerm rate, double push)
            {
                if (places.TryAdd(rate with { Coefficient = 1 }, most.Count))
                    most.Add(push);
                return places[rate with { Coefficient = 1 }];
            }

            foreach (var (offset, inequality) in entries.Declaration.Inequalities(entries.GroupNames).Index())
            {
                var groups = inequality.Terms.Where(term => entries.GroupNames.Count > 2 && term.Group != RateTerm.Overall)
                    .Select(term => (Place(term, LargestPush * behind[term.Metric.Rows][term.Group]), term.Coefficient));
                var all = inequality.Terms.GroupBy(term => term.Metric, term => term.Coefficient)
                    .Where(metric => metric.Key.IsMonotone && metric.Sum() != 0)
                    .Select(metric => (Place(new RateTerm(metric.Key, RateTerm.Overall, 1),
                        LargestCommonPush * behind[metric.Key.Rows].Sum()), metric.Sum()));
                _terms[entries.Start + offset] = [.. groups, .. all];
            }
        }

        _most = [.. most];
        (_weights, _forces, _ofMultipliers) = (new double[_terms.Length], new double[_most.Length], new double[_most.Length]);
    }

    /// <summary>The violations as they are, with a gradient that is limited. They belong to the current dispose scope.</summary>
    /// <param name="violations">[m], with a gradient.</param>
    /// <param name="multipliers">lambda, [m], before the step.</param>
    internal torch.Tensor On(torch.Tensor violations, IReadOnlyList<double> multipliers)
    {
        if (_most.Length == 0)
            return violations;
        Take(multipliers);
        return Limited.apply(violations, this);
    }

    /// <summary>Limits the derivatives of the Lagrangian by the violations in place.</summary>
    /// <param name="weights">w, [m].</param>
    /// <param name="multipliers">lambda, [m].</param>
    /// <returns>Whether any had to be.</returns>
    internal bool Limit(double[] weights, IReadOnlyList<double> multipliers)
    {
        Take(multipliers);
        return Limit(weights);
    }

    private void Take(IReadOnlyList<double> multipliers) => AddUp(multipliers, _ofMultipliers);

    private bool Limit(double[] weights)
    {
        AddUp(weights, _forces);
        var isAny = false;
        for (var rate = 0; rate < _forces.Length; rate++)
        {
            var (force, most) = (Math.Abs(_forces[rate]), _most[rate] + Math.Abs(_ofMultipliers[rate]));
            _forces[rate] = force > most ? most / force : 1;
            isAny |= force > most;
        }

        for (var index = 0; isAny && index < weights.Length; index++)
        {
            var factor = 1.0;
            foreach (var (rate, _) in _terms[index])
                factor = Math.Min(factor, _forces[rate]);
            weights[index] *= factor;
        }

        return isAny;
    }

    // Of each rate the sum over the violations.
    private void AddUp(IReadOnlyList<double> weights, double[] sums)
    {
        Array.Clear(sums);
        for (var index = 0; index < _terms.Length; index++)
        {
            foreach (var (rate, coefficient) in _terms[index])
                sums[rate] += coefficient * weights[index];
        }
    }

    private torch.Tensor Limit(torch.Tensor gradient)
    {
        TensorValues.Read(gradient, _weights);
        return Limit(_weights) ? TensorValues.CreateLike(_weights, gradient) : gradient.alias();
    }

    private sealed class Limited : torch.autograd.SingleTensorFunction<Limited>
    {
        private const string By = "by";

        public override string Name => nameof(ForceLimit);

        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data(By, vars[1]);
            return ((torch.Tensor)vars[0]).alias();
        }

        public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
            => [((ForceLimit)ctx.get_data(By)).Limit(grad_output), null!];
    }
}
