using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Samples.Service;

/// <summary>What the model says of one person, as ML.NET fills it in.</summary>
internal sealed class Decision
{
    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }

    public float Score { get; set; }
}

/// <summary>The answer of /predict/batch: all of it by one model, in the order of what was asked.</summary>
/// <param name="Model">The version of the model.</param>
/// <param name="Decisions">A decision for each person.</param>
internal sealed record BatchAnswer(string Model, IReadOnlyList<Decision> Decisions);

/// <summary>The answer of /predict.</summary>
/// <param name="Model">The version of the model.</param>
/// <param name="Decision">The decision.</param>
internal sealed record Answer(string Model, Decision Decision);

/// <summary>The answer of /model: which model serves, and what it was trained to keep.</summary>
/// <param name="Version">Its version: the SHA-256 of its file.</param>
/// <param name="Origin">When, with what and on which data it was trained.</param>
/// <param name="FeatureCount">The slots of its features.</param>
/// <param name="Accuracy">On the rows that chose the epoch.</param>
/// <param name="Verdicts">What is said of every bound.</param>
/// <param name="Duals">The multipliers at the end of the chosen epoch.</param>
/// <param name="Warnings">What is to be known of it.</param>
internal sealed record ModelAnswer(string Version, ModelOrigin Origin, int FeatureCount, double Accuracy,
    IReadOnlyList<VerdictAnswer> Verdicts, IReadOnlyList<Multiplier> Duals, IReadOnlyList<string> Warnings);

/// <summary>What is said of a bound.</summary>
/// <param name="Constraint">Its name.</param>
/// <param name="Verdict">Whether it is kept.</param>
/// <param name="Value">The statistic on the rows at hand; null where fewer than two groups define it.</param>
/// <param name="Bound">The bound.</param>
/// <param name="Text">All of it in one line.</param>
internal sealed record VerdictAnswer(string Constraint, Verdict Verdict, double? Value, double Bound, string Text)
{
    public static VerdictAnswer Of(ConstraintSummary summary) => new(summary.Name, summary.Verdict,
        double.IsFinite(summary.Value) ? summary.Value : null, summary.Bound, summary.ToString());
}
