using HumanCompatible.ML.Data;
using HumanCompatible.ML.Groups;
using Microsoft.ML;

namespace HumanCompatible.ML.Auditing;

/// <summary>What a user asks to be audited.</summary>
/// <param name="Data">The scored data.</param>
/// <param name="GroupColumnNames">The columns that divide the rows.</param>
internal sealed record AuditRequest(IDataView Data, IReadOnlyList<string> GroupColumnNames)
{
    internal const string DefaultScore = "Score";
    internal const string DefaultPrediction = "PredictedLabel";
    internal const string DefaultProbability = "Probability";

    internal string LabelColumnName { get; init; } = "Label";

    internal string ScoreColumnName { get; init; } = DefaultScore;

    internal string PredictedLabelColumnName { get; init; } = DefaultPrediction;

    internal string? ProbabilityColumnName { get; init; } = DefaultProbability;

    internal string? ExampleWeightColumnName { get; init; }

    internal double Confidence { get; init; } = FairnessAuditor.DefaultConfidence;

    internal GroupPolicy MissingValues { get; init; }

    internal IReadOnlyList<string> ControlColumnNames { get; init; } = [];

    internal IReadOnlyDictionary<string, IReadOnlyList<double>>? GroupBins { get; init; }

    internal IReadOnlyList<string> DividingColumnNames => [.. GroupColumnNames, .. ControlColumnNames];

    internal DataViewSchema Schema => Data.Schema;

    /// <summary>Checks what does not depend on the schema.</summary>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Data, "data");
        ArgumentNullException.ThrowIfNull(GroupColumnNames, "groupColumnNames");
        FairnessAuditor.CheckConfidence(Confidence);
        if (!Enum.IsDefined(MissingValues))
            throw new ArgumentOutOfRangeException("missingValues", MissingValues, "There is no such policy.");
        if (GroupColumnNames.Count == 0)
            throw new ArgumentException("At least one group column must be named.", "groupColumnNames");
        if (GroupColumnNames.Distinct().Count() != GroupColumnNames.Count)
            throw new ArgumentException("A group column is named more than once.", "groupColumnNames");
        if (DividingColumnNames.Distinct().Count() != DividingColumnNames.Count)
            throw new ArgumentException("A control column is named more than once, or is a group column.", "controlColumnNames");
        GroupBinEdges.CheckNames(GroupBins, DividingColumnNames);
    }
}

/// <summary>Reads what is audited of the current row.</summary>
/// <param name="row">The number of the row.</param>
/// <param name="result">Where it goes.</param>
internal delegate void ReadAuditRow(int row, ref AuditRow result);

/// <summary>The columns of a task in some data.</summary>
/// <param name="Task">What is audited.</param>
/// <param name="Columns">The columns that are read.</param>
/// <param name="Bind">Takes the getters of a row or cursor in which they are active.</param>
internal sealed record AuditedColumns(AuditTask Task, IReadOnlyList<DataViewSchema.Column> Columns, Func<DataViewRow, ReadAuditRow> Bind);
