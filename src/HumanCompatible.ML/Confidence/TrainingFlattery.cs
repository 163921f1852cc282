using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// How far the rows that a model was trained on tell a statistic of other rows. A network of many weights can come near to parity on the
/// rows it is trained on by learning them by heart: held-out rows, which are then further from it, show it.
/// </summary>
internal static class TrainingFlattery
{
    /// <summary>
    /// What a row that was trained on counts as beside a held-out one, from 0 to 1, as the power prior of Ibrahim and Chen (2000) counts
    /// data of another origin: min(1, (y / t)^4), the squared share that chance has in t^2. Of all inequalities that are further from
    /// parity on held-out rows, t is the most standard errors by which: (d - c) / sqrt(s^2 + e^2) of d with standard error s there and c
    /// with e on the rows trained on. Chance alone brings the worst of all to y (<see cref="HoldingRule.Slack"/>). 0 where training
    /// always flatters.
    /// </summary>
    /// <param name="constraint">A constraint that is not a custom one.</param>
    /// <param name="training">The rates of the rows that were trained on.</param>
    /// <param name="heldOut">Those of rows that were not.</param>
    internal static double WeightOfTraining(FairnessConstraint constraint, IRateEstimates training, IRateEstimates heldOut)
    {
        if (constraint.IsFlatteredByTraining)
            return 0;
        if (Y <= 0) return 1;
        var slack = Y * HoldingRule.Slack(constraint, training.GroupNames.Count);
        var worst = HoldingRule.Estimates(constraint, EstimatedRates.Of(constraint, training), isHeld: true)
            .Zip(HoldingRule.Estimates(constraint, EstimatedRates.Of(constraint, heldOut), isHeld: true), StandardErrors)
            .Where(double.IsFinite).DefaultIfEmpty().Max();
        return worst <= slack ? 1 : Math.Pow(slack / worst, 4);
    }

    internal static readonly double K = double.Parse(Environment.GetEnvironmentVariable("HC_K") ?? "250");
    internal static readonly double Y = double.Parse(Environment.GetEnvironmentVariable("HC_Y") ?? "1");

    /// <summary>w</summary>
    internal static double[] Weights(FairnessConstraint constraint, IRateEstimates training, IRateEstimates heldOut,
        ReadOnlySpan<double> multipliers)
    {
        var weights = new double[training.GroupNames.Count];
        Array.Fill(weights, WeightOfTraining(constraint, training, heldOut));
        if (multipliers.Length == 0 || constraint.IsFlatteredByTraining)
            return weights;
        var rates = EstimatedRates.Of(constraint, training).WithoutUnit();
        var pushes = new Dictionary<(GroupMetric Metric, int Group), double>();
        foreach (var (index, inequality) in constraint.Inequalities(training.GroupNames).Index())
        {
            foreach (var term in inequality.Terms.Where(term => term.Group != RateTerm.Overall))
            {
                var key = (term.Metric, term.Group);
                pushes[key] = pushes.GetValueOrDefault(key) + (multipliers[index] * term.Coefficient);
            }
        }

        foreach (var ((metric, group), push) in pushes)
        {
            var rate = rates.Estimate(metric, group);
            if (!rate.IsDefined)
                continue;
            var variance = rate.IsProportion ? InequalityEstimate.CautiousVariance(rate.Value, rate.Size) : rate.Variance;
            weights[group] = Math.Min(weights[group], 1 / (1 + (K * K * variance * push * push / rate.Size)));
        }

        return weights;
    }

    // Only where held-out rows are further from parity, on whatever side of it the others are.
    private static double StandardErrors(InequalityEstimate training, InequalityEstimate heldOut)
        => heldOut.Violation + heldOut.Room > Math.Abs(training.Violation + training.Room)
            ? (heldOut.Violation - training.Violation) / Math.Sqrt(
                (training.StandardError * training.StandardError) + (heldOut.StandardError * heldOut.StandardError))
            : 0;
}
