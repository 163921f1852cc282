namespace HumanCompatible.ML.Auditing;

/// <summary>The audit of the rows that have the same values in the control columns.</summary>
public sealed class AuditStratum
{
    internal AuditStratum(string name, FairnessAudit audit) => (Name, Audit) = (name, audit);

    /// <summary>The value of the control column, or the values of several joined by ", ".</summary>
    public string Name { get; }

    /// <summary>The audit of these rows.</summary>
    public FairnessAudit Audit { get; }
}
