using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// How far the rows that a model was trained on tell a statistic of other rows. A network of many weights can come near to parity on the
/// rows it is trained on by learning them by heart, the more the dearer parity is.
/// </summary>
internal static class TrainingFlattery
{
    /// <summary>
    /// L, of <see cref="Expected"/>. With the default network the bias of fits is that of 150 to 200 on average; 400 also takes in that
    /// fits differ and that the epoch is chosen, so that the ends of intervals hold about as often as they say where parity is dear.
    /// </summary>
    private const double LearnedByHeart = 400;

    /// <summary>
    /// What a row of each group that was trained on counts as beside a held-out one, from 0 to 1: the lesser of what is expected
    /// (<see cref="Expected"/>) and what is seen (<see cref="Seen"/>); 0 where training always flatters.
    /// </summary>
    /// <param name="constraint">A constraint that is not a custom one.</param>
    /// <param name="training">The rates of the rows that were trained on.</param>
    /// <param name="heldOut">Those of rows that were not.</param>
    /// <param name="multipliers">The multipliers of its inequalities that it was trained with.</param>
    internal static double[] Weights(FairnessConstraint constraint, IRateEstimates training, IRateEstimates heldOut,
        ReadOnlyMemory<double> multipliers)
    {
        var weights = new double[training.GroupNames.Count];
        if (constraint.IsFlatteredByTraining)
            return weights;
        Array.Fill(weights, Seen(constraint, training, heldOut));
        foreach (var (group, expected) in Expected(constraint, training, multipliers))
            weights[group] = Math.Min(weights[group], expected);
        return weights;
    }

    /// <summary>
    /// By what the multipliers push: 1 / (1 + (L m)^2 v / n) of each rate, which is counted over n rows of variance v and has the sum m of
    /// the products of multiplier and coefficient in the inequalities it is in. Training towards a bound moves the predictions of its own
    /// rows by more than those of others, by L m v / n of the rate, as the optimism of a penalized fit is the covariance of what is
    /// penalized and what is fitted (Efron, 2004); rows of such a bias tell as much as that share of them would without.
    /// </summary>
    private static IEnumerable<(int Group, double Weight)> Expected(FairnessConstraint constraint, IRateEstimates training,
        ReadOnlyMemory<double> multipliers)
    {
        var pushes = new Dictionary<(GroupMetric Metric, int Group), double>();
        foreach (var (index, inequality) in constraint.Inequalities(training.GroupNames).Index())
        {
            foreach (var term in inequality.Terms.Where(term => term.Group != RateTerm.Overall))
            {
                var rate = (term.Metric, term.Group);
                pushes[rate] = pushes.GetValueOrDefault(rate) + (multipliers.Span[index] * term.Coefficient);
            }
        }

        var rates = EstimatedRates.Of(constraint, training).WithoutUnit();
        foreach (var ((metric, group), push) in pushes)
        {
            var rate = rates.Estimate(metric, group);
            if (!rate.IsDefined)
                continue;
            var variance = rate.IsProportion ? InequalityEstimate.CautiousVariance(rate.Value, rate.Size) : rate.Variance;
            yield return (group, 1 / (1 + (LearnedByHeart * push * LearnedByHeart * push * variance / rate.Size)));
        }
    }

    /// <summary>
    /// By what held-out rows say, as the power prior of Ibrahim and Chen (2000) counts data of another origin: min(1, (y / t)^4), the
    /// squared share that chance has in t^2. Of all inequalities that are further from parity on held-out rows, t is the most standard
    /// errors by which: (d - c) / sqrt(s^2 + e^2) of d with standard error s there and c with e on the rows trained on. Chance alone brings
    /// the worst of all beyond y in one case of twenty (<see cref="HoldingRule.Worst"/>).
    /// </summary>
    private static double Seen(FairnessConstraint constraint, IRateEstimates training, IRateEstimates heldOut)
    {
        var chance = HoldingRule.Worst(constraint, training.GroupNames.Count);
        var worst = HoldingRule.Estimates(constraint, EstimatedRates.Of(constraint, training), isHeld: true)
            .Zip(HoldingRule.Estimates(constraint, EstimatedRates.Of(constraint, heldOut), isHeld: true), StandardErrors)
            .Where(double.IsFinite).DefaultIfEmpty().Max();
        return worst <= chance ? 1 : Math.Pow(chance / worst, 4);
    }

    // Only where held-out rows are further from parity, on whatever side of it the others are.
    private static double StandardErrors(InequalityEstimate training, InequalityEstimate heldOut)
        => heldOut.Violation + heldOut.Room > Math.Abs(training.Violation + training.Room)
            ? (heldOut.Violation - training.Violation) / Math.Sqrt(
                (training.StandardError * training.StandardError) + (heldOut.StandardError * heldOut.StandardError))
            : 0;
}
