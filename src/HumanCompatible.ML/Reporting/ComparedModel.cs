using HumanCompatible.ML.Auditing;

namespace HumanCompatible.ML.Reporting;

/// <summary>Another model that a report compares.</summary>
public sealed record ComparedModel
{
    /// <param name="name">What it is called.</param>
    /// <param name="audit">Its audit, on the same rows.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ComparedModel(string name, FairnessAudit audit)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(audit);
        (Name, Audit) = (name, audit);
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Its audit.</summary>
    public FairnessAudit Audit { get; }
}
