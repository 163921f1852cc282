using Microsoft.ML.Runtime;

namespace HumanCompatible.ML;

/// <summary>What HumanCompatible.ML offers in an <see cref="Microsoft.ML.MLContext"/>.</summary>
public sealed class ConstrainedCatalog
{
    internal ConstrainedCatalog(IHostEnvironment environment)
    {
        Trainers = new ConstrainedTrainersCatalog(environment);
        Fairness = new FairnessAuditCatalog();
    }

    /// <summary>Trainers that keep fairness constraints.</summary>
    public ConstrainedTrainersCatalog Trainers { get; }

    /// <summary>Fairness audits of scored data, whatever model scored it.</summary>
    public FairnessAuditCatalog Fairness { get; }
}
