using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Auditing;

/// <summary>What is audited of a row.</summary>
internal struct AuditRow
{
    /// <summary>0 or 1, the number of a class, or a real number.</summary>
    internal double Label;

    /// <summary>The same of what is predicted.</summary>
    internal double Prediction;

    /// <summary>The weight.</summary>
    internal double Weight;

    /// <summary>The loss; NaN where it is not known.</summary>
    internal double Loss;

    /// <summary>The score of the positive class; unused where there is none.</summary>
    internal double Score;

    /// <summary>The probability of the positive class; unused where there is none.</summary>
    internal double Probability;

    /// <summary>The scores of the classes; null where there are none.</summary>
    internal float[]? ClassScores;

    internal readonly RowOutcome Outcome => new(Label, Prediction, Weight, Loss);
}

/// <summary>What an audit knows before it reads a row.</summary>
/// <param name="Labels">The task, with its classes.</param>
/// <param name="HasScores">Whether there are scores.</param>
/// <param name="HasProbabilities">Whether there are probabilities.</param>
/// <param name="IsWeighted">Whether rows have weights.</param>
internal sealed record AuditTask(TaskLabels Labels, bool HasScores, bool HasProbabilities, bool IsWeighted)
{
    /// <summary>The column of the scores; null where there are none.</summary>
    internal string? ScoreColumnName { get; init; }

    /// <summary>The column of the probabilities; null where there are none.</summary>
    internal string? ProbabilityColumnName { get; init; }

    internal LearningTask Task => Labels.Task;

    internal AuditCell NewCell() => Task switch
    {
        LearningTask.MulticlassClassification => new MulticlassCell(this),
        LearningTask.Regression => new RegressionCell(this),
        _ => new BinaryCell(this),
    };
}

/// <summary>One class against all others.</summary>
/// <param name="Counts">How often it was predicted, and rightly.</param>
/// <param name="Scores">Its scores and probabilities.</param>
internal readonly record struct OneClass(GroupCounts Counts, ScoreSums Scores);

/// <summary>The sums over some rows from which every statistic is computed. Sums of disjoint rows add up.</summary>
internal abstract class AuditCell(AuditTask task)
{
    internal AuditTask Task => task;

    internal abstract IRowCounts Counts { get; }

    internal abstract void Add(in AuditRow row);

    internal abstract void Add(AuditCell other);

    /// <summary>One class of several by its number, or the positive one of two.</summary>
    internal abstract OneClass Of(int @class);

    /// <summary>The tables of scores.</summary>
    internal abstract IEnumerable<ScoreTable> Tables { get; }
}

/// <summary>The sums over rows of binary classification.</summary>
internal sealed class BinaryCell(AuditTask task) : AuditCell(task)
{
    private readonly ScoreSums _scores = new(task.HasScores, task.HasProbabilities, task.IsWeighted);
    private DecisionRange _byScore = DecisionRange.Empty, _byProbability = DecisionRange.Empty;

    private BinaryCell(AuditTask task, GroupCounts counts, ScoreSums scores)
        : this(task) => (Outcomes, _scores) = (counts, scores);

    internal GroupCounts Outcomes { get; } = new();

    /// <summary>Where the scores of the decisions end.</summary>
    internal DecisionRange ByScore => _byScore;

    /// <summary>Where their probabilities end.</summary>
    internal DecisionRange ByProbability => _byProbability;

    internal override IRowCounts Counts => Outcomes;

    internal override IEnumerable<ScoreTable> Tables => _scores.Table is { } table ? [table] : [];

    internal override void Add(in AuditRow row)
    {
        var label = row.Label > 0;
        Outcomes.Add(label, row.Prediction > 0, row.Weight, row.Loss);
        _scores.Add(row.Score, row.Probability, label, row.Weight);
        _byScore.Add(row.Score, row.Prediction > 0);
        _byProbability.Add(row.Probability, row.Prediction > 0);
    }

    internal override void Add(AuditCell other)
    {
        Outcomes.Add(((BinaryCell)other).Outcomes);
        _scores.Add(((BinaryCell)other)._scores);
        _byScore.Add(((BinaryCell)other)._byScore);
        _byProbability.Add(((BinaryCell)other)._byProbability);
    }

    internal override OneClass Of(int @class) => new(Outcomes, _scores);

    /// <summary>The same rows, predicted positive where the score is above a threshold.</summary>
    internal BinaryCell At(double threshold)
    {
        var counts = new GroupCounts();
        DecisionRange byScore = DecisionRange.Empty, byProbability = DecisionRange.Empty;
        foreach (var one in _scores.Table!.Ordered())
        {
            byScore.Add(one.Score, one.Score > threshold);
            byProbability.Add(one.Probability, one.Score > threshold);
            counts.Add(true, one.Score > threshold, one.Positive, one.Rows.PositiveSquares, (int)one.Rows.PositiveRows);
            counts.Add(false, one.Score > threshold, one.Negative, one.Rows.NegativeSquares, (int)one.Rows.NegativeRows);
        }

        counts.AddLossesOf(Outcomes);
        return new BinaryCell(Task, counts, _scores) { _byScore = byScore, _byProbability = byProbability };
    }
}

