using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Training;

/// <summary>
/// How strictly training holds each inequality: as declared and by a margin that follows from what the rows tell, so that the bound is
/// likely to hold on rows that nobody has seen (<see cref="InequalityEstimate.Margin"/>). Inequalities and margins are without a unit, see
/// <see cref="TaskLabels.UnitOf"/>.
/// </summary>
internal sealed class MarginRule
{
    /// <summary>The margin where no standard error is known: of custom statistics, and before the first epoch is measured.</summary>
    private const double Fixed = 0.01;

    private readonly IReadOnlyList<ConstraintEntries> _constraints;
    private readonly double[] _standardErrors;
    private readonly IReadOnlySet<(GroupMetric, int)>[] _measurable;
    private readonly double[] _slacks;
    private readonly double[] _widths;
    private readonly double[] _units;
    private readonly double _share;
    private readonly bool _holdsAll;

    /// <param name="constraints">The constraints with their inequalities.</param>
    /// <param name="training">The rows that are trained on, which say how many groups can be measured.</param>
    /// <param name="widths">
    /// For each constraint how far the limit of the safety test is expected to be from its value; empty without a safety test.
    /// </param>
    /// <param name="share">The share of the margins that is kept; 0 for none.</param>
    /// <param name="holdsAll">Whether groups that cannot be measured are held to the bound, whatever it costs.</param>
    internal MarginRule(IReadOnlyList<ConstraintEntries> constraints, TrainingRows training, double[] widths, double share,
        bool holdsAll)
    {
        (_constraints, _share, _holdsAll) = (constraints, share, holdsAll);
        _units = [.. constraints.Select(entry
            => entry.Declaration is CustomConstraint ? 1 : training.Task.UnitOf(entry.Declaration.Metrics[0]))];
        _widths = [.. widths.Select((width, index) => width / _units[index])];
        EstimatedRates[] expected = [.. constraints.Select((entry, index) => entry.Declaration is CustomConstraint ? null!
            : ExpectedRates.Of(entry.Declaration, training, training.Partitions[index]))];
        _standardErrors = [.. constraints.Select((entry, index) => entry.Declaration is CustomConstraint ? 0
            : HoldingRule.StandardErrors(entry.Declaration, VerdictRule.MeasurableCount(entry.Declaration, expected[index])))];
        _measurable = [.. constraints.Select((entry, index) => entry.Declaration is CustomConstraint
            ? new HashSet<(GroupMetric, int)>() : VerdictRule.MeasurableRates(entry.Declaration, expected[index]))];
        _slacks = [.. constraints.Select((entry, index) => entry.Declaration is CustomConstraint ? 1
            : HoldingRule.Slack(entry.Declaration, training.Partitions[index].GroupNames.Count))];
    }

    /// <summary>The margins before anything is measured.</summary>
    internal double[] First => [.. _constraints.SelectMany((entry, index)
        => Enumerable.Repeat(_share * FixedMargin(index, Math.Max(Fixed, Width(index))), entry.Count))];

    /// <summary>
    /// What an inequality counts as in a dual step, by the margin: 1 where that is 0 or more. An inequality that its rows hardly tell, such
    /// as of a group of one row, is allowed more than the bound, h = room - margin, and strays as far. A step along all violations, whose
    /// length is given, would be its own. Of a constraint whose narrowest inequality is allowed h_0, it counts as max(room, h_0) / h.
    /// </summary>
    /// <param name="margins">The margins, in the order of the inequalities.</param>
    internal double[] Weights(IReadOnlyList<double> margins)
    {
        var weights = new double[margins.Count];
        Array.Fill(weights, 1);
        foreach (var (index, entry) in _constraints.Index())
        {
            var room = entry.Declaration.Room / _units[index];
            var own = Enumerable.Range(entry.Start, entry.Count);
            var narrowest = Math.Max(room, own.Select(one => room - margins[one]).DefaultIfEmpty().Min());
            foreach (var one in own.Where(one => margins[one] < 0))
                weights[one] = double.IsFinite(margins[one]) ? narrowest / (room - margins[one]) : 0;
        }

        return weights;
    }

