using HumanCompatible.ML.Constraints;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>
/// Searches for the options of a trainer that do best under its constraints, follows the trade-off between objective and bound, and
/// compares constraints.
/// </summary>
/// <remarks>
/// <para>The rows are divided, every class and group in proportion as far as the data have these columns before
/// the preFeaturizer: test rows, which the final model is tested on once; judging rows, which only finalists are scored on; tuning rows
/// (a fifth of the rest), which choose the epoch of a run and guide the search; and the rows that train. The preFeaturizer is fitted on
/// the rows that train, in each fold anew.</para>
/// <para>Run 0 has the options as they are; runs 1 to 4 have settings that did well on the training rows of Adult, as far as the search
/// space has the parameters of <see cref="SearchSpace.Default"/>. Those up to 15 fill the search space evenly (a shifted Halton sequence);
/// later ones come from a tree-structured Parzen estimator, to which runs that keep the bounds are better than runs that do not. In rounds
/// of 8, the half that is worse after a quarter of its epochs stops there.</para>
/// <para>Finalists are run 0 and five of the finished runs: the best at several distances from the bounds. The choice among them is
/// <see cref="ExperimentResult.BestRun"/>. In folds every row judges once; in a fold, no model has seen the rows that judge it. The final
/// model is then trained on all rows but the test rows, with the options of the best run.</para>
/// Source: Bergstra et al. (2011), Algorithms for hyper-parameter optimization; Jamieson and Talwalkar (2016), Non-stochastic best arm
/// identification.
/// </remarks>
public sealed class ConstrainedExperiment
{
    private readonly MLContext _context;
    private readonly ExperimentSettings _settings;
    private readonly ExperimentTask _task;

    internal ConstrainedExperiment(MLContext context, ExperimentSettings settings, ExperimentTask task)
    {
        settings.Check();
        (_context, _settings, _task) = (context, settings.Copy(), task);
        if (_settings.Collective is { Rank: > 0 })
            _settings.CacheDirectory = null;
    }

    /// <summary>Searches; finalists are judged on validation data, or on a part of the training data.</summary>
    /// <param name="trainData">The data to train on.</param>
    /// <param name="validationData">The data that judge finalists. Null takes them of the training data: five folds of fewer than 10,000
    /// rows, else three, of which the search uses one.</param>
    /// <param name="testData">The data that test the final model; null takes them of the training data
    /// (<see cref="ExperimentSettings.TestFraction"/>), or tests nothing where validation data are given.</param>
    /// <param name="preFeaturizer">What comes before the trainer; fitted on the rows that train alone.</param>
    /// <param name="progressHandler">Is told of every run as it ends, on the thread that ran it, one at a time; also of those whose numbers
    /// are found again (<see cref="RunDetail.IsReused"/>).</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on or are too few, the cache is of another experiment (the
    /// message says what differs), the members of a collective have other settings or data (it says which), or no run ended well; the
    /// message says why.</exception>
    /// <exception cref="OperationCanceledException">It was canceled before a run was finished.</exception>
    public ExperimentResult Execute(IDataView trainData, IDataView? validationData = null, IDataView? testData = null,
        IEstimator<ITransformer>? preFeaturizer = null, IProgress<RunDetail>? progressHandler = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        return Run(new(trainData, validationData, 0, testData, preFeaturizer), progressHandler);
    }