/// <summary>The sums over rows of multiclass classification.</summary>
internal sealed class MulticlassCell(AuditTask task) : AuditCell(task)
{
    private readonly ClassCounts _counts = new(task.Labels.Classes.Count);

    private readonly ScoreSums[] _scores = [.. task.Labels.Classes.Select(_
        => new ScoreSums(task.HasScores, task.HasProbabilities, task.IsWeighted))];

    internal override IRowCounts Counts => _counts;

    internal override IEnumerable<ScoreTable> Tables => _scores.Select(one => one.Table).OfType<ScoreTable>();

    internal override void Add(in AuditRow row)
    {
        _counts.Add(row.Outcome);
        if (row.ClassScores is not { } scores)
            return;
        for (var index = 0; index < scores.Length; index++)
            _scores[index].Add(scores[index], scores[index], (int)row.Label == index, row.Weight);
    }

    internal override void Add(AuditCell other)
    {
        var added = (MulticlassCell)other;
        _counts.Add(added._counts);
        for (var index = 0; index < _scores.Length; index++)
            _scores[index].Add(added._scores[index]);
    }

    internal override OneClass Of(int @class) => new(_counts.OfClass(@class), _scores[@class]);
}

/// <summary>The sums over rows of a regression.</summary>
internal sealed class RegressionCell(AuditTask task) : AuditCell(task)
{
    private readonly ValueCounts _counts = new();
    private static readonly ScoreSums NoScores = new(hasScores: false, hasProbabilities: false, isWeighted: false);

    private readonly ScoreTable _residuals = new(task.IsWeighted);
    private double _weight, _labelSquares, _absolute;

    internal override IRowCounts Counts => _counts;

    internal override IEnumerable<ScoreTable> Tables => [_residuals];

    /// <summary>The mean label; 0 without weight.</summary>
    internal double MeanLabel { get; private set; }

    /// <summary>The standard deviation of the labels, divisor n.</summary>
    internal double Deviation => Math.Sqrt(_labelSquares / _weight);

    /// <summary>The sum of the weights.</summary>
    internal double Weight => _weight;

    internal RateEstimate LabelEstimate => EstimateOf(_weight > 0 ? MeanLabel : double.NaN, Deviation * Deviation);

    /// <summary>The mean of |label - prediction|, whose variance is that of a squared error less its square.</summary>
    internal RateEstimate AbsoluteErrorEstimate
    {
        get
        {
            var mean = _absolute / _weight;
            return EstimateOf(mean, Math.Max(0, _counts.Estimate(GroupMetric.MeanLoss).Value - mean * mean));
        }
    }

    /// <summary>
    /// 1 - sum of squared errors / sum of squared deviations of the labels from their mean; NaN where the labels are equal.
    /// </summary>
    internal double RSquared => _labelSquares > 0 ? 1 - (_counts.Estimate(GroupMetric.MeanLoss).Value * _weight / _labelSquares)
        : double.NaN;

    internal override void Add(in AuditRow row)
    {
        _counts.Add(row.Outcome);
        _absolute += row.Weight * Math.Abs(row.Label - row.Prediction);
        _residuals.Add(row.Label - row.Prediction, label: true, row.Weight);
        AddLabels(row.Weight, row.Label, 0);
    }

    internal override void Add(AuditCell other)
    {
        var added = (RegressionCell)other;
        _counts.Add(added._counts);
        _absolute += added._absolute;
        _residuals.Add(added._residuals);
        AddLabels(added._weight, added.MeanLabel, added._labelSquares);
    }

    internal override OneClass Of(int @class) => new(new GroupCounts(), NoScores);

    /// <summary>The smallest residual that at least a share of the weight does not exceed; NaN without weight.</summary>
    internal double ResidualQuantile(double share)
    {
        var residuals = _residuals.Ordered();
        var rest = share * residuals.Sum(one => one.Positive);
        return residuals.FirstOrDefault(one => (rest -= one.Positive) <= 1e-12 * _weight && one.Positive > 0,
            new ScoredWeight { Score = double.NaN }).Score;
    }

    // From the variance of rows whose divisor is n.
    private RateEstimate EstimateOf(double mean, double variance)
    {
        var size = _counts.Estimate(GroupMetric.MeanLoss).Size;
        return new RateEstimate(mean, size, size > 1 ? variance * size / (size - 1) : double.PositiveInfinity);
    }

    // Source: Chan, Golub and LeVeque (1983), updating formulae for sample variances.
    private void AddLabels(double weight, double mean, double squares)
    {
        if (!(weight > 0))
            return;
        var (total, difference) = (_weight + weight, mean - MeanLabel);
        MeanLabel += difference * weight / total;
        _labelSquares += squares + (difference * difference * _weight * weight / total);
        _weight = total;
    }
}
