using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML;

/// <summary>What HumanCompatible.ML offers in an <see cref="MLContext"/>.</summary>
public sealed class ConstrainedCatalog
{
    private readonly MLContext _context;

    internal ConstrainedCatalog(MLContext context)
    {
        _context = context;
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

    /// <summary>
    /// The same classifier with another decision threshold, and a summary that says so: its bounds were measured at the old one, so all
    /// of them are <see cref="Confidence.Verdict.NotMeasurable"/> until scored data is audited. ML.NET's method of this name moves the
    /// threshold only, and leaves the summary as it was.
    /// </summary>
    /// <param name="model">The classifier.</param>
    /// <param name="threshold">The positive class is predicted where the score, a logit, is above it; training uses 0.</param>
    /// <returns>
    /// Another transformer, or the same one where it has that threshold and its summary is of it. One of a network of the user's own is to
    /// be disposed by itself.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not finite.</exception>
    public BinaryPredictionTransformer<ConstrainedBinaryModelParameters> ChangeModelThreshold(
        BinaryPredictionTransformer<ConstrainedBinaryModelParameters> model, float threshold)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!float.IsFinite(threshold))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must be finite.");
        return PredictionTransformers.ThresholdOf(model) == threshold && model.Model.Summary.IsOf(threshold)
            ? model : PredictionTransformers.WithThreshold(_context, model, model.Model.AtThreshold(threshold), threshold);
    }

    /// <summary>The same pipeline with another decision threshold of its classifier; see the other overload.</summary>
    /// <param name="model">A fitted or loaded pipeline that ends in a classifier of this library.</param>
    /// <param name="threshold">The positive class is predicted where the score, a logit, is above it.</param>
    /// <returns>A pipeline of the same other transformers.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">The pipeline ends otherwise.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not finite.</exception>
    public TransformerChain<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>> ChangeModelThreshold(ITransformer model,
        float threshold)
    {
        ArgumentNullException.ThrowIfNull(model);
        ITransformer[] steps = [.. Steps(model)];
        if (steps.LastOrDefault() is not BinaryPredictionTransformer<ConstrainedBinaryModelParameters> classifier)
        {
            throw new ArgumentException("The pipeline must end in a binary classifier of this library, "
                + $"got {steps.LastOrDefault()?.GetType().Name ?? "no transformer"}.", nameof(model));
        }

        return PredictionTransformers.Chain(steps[..^1], ChangeModelThreshold(classifier, threshold));
    }

    private static IEnumerable<ITransformer> Steps(ITransformer transformer)
        => transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [transformer];
}