    /// <summary>Searches by cross-validation: every row judges once, and every run is trained once for each fold.</summary>
    /// <param name="trainData">The data to train on.</param>
    /// <param name="numberOfFolds">The folds, at least 2.</param>
    /// <param name="testData">The data that test the final model; null takes them of the training data
    /// (<see cref="ExperimentSettings.TestFraction"/>).</param>
    /// <param name="preFeaturizer">What comes before the trainer; fitted anew in every fold, on the rows that train alone.</param>
    /// <param name="progressHandler">Is told of every run as it ends, on the thread that ran it, one at a time.</param>
    /// <inheritdoc cref="Execute(IDataView, IDataView?, IDataView?, IEstimator{ITransformer}?, IProgress{RunDetail}?)"
    /// path="/*[self::returns or self::exception]"/>
    public ExperimentResult Execute(IDataView trainData, uint numberOfFolds, IDataView? testData = null,
        IEstimator<ITransformer>? preFeaturizer = null, IProgress<RunDetail>? progressHandler = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2u);
        return Run(new(trainData, null, checked((int)numberOfFolds), testData, preFeaturizer), progressHandler);
    }

    /// <summary>
    /// Follows the trade-off between the objective and the bound: the loosest bound is trained for all epochs, every tighter one goes on
    /// from the weights and the multipliers of the one before for a few epochs, at a constant learning rate.
    /// </summary>
    /// <param name="bounds">The bounds, at least one, each once; each is given to every constraint of the options.</param>
    /// <param name="trainData">The data to train on.</param>
    /// <param name="validationData">The data that the points are measured on, which train nothing; null takes a fifth of the training
    /// data.</param>
    /// <param name="preFeaturizer">What comes before the trainer; fitted on the rows that train alone.</param>
    /// <param name="progressHandler">Is told of every point.</param>
    /// <returns>A point for each bound, from the loosest to the tightest.</returns>
    /// <exception cref="ArgumentException">There is no bound, one is given twice or does not suit the constraints, or there is no
    /// constraint, or at most and at least are mixed.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public TradeOff SweepBounds(IReadOnlyList<double> bounds, IDataView trainData, IDataView? validationData = null,
        IEstimator<ITransformer>? preFeaturizer = null, IProgress<TradeOffPoint>? progressHandler = null)
        => Sweep(bounds, trainData, validationData, preFeaturizer, progressHandler, isWarm: true);

    /// <summary>
    /// Trains under each of several sets of constraints, each by itself, and measures all constraints on every model: what would another
    /// one cost?
    /// </summary>
    /// <param name="alternatives">The sets; an empty one trains without constraints.</param>
    /// <param name="trainData">The data to train on.</param>
    /// <param name="validationData">The data that the points are measured on, which train nothing; null takes a fifth of the training
    /// data.</param>
    /// <param name="preFeaturizer">What comes before the trainer; fitted on the rows that train alone.</param>
    /// <param name="progressHandler">Is told of every point.</param>
    /// <returns>A point for each set, in their order.</returns>
    /// <exception cref="ArgumentException">There is no set, or one is not valid.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public TradeOff Compare(IReadOnlyList<IReadOnlyList<FairnessConstraint>> alternatives, IDataView trainData,
        IDataView? validationData = null, IEstimator<ITransformer>? preFeaturizer = null, IProgress<TradeOffPoint>? progressHandler = null)
    {
        ArgumentNullException.ThrowIfNull(alternatives);
        ArgumentNullException.ThrowIfNull(trainData);
        return new TradeOffRun(_context, _settings, _task, new(trainData, validationData, 1, null, preFeaturizer), progressHandler)
            .Compare(alternatives);
    }

    /// <summary>The same sweep with every bound trained by itself where it is not to be warm.</summary>
    internal TradeOff Sweep(IReadOnlyList<double> bounds, IDataView trainData, IDataView? validationData,
        IEstimator<ITransformer>? preFeaturizer, IProgress<TradeOffPoint>? progressHandler, bool isWarm)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(trainData);
        return new TradeOffRun(_context, _settings, _task, new(trainData, validationData, 1, null, preFeaturizer), progressHandler)
            .Sweep(bounds, isWarm);
    }

    // Whatever ends one member ends all, as they would wait for it.
    private ExperimentResult Run(ExperimentInput input, IProgress<RunDetail>? progress)
    {
        try
        {
            return new ExperimentRun(_context, _settings, _task, input, progress).Run();
        }
        catch (Exception problem)
        {
            _settings.Collective?.Abort(problem);
            throw;
        }
    }
}
