using HumanCompatible.ML;

namespace Microsoft.ML;

/// <summary>The way in to HumanCompatible.ML from an <see cref="MLContext"/>.</summary>
public static class ConstrainedExtensions
{
    /// <summary>Trainers that keep fairness constraints, and the audit of any scored data.</summary>
    /// <param name="mlContext">The context whose random seed, log and progress channels are used.</param>
    /// <returns>The catalog.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="mlContext"/> is null.</exception>
    public static ConstrainedCatalog Constrained(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new ConstrainedCatalog(mlContext);
    }
}
