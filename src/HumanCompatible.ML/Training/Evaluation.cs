using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Training;

/// <summary>How a candidate does.</summary>
/// <param name="Loss">The mean loss on the validation rows, weighted by example.</param>
/// <param name="Accuracy">The share of them classified correctly, weighted by example, 0 to 1; of a regression R squared.</param>
/// <param name="Values">
/// The statistic of every constraint on training and validation rows together (<see cref="Measurement.With"/>); NaN where it is not
/// defined.
/// </param>
/// <param name="Inequalities">The inequalities of all constraints on the same rows, in the order of the multipliers.</param>
/// <param name="Margins">The margin of each.</param>
internal sealed record Evaluation(double Loss, double Accuracy, IReadOnlyList<double> Values,
    IReadOnlyList<InequalityEstimate> Inequalities, IReadOnlyList<double> Margins)
{
    /// <summary>Predictions of less variety are nearly constant.</summary>
    internal const double NearlyConstant = 0.01;

    /// <summary>What of each inequality is put down to chance, see <see cref="ChanceDifferences"/>; empty for nothing.</summary>
    internal IReadOnlyList<double> ByChance { get; init; } = [];

    /// <summary>
    /// By how much each inequality is worse on training and validation rows together than on the training rows, times the share that those
    /// do not count, and what they are expected to flatter it by beyond that (<see cref="TrainingFlattery"/>); empty for nothing.
    /// </summary>
    internal IReadOnlyList<double> Flattery { get; init; } = [];

    /// <summary>
    /// What a training row counts as, of every constraint and rate (<see cref="TrainingFlattery"/>); empty where no rows are held out.
    /// </summary>
    internal IReadOnlyList<IReadOnlyList<double>> TrainingWeights { get; init; } = [];

    /// <summary>What is added to each rate for what the training rows flatter it by, as <see cref="TrainingWeights"/>.</summary>
    internal IReadOnlyList<IReadOnlyList<double>> TrainingShifts { get; init; } = [];

    /// <summary>The margin of each on the training rows.</summary>
    internal IReadOnlyList<double> TrainingMargins
        => Flattery.Count == 0 ? Margins : [.. Margins.Zip(Flattery, (margin, flattery) => margin + flattery)];

    /// <summary>The standard error of the accuracy, see <see cref="Measurement.StandardErrorOfAccuracy"/>.</summary>
    internal double StandardError { get; init; }

    /// <summary>How far from constant the predictions on training and validation rows are, see <see cref="IRowCounts.Variety"/>.</summary>
    internal double Variety { get; init; }

    /// <summary>Whether nearly all rows get the same prediction.</summary>
    internal bool IsNearlyConstant => Variety < NearlyConstant;

    /// <summary>Whether it keeps every inequality with its margin without being nearly constant; without constraints it does.</summary>
    internal bool IsUseful => Inequalities.Count == 0 || (UndefinedCount == 0 && Excess == 0 && !IsNearlyConstant);

    /// <summary>The inequalities that a rate without rows leaves undefined.</summary>
    internal int UndefinedCount => Inequalities.Count(inequality => !inequality.IsDefined);

    /// <summary>
    /// By how much the worst inequality exceeds what it is held to, max(0, max_r price_r (c_r + m_r)) without what is
    /// <see cref="ByChance"/>; of many classes, where that is more, half the sum of what each class exceeds: a row that is predicted
    /// otherwise changes the rates of two.
    /// </summary>
    internal double Excess
    {
        get
        {
            double[] ofClasses = [.. Inequalities.Select((inequality, index) => (inequality.Class, Excess: inequality.Price
                    * (inequality.Violation + Margins[index] - (ByChance.Count > 0 ? ByChance[index] : 0))))
                .GroupBy(one => one.Class).Select(ones => ones.Max(one => one.Excess)).Where(excess => excess > 0)];
            return Math.Max(ofClasses.DefaultIfEmpty().Max(), ofClasses.Sum() / 2);
        }
    }

    /// <summary>What it comes to on the training rows; null where that was not measured.</summary>
    internal Measurement? OnTraining { get; init; }

    /// <summary>The same on the validation rows.</summary>
    internal Measurement? OnValidation { get; init; }

    /// <summary>Whether the bounds are held whatever they cost.</summary>
    internal bool HoldsAll { get; init; }

    /// <summary>
    /// What is to be small, as far as the rows tell it (<see cref="CandidateSelection"/>): the error rate and the excess, J = 1 - accuracy
    /// + max(0, max_r (c_r + m_r)). To move a rate by delta at most that share of the rows behind it must be predicted otherwise, which
    /// costs at most as much accuracy: an excess is worth removing by honest means, and not by constant predictions where they cost more
    /// than chance adds to the excess of many groups. Of a regression 1 - accuracy is the mean squared error in units of the labels'
    /// variance, and the inequalities are in units of their deviation. Where nothing is constrained, the loss, which a few validation rows
    /// tell better.
    /// </summary>
    internal double Objective => Inequalities.Count == 0 ? Loss : 1 - Accuracy + Excess;
}
