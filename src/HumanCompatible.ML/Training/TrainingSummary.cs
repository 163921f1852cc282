using System.Globalization;
using System.Text;

namespace HumanCompatible.ML;

/// <summary>The outcome of training in short.</summary>
/// <param name="SelectedEpoch">The epoch whose weights the model has, from 1.</param>
/// <param name="EpochsRun">How many epochs were run.</param>
/// <param name="TrainingRows">The rows that were trained on.</param>
/// <param name="SelectionRows">The rows that chose the epoch.</param>
/// <param name="IsHeldOut">Whether those rows were kept out of training; when not, the values on them promise little for unseen data.</param>
/// <param name="TrainingAccuracy">The accuracy on the training rows, 0 to 1.</param>
/// <param name="SelectionAccuracy">The accuracy on the rows that chose the epoch, 0 to 1.</param>
/// <param name="Constraints">One entry per declared constraint, in their order.</param>
public sealed record TrainingSummary(
    int SelectedEpoch,
    int EpochsRun,
    int TrainingRows,
    int SelectionRows,
    bool IsHeldOut,
    double TrainingAccuracy,
    double SelectionAccuracy,
    IReadOnlyList<ConstraintSummary> Constraints)
{
    /// <summary>Whether every bound is kept on the rows that chose the epoch.</summary>
    public bool IsFeasible => Constraints.All(constraint => constraint.IsMet);

    /// <summary>The summary as text, a line per constraint.</summary>
    public override string ToString()
    {
        var rows = IsHeldOut ? "held-out" : "training";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"epoch {SelectedEpoch} of {EpochsRun}: accuracy {SelectionAccuracy:0.0000} on {SelectionRows} {rows} rows");
        foreach (var constraint in Constraints)
        {
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"{constraint.Name}: {constraint.SelectionValue:0.0000}, bound {constraint.Bound:0.0000}: ");
            text.Append(double.IsNaN(constraint.SelectionValue) ? "not defined on these rows"
                : constraint.IsMet ? "met"
                : string.Create(CultureInfo.InvariantCulture, $"missed by {constraint.MissedBy:0.0000}"));
            if (constraint.ExcludedGroups.Count > 0)
                text.Append(CultureInfo.InvariantCulture, $"; groups not bound: {string.Join("; ", constraint.ExcludedGroups)}");
        }

        return text.ToString();
    }
}
