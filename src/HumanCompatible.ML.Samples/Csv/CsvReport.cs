using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Samples.Display;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>What the csv command found, as it is written to JSON; a number that is not defined is null there.</summary>
/// <param name="Dataset">The name of the file.</param>
/// <param name="Constraints">The declared constraints.</param>
/// <param name="Runs">One for each seed.</param>
internal sealed record CsvReport(string Dataset, IReadOnlyList<CsvReport.Bounded> Constraints, IReadOnlyList<CsvReport.Run> Runs)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file, not a page: <= stays readable
        Converters = { new UndefinedAsNull(), new JsonStringEnumConverter<Verdict>(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes the report into a file, a link to one, or a device such as <c>/dev/stdout</c>.</summary>
    public void Write(string path)
        => File.WriteAllText(path, JsonSerializer.Serialize(this, Format) + Environment.NewLine);

    /// <summary>A declared constraint.</summary>
    /// <param name="Name">Its name, such as <c>DemographicParity(sex)</c>.</param>
    /// <param name="Groups">The columns of its groups.</param>
    /// <param name="Bound">Its bound.</param>
    internal sealed record Bounded(string Name, IReadOnlyList<string> Groups, double Bound);

    /// <summary>A model and how it does.</summary>
    internal record Outcome
    {
        /// <summary>What fitting took: features and network, without reading the file and without the audits.</summary>
        public required double Seconds { get; init; }

        /// <summary>Whether every bound is kept or shown on the rows that the model was made of.</summary>
        public required bool Feasible { get; init; }

        /// <summary>On the rows that were trained on.</summary>
        public required Part Train { get; init; }

        /// <summary>On the rows that chose the epoch.</summary>
        public required Part Validation { get; init; }

        /// <summary>On rows that training did not see.</summary>
        public required Part Test { get; init; }

        /// <summary>The multipliers of the chosen epoch by the inequality they belong to.</summary>
        public required IReadOnlyDictionary<string, double> Duals { get; init; }

        /// <summary>What may be said of the constraints.</summary>
        public required Verdicts Verdicts { get; init; }
    }

    /// <summary>What one seed gave.</summary>
    internal sealed record Run : Outcome
    {
        [SetsRequiredMembers]
        public Run(int seed, Outcome outcome)
            : base(outcome) => Seed = seed;

        /// <summary>The seed of the divisions, the weights and the order of rows.</summary>
        [JsonPropertyOrder(-1)]
        public int Seed { get; }

        /// <summary>What the library warned of.</summary>
        [JsonPropertyOrder(1)]
        public IReadOnlyList<string> Warnings { get; init; } = [];

        /// <summary>What was shown with the confidence asked for; null where none was.</summary>
        [JsonPropertyOrder(1)]
        public Confidence? Confidence { get; init; }

        /// <summary>The same without constraints; null where there are none.</summary>
        [JsonPropertyOrder(1)]
        public Outcome? Unconstrained { get; init; }
    }

    /// <summary>What was shown with a stated confidence.</summary>
    /// <param name="Level">The confidence, for all constraints together.</param>
    /// <param name="SafetyRows">The rows that tested the model and chose nothing.</param>
    /// <param name="Limits">What each constraint's statistic is on unseen rows.</param>
    internal sealed record Confidence(double Level, int SafetyRows, IReadOnlyList<Limit> Limits)
    {
        /// <summary>What the summary of a model says; null where no confidence was asked for.</summary>
        public static Confidence? Of(TrainingSummary summary) => summary.ConfidenceLevel is not { } level ? null
            : new Confidence(level, summary.SafetyRows, [.. summary.Constraints.Select(constraint => new Limit(constraint.Name,
                constraint.HoldsWithConfidence == true, constraint.ConfidenceLimit ?? double.NaN, constraint.SafetyRowsNeeded,
                constraint.WhyNoConfidenceLimit))]);
    }

    /// <summary>What was shown of a constraint.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Shown">Whether the limit is within the bound.</param>
    /// <param name="Value">The limit: the statistic is at most that, or at least where it is a ratio.</param>
    /// <param name="RowsNeeded">About how many safety rows would show it; null where it is shown or no number would.</param>
    /// <param name="WhyNone">Why there is no limit; null where there is one.</param>
    internal sealed record Limit(string Name, bool Shown, double Value, long? RowsNeeded, string? WhyNone);

    /// <summary>What may be said of each constraint.</summary>
    /// <param name="Model">On the rows that it was made of.</param>
    /// <param name="Test">On the test rows, over the same groups.</param>
    internal sealed record Verdicts(IReadOnlyList<Judged> Model, IReadOnlyList<Judged> Test);

    /// <summary>What may be said of a constraint on some rows.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Bound">Its bound.</param>
    /// <param name="Verdict">What may be said.</param>
    /// <param name="Value">The statistic.</param>
    /// <param name="Lower">The least that it may be on other rows, a one-sided limit.</param>
    /// <param name="Upper">The most that it may be on other rows, a one-sided limit.</param>
    /// <param name="LimitConfidence">The confidence of each of these limits by itself.</param>
    /// <param name="Rows">The rows behind it.</param>
    /// <param name="ExcludedGroups">The groups that are left out, with the reasons.</param>
    /// <param name="UnmeasurableGroups">The groups with too few rows, with what they have and would need.</param>
    /// <param name="UnseenGroups">The groups that training did not see.</param>
    internal sealed record Judged(
        string Name,
        double Bound,
        Verdict Verdict,
        double Value,
        double Lower,
        double Upper,
        double LimitConfidence,
        int Rows,
        IReadOnlyList<string> ExcludedGroups,
        IReadOnlyList<string> UnmeasurableGroups,
        IReadOnlyList<string> UnseenGroups)
    {
        /// <summary>Whether it is of the rows that chose the epoch alone, not of those that were trained on.</summary>
        public bool IsOfHeldOutRows { get; private init; }

        /// <summary>What a training row of each group counts as; null where that is not known, and on other rows.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<double>? TrainingWeights { get; private init; }

        /// <summary>The verdict in words, and of how many groups it speaks where these are not all.</summary>
        [JsonIgnore]
        public string InWords { get; private init; } = "";

        /// <summary>Why the verdict does not speak of a group; null where it does.</summary>
        [JsonIgnore]
        public Func<string, string?> WhyWithout { get; private init; } = _ => null;

        /// <summary>What is added to the rate of each for what they flatter it by; null as <see cref="TrainingWeights"/>.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<double>? TrainingShifts { get; private init; }

        public static Judged Of(ConstraintVerdict verdict) => new(
            verdict.Name,
            verdict.Bound,
            verdict.Verdict,
            verdict.Value,
            verdict.Interval.Lower,
            verdict.Interval.Upper,
            verdict.IntervalConfidence,
            verdict.Rows,
            [.. verdict.ExcludedGroups.Select(group => group.ToString())],
            [.. verdict.UnmeasurableGroups.Select(group => group.ToString())],
            verdict.UnseenGroups)
        {
            IsOfHeldOutRows = verdict is ConstraintSummary { IsOfHeldOutRows: true },
            TrainingWeights = (verdict as ConstraintSummary)?.TrainingWeights,
            TrainingShifts = (verdict as ConstraintSummary)?.TrainingShifts,
            InWords = VerdictText.Of(verdict),
            WhyWithout = verdict.WhyWithout,
        };
    }

    /// <summary>How a model does on some rows. Differences are those between the groups of all group columns together.</summary>
    internal sealed record Part(
        int Rows,
        double Accuracy,
        double MajorityAccuracy,
        double Auc,
        double DemographicParityDifference,
        double EqualOpportunityDifference,
        double EqualizedOddsDifference,
        double LossParityDifference,
        IReadOnlyDictionary<string, Group> ByGroup)
    {
        /// <param name="audit">The audit of the rows.</param>
        /// <param name="majority">The label of most training rows, which <see cref="MajorityAccuracy"/> predicts for every row.</param>
        public static Part Of(FairnessAudit audit, bool majority) => new(
            audit.Overall.RowCount,
            audit.Overall[GroupMetric.Accuracy],
            majority ? audit.Overall.BaseRate : 1 - audit.Overall.BaseRate,
            audit.Overall[AuditStatistic.AreaUnderRocCurve],
            audit.Intersection.DemographicParityDifference,
            audit.Intersection.Difference(GroupMetric.TruePositiveRate),
            audit.Intersection.EqualizedOddsDifference,
            audit.Intersection.Difference(GroupMetric.MeanLoss),
            audit.Intersection.Groups.ToDictionary(group => group.Name, group => new Group(
                group.RowCount,
                group.BaseRate,
                group[GroupMetric.SelectionRate],
                group[GroupMetric.TruePositiveRate],
                group[GroupMetric.FalsePositiveRate],
                group[GroupMetric.PositivePredictiveValue],
                group[GroupMetric.FalseOmissionRate],
                group[GroupMetric.Accuracy],
                group[GroupMetric.MeanLoss])));
    }

    /// <summary>The audited statistics of one group.</summary>
    internal sealed record Group(
        int Rows,
        double BaseRate,
        double SelectionRate,
        double TruePositiveRate,
        double FalsePositiveRate,
        double PositivePredictiveValue,
        double FalseOmissionRate,
        double Accuracy,
        double Loss);

    // JSON has no NaN.
    private sealed class UndefinedAsNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
