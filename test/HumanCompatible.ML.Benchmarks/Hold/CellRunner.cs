using System.Collections.Concurrent;
using System.Diagnostics;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>Draws a table, trains on it with the trainer's defaults, audits on all other rows.</summary>
/// <param name="populations">Where the tables are drawn from.</param>
/// <param name="withPrice">Whether each drawn table is also trained on without constraint.</param>
internal sealed class CellRunner(Populations populations, bool withPrice)
{
    // Cells of the same population and size share the unconstrained fit of a draw.
    private readonly ConcurrentDictionary<(string Population, int Rows, int Draw), Lazy<double>> _unconstrained = new();

    public HeldFit Run(Cell cell, int draw)
    {
        var population = populations[cell.Population];
        var drawn = population.Draw(cell.Rows, draw);
        var (summary, audit, seconds) = Fit(population, drawn, draw, [cell.Constraint], cell.Groups, cell.ConfidenceLevel);

        var known = population.GroupSizes(cell.Groups, drawn);
        string[] all = [.. population.GroupSizes(cell.Groups, [.. drawn.Select(row => !row)]).Keys];
        string[] measurable = [.. all.Where(name => known.TryGetValue(name, out var size)
            && cell.CanMeasure(size.Positives, size.Negatives))];
        var groups = audit.Of([.. cell.Groups]);
        double? Statistic(string[] names) => cell.Statistic(
            cell.Metrics.Select(metric => (IReadOnlyList<double>)[.. names.Select(name => groups[name][metric])]));
        var unmeasured = summary.Constraints[0].UnmeasurableGroups.Select(group => (group.Group, group.Metric)).ToHashSet();
        return new HeldFit
        {
            Cell = cell.Name,
            Draw = draw,
            Verdict = VerdictNames.Of(summary),
            ReportedValue = VerdictNames.ReportedValue(summary),
            Value = Statistic(all),
            MeasurableValue = Statistic(measurable),
            JudgedValue = cell.Statistic(cell.Metrics.Select(metric => (IReadOnlyList<double>)[.. all
                .Where(known.ContainsKey)
                .Select(name => unmeasured.Contains((name, metric)) ? double.NaN : groups[name][metric])])),
            IntervalEnd = VerdictNames.IntervalEnd(summary),
            Groups = all.Length,
            MeasurableGroups = measurable.Length,
            Accuracy = audit.Overall[GroupMetric.Accuracy],
            UnconstrainedAccuracy = withPrice ? Unconstrained(cell, draw) : null,
            SelectionRate = audit.Overall[GroupMetric.SelectionRate],
            Seconds = seconds,
        };
    }

    private double Unconstrained(Cell cell, int draw)
    {
        double Accuracy()
        {
            var population = populations[cell.Population];
            return Fit(population, population.Draw(cell.Rows, draw), draw, [], cell.Groups, null).Audit.Overall[GroupMetric.Accuracy];
        }

        return _unconstrained.GetOrAdd((cell.Population, cell.Rows, draw), _ => new(Accuracy)).Value;
    }

    private static (TrainingSummary Summary, FairnessAudit Audit, double Seconds) Fit(Population population, bool[] drawn, int seed,
        IReadOnlyList<FairnessConstraint> constraints, IReadOnlyList<string> groups, double? confidenceLevel)
    {
        var ml = new MLContext(seed);
        var table = ml.Data.Cache(population.Part(ml, drawn, isDrawn: true));
        var features = population.Featurize(ml).Fit(table);
        var trainer = ml.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
        {
            LabelColumnName = Population.Label,
            FeatureColumnName = Population.Features,
            Constraints = constraints,
            ConfidenceLevel = confidenceLevel,
            Seed = seed,
        });
        var started = Stopwatch.GetTimestamp();
        var model = trainer.Fit(features.Transform(table));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var scored = model.Transform(features.Transform(population.Part(ml, drawn, isDrawn: false)));
        return (model.Model.Summary, ml.Constrained().Audit.BinaryClassification(scored, groups, Population.Label), seconds);
    }
}
