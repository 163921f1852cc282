using Microsoft.ML.Runtime;

namespace HumanCompatible.ML;

/// <summary>What HumanCompatible.ML offers in an <see cref="Microsoft.ML.MLContext"/>.</summary>
public sealed class ConstrainedCatalog
{
    internal ConstrainedCatalog(IHostEnvironment environment)
    {
        Trainers = new ConstrainedTrainersCatalog(environment);
        Audit = new AuditCatalog();
    }

    /// <summary>Trainers that keep fairness constraints.</summary>
    public ConstrainedTrainersCatalog Trainers { get; }

    /// <summary>Fairness audits of scored data, whatever model scored it.</summary>
    public AuditCatalog Audit { get; }
}