    /// <summary>How a candidate does.</summary>
    /// <param name="onTraining">What it comes to on the rows that it is trained on.</param>
    /// <param name="onValidation">On the rows that choose the epoch; the same where none are held out.</param>
    /// <param name="push">How hard it was pushed towards the bounds on the former.</param>
    internal Evaluation Evaluate(Measurement onTraining, Measurement onValidation, TrainingPush push)
    {
        var flattered = onTraining == onValidation ? [] : Flattered(onTraining, onValidation, push);
        double[][] weights = [.. flattered.Select(rates => Array.ConvertAll(rates, rate => rate.Weight))];
        var counted = onTraining == onValidation ? onTraining : onTraining.With(onValidation, weights);
        double[][] shifts = [.. flattered.Select(rates => Array.ConvertAll(rates, rate => rate.Shift))];
        var onAll = onTraining == onValidation ? onTraining : counted.Shifted(shifts);
        var unweighted = onTraining == onValidation ? onTraining // how many rows there are, where training rows count at all
            : onTraining.With(onValidation, [.. weights.Select(groups => groups.Select(weight => weight == 0 ? 0.0 : 1).ToArray())]);
        var (values, inequalities, margins) = (new List<double>(), new List<InequalityEstimate>(), new List<double>());
        var flattery = new List<double>();
        var byChance = new List<double>();
        var custom = onAll.Custom;
        for (var index = 0; index < _constraints.Count; index++)
        {
            var entry = _constraints[index];
            if (entry.Declaration is CustomConstraint)
            {
                var own = custom[..entry.Count].ToArray();
                custom = custom[entry.Count..];
                values.Add(own.Max());
                inequalities.AddRange(own.Select(value => new InequalityEstimate(value - entry.Declaration.Bound, 0, 0)));
                margins.AddRange(own.Select(_ => _share * FixedMargin(index, Fixed)));
                byChance.AddRange(own.Select(_ => 0.0));
                flattery.AddRange(own.Select(_ => 0.0));
                continue;
            }

            var rates = EstimatedRates.Of(entry.Declaration, onAll.RatesOf(index));
            values.Add(entry.Declaration.ValueOf(rates));
            var estimates = HoldingRule.Estimates(entry.Declaration, rates, isHeld: true);
            flattery.AddRange(Flattery(index, onTraining, counted, weights, estimates));
            inequalities.AddRange(estimates.Select(estimate => estimate.InUnit(_units[index])));
            var inFull = EstimatedRates.Of(entry.Declaration, unweighted.RatesOf(index));
            var asMany = HoldingRule.Estimates(entry.Declaration, inFull, isHeld: true);
            margins.AddRange((entry.Declaration is ParityConstraint && _widths.Length == 0 ? estimates : asMany)
                .Select(estimate => Margin(estimate.InUnit(_units[index]), index)));
            byChance.AddRange(_holdsAll ? new double[estimates.Length]
                : ChanceDifferences.Of(entry.Declaration, inFull, asMany).Select(chance => chance / _units[index]));
        }

        return new Evaluation(onValidation.Loss, onValidation.Accuracy, values, inequalities, margins)
        {
            StandardError = onValidation.StandardErrorOfAccuracy,
            Variety = onAll.Overall.Variety,
            HoldsAll = _holdsAll,
            ByChance = byChance,
            Flattery = flattery,
            TrainingWeights = weights,
            TrainingShifts = shifts,
            OnTraining = onTraining,
            OnValidation = onValidation,
        };
    }

    private FlatteredRate[][] Flattered(Measurement onTraining, Measurement onValidation, TrainingPush push)
        => [.. _constraints.Select((entry, index) => entry.Declaration is CustomConstraint
            ? [.. onTraining.RatesOf(index).GroupNames.Select(_ => FlatteredRate.None)]
            : TrainingFlattery.Of(entry.Declaration, onTraining.RatesOf(index), onValidation.RatesOf(index),
                push.Of(entry.Start, entry.Count), _measurable[index]))];

    // By how much each inequality is further from its bound than on the training rows: what they are expected to flatter it by, and, as far
    // as they do not count, what the others show. Of what they always flatter, the held-out rows alone would be too few to train by.
    private IEnumerable<double> Flattery(int constraint, Measurement onTraining, Measurement counted, double[][] weights,
        InequalityEstimate[] onAll)
    {
        var declared = _constraints[constraint].Declaration;
        if (weights.Length == 0 || weights[constraint].Max() == 0)
            return new double[onAll.Length];
        InequalityEstimate[] Estimates(Measurement rows)
            => HoldingRule.Estimates(declared, EstimatedRates.Of(declared, rows.RatesOf(constraint)), isHeld: true);
        var least = TrainingFlattery.LeastOfInequalities(declared, onTraining.RatesOf(constraint).GroupNames, weights[constraint]);
        return onAll.Zip(Estimates(counted), Estimates(onTraining)).Zip(least, (one, weight)
            => one.First.Violation - one.Second.Violation
                + ((1 - weight) * Math.Max(0, one.Second.Violation - one.Third.Violation)) is > 0 and var flattery
                ? flattery / _units[constraint] : 0);
    }

    // Where the rows tell nothing of an inequality, nothing is held.
    private double Margin(InequalityEstimate inequality, int constraint)
    {
        var z = _standardErrors[constraint];
        if (_share == 0)
            return 0;
        if (_holdsAll)
            return _share * Math.Min(z * inequality.StandardError, inequality.Room / 2);
        if (!double.IsFinite(inequality.StandardError))
            return double.NegativeInfinity;
        var margin = Math.Max(inequality.Margin(z, _slacks[constraint]),
            Math.Min(Width(constraint), inequality.Margin(double.PositiveInfinity, _slacks[constraint])));
        return margin > 0 ? _share * margin : margin;
    }

    // Twice the width: the value on the safety rows differs from that on the others by the chance in both (Thomas et al., 2019).
    private double Width(int constraint) => constraint < _widths.Length ? 2 * _widths[constraint] : 0;

    // At most half of what the bound leaves.
    private double FixedMargin(int constraint, double wanted)
        => Math.Min(wanted, _constraints[constraint].Declaration.LargestMargin / _units[constraint] / 2);
}
