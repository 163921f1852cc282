using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace HumanCompatible.ML.Trainers;

/// <summary>
/// Trains a binary classifier under fairness constraints: it minimizes the logistic loss subject to the declared bounds with a stochastic
/// dual optimizer,
/// iALM unless told otherwise, and ships the epoch that keeps the bounds on rows it was not trained on at the lowest error rate.
/// </summary>
/// <remarks>
/// Input: a label (Boolean, a number that is 0 or 1, or a key with 2 values), features (a vector of <see cref="float"/> of fixed size,
/// without missing values), the
/// group columns of the constraints (text, key, Boolean, or integer-valued numbers; needed to fit only), optionally a weight. Output: Score
/// (the logit),
/// Probability, PredictedLabel. A fit is repeatable bit by bit for a given seed, data and number of threads.
/// Source: the dual rule is Algorithm 1 of the inexact augmented Lagrangian method, doi 10.1007/s10589-023-00521-z.
/// </remarks>
public sealed class ConstrainedBinaryClassificationTrainer : IEstimator<ConstrainedBinaryClassificationTransformer>
{
    private readonly IHost _host;
    private readonly ConstrainedBinaryClassificationOptions _options;
    private readonly TrainingColumns _columns;
    private readonly int _seed;

    internal ConstrainedBinaryClassificationTrainer(IHostEnvironment environment, ConstrainedBinaryClassificationOptions options)
    {
        var problems = new List<string>();
        options.Validate(problems);
        if (problems.Count > 0)
        {
            throw new ArgumentException("The options of the trainer are not valid:"
                + string.Concat(problems.Select(problem => $"{Environment.NewLine}- {problem}")), nameof(options));
        }

        _options = options.Clone();
        _columns = TrainingColumns.Of(_options);
        _host = environment.Register(nameof(ConstrainedBinaryClassificationTrainer));

        // Drawn even when it is not used, so that what is registered after this trainer does not depend on the options.
        var drawn = _host.Rand.Next();
        _seed = _options.Seed ?? _options.ContinueFrom?.TrainingState?.Seed ?? drawn;
    }

    /// <summary>Checks that the columns are there and promises Score, Probability and PredictedLabel.</summary>
    /// <param name="inputSchema">The promise of the pipeline so far.</param>
    /// <returns>The promise after this estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.Check(inputSchema, nameof(inputSchema));
        var added = BinaryOutputColumns.Shapes();
        return new SchemaShape(inputSchema.Where(column => !added.Any(other => other.Name == column.Name)).Concat(added));
    }

    /// <summary>
    /// Trains, and chooses the epoch on a held-out share of the rows (<see cref="ConstrainedTrainerOptions.ValidationFraction"/>).
    /// </summary>
    /// <param name="input">The data.</param>
    /// <returns>The trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on, or a custom constraint's statistic fails; the message
    /// says why and where.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="TrainingCanceledException">The token of the options was cancelled.</exception>
    public ConstrainedBinaryClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _columns.Check(input.Schema, nameof(input));
        return Train(() => TrainingSplits.Split(Read(input), _options, _seed));
    }

    /// <summary>Trains, and chooses the epoch on data of their own.</summary>
    /// <param name="trainData">The data to train on, all of it.</param>
    /// <param name="validationData">The data to choose the epoch on, with the same columns.</param>
    /// <returns>The trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take, or the features differ in
    /// size.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on, or a custom constraint's statistic fails; the message
    /// says why and where.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="TrainingCanceledException">The token of the options was cancelled.</exception>
    public ConstrainedBinaryClassificationTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        _columns.Check(trainData.Schema, nameof(trainData));
        _columns.Check(validationData.Schema, nameof(validationData));
        var trained = trainData.Schema[_columns.Feature].Type;
        var validated = validationData.Schema[_columns.Feature].Type;
        if (!trained.Equals(validated))
            throw SchemaMismatch.WrongType(nameof(validationData), "feature", _columns.Feature, trained.ToString()!, validated.ToString()!);
        return Train(() => TrainingSplits.Pair(Read(trainData), Read(validationData), _options, _seed));
    }

    private RawTable Read(IDataView data)
    {
        try
        {
            return RawTableReader.Read(data, _columns, _options.CancellationToken);
        }
        catch (OperationCanceledException) when (_options.CancellationToken.IsCancellationRequested)
        {
            throw new TrainingCanceledException(0, null, _options.CancellationToken);
        }
    }

    private ConstrainedBinaryClassificationTransformer Train(Func<TrainingSplits> prepare)
    {
        using var channel = _host.Start("Training");
        using var progress = _host.StartProgressChannel("Training");
        var log = new TrainingLog(channel, progress, _options);
        var load = Task.Run(TorchLibrary.Load);
        var data = prepare();
        load.GetAwaiter().GetResult();
        log.Start(data);

        using var gradients = torch.enable_grad();
        using var threads = new TorchThreads(_options.NumberOfThreads);
        using var training = new TrainingLoop(Settings(data), _options.Constraints, data.Training,
            ReferenceEquals(data.Training, data.Validation) ? null : data.Validation, _options.CancellationToken);
        var outcome = training.Run(log.Epoch);
        var model = outcome.Record.Best is null ? null : ModelBuilder.Build(_options, data, outcome);
        var transformer = model is null ? null : new ConstrainedBinaryClassificationTransformer(model, _columns.Feature, _options.Device);
        switch (outcome.End)
        {
            case TrainingEnd.Canceled:
                throw new TrainingCanceledException(outcome.Epoch, transformer, _options.CancellationToken);
            case TrainingEnd.Diverged:
                throw new TrainingDivergedException(outcome.Epoch, outcome.Step, transformer);
            default:
                log.End(transformer!.Summary);
                return transformer;
        }
    }

    private TrainingSettings Settings(TrainingSplits data) => new()
    {
        Network = _options.Network,
        DualOptimizer = _options.DualOptimizer,
        NumberOfEpochs = _options.NumberOfEpochs,
        BatchSize = _options.BatchSizeFor(data.Training.Count),
        LearningRate = _options.LearningRate,
        WeightDecay = _options.WeightDecay,
        TrainingMargin = _options.TrainingMargin,
        Safety = data.Safety is null ? null : new SafetyTest(_options.Constraints, _options.ConfidenceLevel!.Value, data.Safety),
        EarlyStoppingPatience = _options.EarlyStoppingPatience,
        Seed = _seed,
        Device = _options.Device,
        Sampling = _options.Sampling,
        DualSchedule = _options.DualSchedule,
        WeightAveragingEpochs = _options.WeightAveragingEpochs,
        DampsDuals = _options.DampDuals,
        CorrectsGeneralizationGap = _options.CorrectGeneralizationGap,
        MoreauEnvelope = _options.MoreauEnvelope,
        KeepsState = _options.KeepTrainingState,
        Start = ModelBuilder.Start(_options),
    };
}
