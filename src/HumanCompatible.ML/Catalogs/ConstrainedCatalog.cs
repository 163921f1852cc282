using Microsoft.ML;

namespace HumanCompatible.ML;

/// <summary>What HumanCompatible.ML offers in an <see cref="MLContext"/>.</summary>
public sealed class ConstrainedCatalog
{
    internal ConstrainedCatalog(MLContext context)
    {
        Trainers = new ConstrainedTrainersCatalog(context);
        Audit = new AuditCatalog();
        Experiments = new ExperimentsCatalog(context);
        Model = new ModelCatalog(context);
    }

    /// <summary>Trainers that keep fairness constraints.</summary>
    public ConstrainedTrainersCatalog Trainers { get; }

    /// <summary>Fairness audits of scored data, whatever model scored it.</summary>
    public AuditCatalog Audit { get; }

    /// <summary>Experiments under fairness constraints: search, trade-off curves, comparisons.</summary>
    public ExperimentsCatalog Experiments { get; }

    /// <summary>Saving and loading where files may be damaged or are replaced while others read them.</summary>
    public ModelCatalog Model { get; }
}
