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
    /// What training rows tell of each rate (<see cref="IndexOf"/>): what is expected by how hard it is pushed
    /// (<see cref="TrainingPush.Flattery"/>, <see cref="FlatteredRate.Of"/>), a row counting as no more than what is seen leaves of it
    /// (<see cref="Seen"/>); nothing where training always flatters.
    /// </summary>
    /// <param name="constraint">A constraint that is not a custom one.</param>
    /// <param name="training">The rates of the rows that were trained on.</param>
    /// <param name="heldOut">Those of rows that were not.</param>
    /// <param name="push">How hard the network was pushed towards the inequalities of the constraint.</param>
    /// <param name="measurable">
    /// The rates that can be measured, as far as is known before training; null for all. Of the others see
    /// <see cref="FlatteredRate.OfUnmeasurable"/>.
    /// </param>
    internal static FlatteredRate[] Of(FairnessConstraint constraint, IRateEstimates training, IRateEstimates heldOut, TrainingPush push,
        IReadOnlySet<(GroupMetric, int)>? measurable = null)
    {
        var groups = training.GroupNames.Count;
        var flattered = new FlatteredRate[constraint.Metrics.Count * groups];
        if (constraint.IsFlatteredByTraining)
            return flattered;
        Array.Fill(flattered, FlatteredRate.None);
        foreach (var (metric, group, expected) in Expected(constraint, training, heldOut, push, measurable))
            flattered[IndexOf(constraint, metric, group, groups)] = expected;
        var seen = Seen(constraint, training, heldOut, [.. flattered.Select(rate => rate.Weight)]);
        return Array.ConvertAll(flattered, rate => rate.AtMost(seen));
    }

    /// <summary>Where the weight of a rate is: of each metric of the constraint, each group.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="metric">One of its metrics.</param>
    /// <param name="group">The number of the group.</param>
    /// <param name="groups">How many groups there are.</param>
    internal static int IndexOf(FairnessConstraint constraint, GroupMetric metric, int group, int groups)
        => (constraint.Metrics.Index().First(own => own.Item == metric).Index * groups) + group;

    /// <summary>The least weight of the rates of each inequality, in their order.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="groupNames">The names of its groups.</param>
    /// <param name="weights">See <see cref="FlatteredRate"/>.</param>
    internal static IEnumerable<double> LeastOfInequalities(FairnessConstraint constraint, IReadOnlyList<string> groupNames,
        IReadOnlyList<double> weights) => constraint.Inequalities(groupNames).Select(inequality => inequality.Terms.Min(term
            => term.Group == RateTerm.Overall ? 1 : weights[IndexOf(constraint, term.Metric, term.Group, groupNames.Count)]));

    private static IEnumerable<(GroupMetric Metric, int Group, FlatteredRate Rate)> Expected(FairnessConstraint constraint,
        IRateEstimates training, IRateEstimates heldOut, TrainingPush push, IReadOnlySet<(GroupMetric, int)>? measurable)
    {
        var pushes = new Dictionary<(GroupMetric Metric, int Group), double>();
        foreach (var (index, inequality) in constraint.Inequalities(training.GroupNames).Index())
        {
            foreach (var term in inequality.Terms.Where(term => term.Group != RateTerm.Overall))
            {
                var rate = (term.Metric, term.Group);
                pushes[rate] = pushes.GetValueOrDefault(rate) + (push.Multipliers.Span[index] * term.Coefficient);
            }
        }

        foreach (var ((metric, group), sum) in pushes)
        {
            var rate = training.Estimate(metric, group);
            var variance = rate.IsProportion ? InequalityEstimate.CautiousVariance(rate.Value, rate.Size) : rate.Variance;
            if (!rate.IsDefined || double.IsInfinity(variance))
                continue; // the mean of a single row
            var unit = training.UnitOf(metric);
            var flattery = unit * push.Flattery(sum, rate.Size, variance / (unit * unit), training.GroupNames.Count);
            yield return (metric, group, measurable?.Contains((metric, group)) == false
                ? FlatteredRate.OfUnmeasurable(rate, variance, flattery)
                : FlatteredRate.Of(rate, heldOut.Estimate(metric, group), variance, flattery));
        }
    }

    /// <summary>
    /// By what held-out rows say, as the power prior of Ibrahim and Chen (2000) counts data of another origin: min(1, (y / t)^4), the
    /// squared share that chance has in t^2. Of all inequalities that are further from parity on held-out rows than on both together, t is
    /// the most standard errors by which they are further than on the rows trained on: (d - c) / sqrt(s^2 + e^2) of d with standard error s
    /// there and c with e here. Chance alone brings the worst of all beyond y in one case of twenty (<see cref="HoldingRule.Worst"/>).
    /// Where training went beyond parity, that must not make up for what held-out rows are short of it: t is also how far beyond it c is,
    /// in standard errors e, and y is then <see cref="HoldingRule.Slack"/>.
    /// </summary>
    private static double Seen(FairnessConstraint constraint, IRateEstimates training, IRateEstimates heldOut, double[] expected)
    {
        var (chance, beyond) = (HoldingRule.Worst(constraint, training.GroupNames.Count),
            HoldingRule.Slack(constraint, training.GroupNames.Count));
        var own = HoldingRule.Estimates(constraint, EstimatedRates.Of(constraint, training), isHeld: true);
        var others = HoldingRule.Estimates(constraint, EstimatedRates.Of(constraint, heldOut), isHeld: true);
        var weights = LeastOfInequalities(constraint, training.GroupNames, expected);
        var worst = own.Zip(others, weights).Where(one => Tells(one.First, one.Second, one.Third))
            .Select(one => Math.Max(Further(one.First, one.Second) / chance, Beyond(one.First) / beyond))
            .Where(double.IsFinite).DefaultIfEmpty().Max();
        return Math.Min(1, Math.Pow(worst, -4));
    }

    private static double Further(InequalityEstimate training, InequalityEstimate heldOut)
        => (heldOut.Violation - training.Violation) / double.Hypot(training.StandardError, heldOut.StandardError);

    private static double Beyond(InequalityEstimate training) => -FromParity(training) / training.StandardError;

    // Whether held-out rows are further from parity than both together, as which the mean by their precision stands.
    private static bool Tells(InequalityEstimate training, InequalityEstimate heldOut, double weight)
    {
        double own = weight / (training.StandardError * training.StandardError),
            other = 1 / (heldOut.StandardError * heldOut.StandardError);
        return FromParity(heldOut) > Math.Abs(((own * FromParity(training)) + (other * FromParity(heldOut))) / (own + other));
    }

    private static double FromParity(InequalityEstimate inequality) => inequality.Violation + inequality.Room;
}
