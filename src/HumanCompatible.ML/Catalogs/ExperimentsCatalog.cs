using HumanCompatible.ML.Experiments;
using Microsoft.ML;

namespace HumanCompatible.ML;

/// <summary>Experiments under fairness constraints: search, trade-off curves, comparisons.</summary>
public sealed class ExperimentsCatalog
{
    private readonly MLContext _context;

    internal ExperimentsCatalog(MLContext context) => _context = context;

    /// <summary>An experiment of binary classification.</summary>
    /// <param name="settings">The settings, with the trainer's options and constraints. They are copied.</param>
    /// <returns>The experiment.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="settings"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is out of its range; the message lists every problem.</exception>
    public ConstrainedExperiment CreateBinaryClassificationExperiment(BinaryExperimentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new(_context, settings, ExperimentTask.Binary);
    }

    /// <summary>An experiment of multiclass classification.</summary>
    /// <inheritdoc cref="CreateBinaryClassificationExperiment" path="/*[not(self::summary)]"/>
    public ConstrainedExperiment CreateMulticlassClassificationExperiment(MulticlassExperimentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new(_context, settings, ExperimentTask.Multiclass);
    }

    /// <summary>An experiment of regression.</summary>
    /// <inheritdoc cref="CreateBinaryClassificationExperiment" path="/*[not(self::summary)]"/>
    public ConstrainedExperiment CreateRegressionExperiment(RegressionExperimentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new(_context, settings, ExperimentTask.Regression);
    }
}
