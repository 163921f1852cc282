using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using TorchSharp;

namespace HumanCompatible.ML.Trainers;

/// <summary>
/// Trains a network under fairness constraints: it minimizes a loss subject to the declared bounds with a stochastic dual optimizer, and
/// ships the epoch with the fewest errors on rows it was not trained on, where missing a bound counts as errors.
/// </summary>
/// <typeparam name="TTransformer">What Fit returns: ML.NET's own prediction transformer of the task.</typeparam>
/// <typeparam name="TModel">The model in it.</typeparam>
/// <remarks>
/// A fit is repeatable bit by bit for given options, data and instruction set of the processor; the defaults do not depend on the machine.
/// Source: the default dual rule is Algorithm 1 of the inexact augmented Lagrangian method, doi 10.1007/s10589-023-00521-z.
/// </remarks>
public abstract class ConstrainedTrainer<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : class, ISingleFeaturePredictionTransformer<TModel>
    where TModel : ConstrainedModelParameters
{
    /// <summary>How often the context is asked whether it was told to stop.</summary>
    private const int WatchMilliseconds = 50;

    private readonly IHost _host;
    private readonly ConstrainedTrainerOptions _options;
    private readonly TrainingCallbacks _callbacks;
    private readonly TrainingColumns _columns;
    private readonly int _drawnSeed;

    private protected ConstrainedTrainer(IHostEnvironment environment, ConstrainedTrainerOptions options, TrainingCallbacks? callbacks)
    {
        TrainerOptionChecks.Check(options);
        _options = options.Copy();
        _callbacks = callbacks is null ? new() : callbacks with { };
        _columns = TrainingSetup.Columns(_options);
        _host = environment.Register(GetType().Name);

        // Drawn even when it is not used, so that what is registered after this trainer does not depend on the options.
        _drawnSeed = _host.Rand.Next();
    }

    /// <summary>
    /// Whether the trainer gains by normalized features: where it does not encode them. It keeps the data in a form of its own, so caching
    /// gains nothing.
    /// </summary>
    public TrainerInfo Info => TrainerPromise.Info(needsNormalization: _options.FeatureEncoding == FeatureEncoding.None);

    /// <summary>Checks that the columns are there and promises those that the model adds.</summary>
    /// <param name="inputSchema">The promise of the pipeline so far.</param>
    /// <returns>The promise after this estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.Check(inputSchema, nameof(inputSchema));
        return TrainerPromise.After(inputSchema, _options.Task, _columns.Label);
    }

    /// <summary>
    /// Trains, and chooses the epoch on a held-out share of the rows (<see cref="ConstrainedTrainerOptions.ValidationFraction"/>).
    /// </summary>
    /// <param name="input">The data.</param>
    /// <returns>The trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take.</exception>
    /// <exception cref="ArgumentException">The weight decay is too large for the learning rate that so many rows have.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on, a confidence is asked for but no row is held out, or
    /// some that are have copies among the training rows, a custom constraint's statistic fails, or the checkpoint is of another training;
    /// the message says why and where.</exception>
    /// <exception cref="FormatException">The file of <see cref="ConstrainedTrainerOptions.Checkpoint"/> is damaged, or no
    /// checkpoint.</exception>
    /// <exception cref="IOException">The temporary file of <see cref="ConstrainedTrainerOptions.MaximumMemory"/> cannot be made, or the
    /// disk is full.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="TrainingCanceledException">The token of the callbacks was canceled, or the context told to stop.</exception>
    public TTransformer Fit(IDataView input)
        => Together(() =>
        {
            CheckColumns(input, nameof(input));
            TrainerOptionChecks.CheckHoldsOut(_options);
            return Train(input.Schema, settings => TrainingSplits.Split(Read(input, settings), settings), null);
        });

    /// <summary>Trains, and chooses the epoch on data of their own.</summary>
    /// <param name="trainData">The data to train on, all of it.</param>
    /// <param name="validationData">The data to choose the epoch on, with the same columns. Rows that are trained on are left out.</param>
    /// <returns>The trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take, or the features differ in
    /// size.</exception>
    /// <exception cref="ArgumentException">The weight decay is too large for the learning rate that so many rows have.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on, a confidence is asked for but validation rows are trained
    /// on, a custom constraint's statistic fails, or the checkpoint is of another training; the message says why and where.</exception>
    /// <exception cref="FormatException">The file of <see cref="ConstrainedTrainerOptions.Checkpoint"/> is damaged, or no
    /// checkpoint.</exception>
    /// <exception cref="IOException">The temporary file of <see cref="ConstrainedTrainerOptions.MaximumMemory"/> cannot be made, or the
    /// disk is full.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="TrainingCanceledException">The token of the callbacks was canceled, or the context told to stop.</exception>
    public TTransformer Fit(IDataView trainData, IDataView validationData)
        => Together(() =>
        {
            CheckColumns(trainData, validationData);
            return Train(trainData.Schema, settings => Pair(trainData, validationData, settings), null);
        });

    /// <summary>Goes on from a trained model for <see cref="ConstrainedTrainerOptions.NumberOfEpochs"/> more epochs.</summary>
    /// <remarks>
    /// The feature encoding, the weights, the multipliers, the history and the best candidate are those of the model. Where it kept its
    /// training state (<see cref="ConstrainedTrainerOptions.KeepTrainingState"/>), and data, options and seed are the same, the result is
    /// bit by bit that of one longer training, in which patience counts from here; where a cosine schedule or the warm-up of bounds of
    /// rates (<see cref="Duals.DualOptimizerOptions.WarmUpEpochs"/>) follows the number of epochs, give it. Otherwise training goes on from
    /// the shipped weights and multipliers with a fresh primal optimizer. Which rows are held out follows from the seed: where it is not
    /// known to be that of the model, or the data are others, a warning says that rows held out now may have been trained on before.
    /// </remarks>
    /// <param name="trainData">The data, of which a share is held out to choose the epoch.</param>
    /// <param name="modelParameters">The model, for instance <c>chain.LastTransformer.Model</c> of a loaded one.</param>
    /// <returns>The trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take.</exception>
    /// <exception cref="ArgumentException">The network or the constraints of the options are not those of the model, or the weight decay is
    /// too large for the learning rate that so many rows have.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on or have another number of features than the model, a
    /// confidence is asked for but no row is held out, or the checkpoint is of another training; the message says why.</exception>
    /// <exception cref="FormatException">The file of <see cref="ConstrainedTrainerOptions.Checkpoint"/> is damaged, or no
    /// checkpoint.</exception>
    /// <exception cref="IOException">The temporary file of <see cref="ConstrainedTrainerOptions.MaximumMemory"/> cannot be made, or the
    /// disk is full.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="TrainingCanceledException">The token of the callbacks was canceled, or the context told to stop.</exception>
    public TTransformer Fit(IDataView trainData,
        TModel modelParameters)
        => Together(() =>
        {
            CheckColumns(trainData, nameof(trainData));
            CheckModel(modelParameters);
            TrainerOptionChecks.CheckHoldsOut(_options);
            return Train(trainData.Schema, settings => TrainingSplits.Split(Read(trainData, settings), settings), modelParameters);
        });

    /// <summary>Goes on from a trained model, and chooses the epoch on data of their own.</summary>
    /// <param name="trainData">The data to train on, all of it.</param>
    /// <param name="validationData">The data to choose the epoch on, with the same columns. Rows that are trained on are left out.</param>
    /// <param name="modelParameters">The model, see <see cref="Fit(IDataView, TModel)"/>.</param>
    /// <returns>The trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type its role does not take, or the features differ in
    /// size.</exception>
    /// <exception cref="ArgumentException">The network or the constraints of the options are not those of the model, or the weight decay is
    /// too large for the learning rate that so many rows have.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on or have another number of features than the model, or
    /// the checkpoint is of another training; the message says why.</exception>
    /// <exception cref="FormatException">The file of <see cref="ConstrainedTrainerOptions.Checkpoint"/> is damaged, or no
    /// checkpoint.</exception>
    /// <exception cref="IOException">The temporary file of <see cref="ConstrainedTrainerOptions.MaximumMemory"/> cannot be made, or the
    /// disk is full.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="TrainingCanceledException">The token of the callbacks was canceled, or the context told to stop.</exception>
    public TTransformer Fit(IDataView trainData, IDataView validationData,
        TModel modelParameters)
        => Together(() =>
        {
            CheckColumns(trainData, validationData);
            CheckModel(modelParameters);
            return Train(trainData.Schema, settings => Pair(trainData, validationData, settings), modelParameters);
        });

    /// <summary>Makes the prediction transformer of a model.</summary>
    /// <param name="host">The host of the trainer.</param>
    /// <param name="trained">What was learned.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="schema">That of the data.</param>
    private protected abstract TTransformer Transformer(IHost host, TrainedModel trained, ConstrainedTrainerOptions options,
        DataViewSchema schema);

    private void CheckColumns(IDataView trainData, IDataView validationData)
    {
        CheckColumns(trainData, nameof(trainData));
        CheckColumns(validationData, nameof(validationData));
        var trained = trainData.Schema[_columns.Feature].Type;
        var validated = validationData.Schema[_columns.Feature].Type;
        if (!trained.Equals(validated))
            throw SchemaMismatch.WrongType(nameof(validationData), "feature", _columns.Feature, trained.ToString()!, validated.ToString()!);

        // Keys of as many values may be other ones; that is seen where the values are read.
        var (label, other) = (trainData.Schema[_columns.Label].Type, validationData.Schema[_columns.Label].Type);
        if (_options.Task == LearningTask.MulticlassClassification && !label.Equals(other))
            throw SchemaMismatch.WrongType(nameof(validationData), "label", _columns.Label, label.ToString()!, other.ToString()!);
    }

    private void CheckColumns(IDataView data, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(data, parameterName);
        _columns.Check(data.Schema, parameterName);
    }

    private void CheckModel(TModel modelParameters)
    {
        ArgumentNullException.ThrowIfNull(modelParameters);
        Continuation.Check(modelParameters, _options);
    }

    private TrainingSplits Pair(IDataView trainData, IDataView validationData, SplitSettings settings)
        => TrainingSplits.Pair(Read(trainData, settings), ReadValidation(validationData, settings), settings);

    private RawTable ReadValidation(IDataView data, SplitSettings settings)
    {
        try
        {
            return Read(data, settings);
        }
        catch (InvalidOperationException problem)
        {
            throw new InvalidOperationException($"The validation data cannot be used. {problem.Message}", problem);
        }
    }

    private RawTable Read(IDataView data, SplitSettings settings)
    {
        var table = RawTableReader.Read(data, _columns, settings.Cancellation, settings.Memory);

        // What the rows were read into is garbage as large as the table without its features.
        settings.Memory?.Release();
        return SharedTable.Of(table, data.Schema, Collective);
    }

    private ICollective Collective => _options.Collective ?? Alone.Instance;

    /// <summary>Trains on data that were read and divided elsewhere.</summary>
    /// <param name="schema">The schema of the data.</param>
    /// <param name="prepare">Gives the divided data.</param>
    /// <param name="from">The model to go on from, or null.</param>
    internal TTransformer Fit(DataViewSchema schema, Func<SplitSettings, TrainingSplits> prepare, TModel? from)
        => Together(() =>
        {
            if (from is not null)
                CheckModel(from);
            return Train(schema, prepare, from);
        });

    // Whatever ends one member ends all, as they would wait for it; but all cancel and diverge at the same step of training.
    private TTransformer Together(Func<TTransformer> fit)
    {
        try
        {
            return fit();
        }
        catch (Exception problem) when (problem is not (TrainingDivergedException or TrainingCanceledException { Epoch: > 0 }))
        {
            Collective.Abort(problem);
            throw;
        }
    }

    private TTransformer Train(DataViewSchema schema,
        Func<SplitSettings, TrainingSplits> prepare, TModel? from)
    {
        OptionTexts.CheckSame(_options, Collective);
        if (_options.Device is not ("cpu" or "auto"))
            TorchDevice.Resolve(_options.Device); // one that is not there is refused before the rows are read
        var checkpoint = CheckpointedTraining.Open(_options, from);
        var seed = Exchange.First(Collective, _options.Seed ?? checkpoint?.Seed ?? from?.TrainingState?.Seed ?? _drawnSeed);
        using var channel = _host.Start("Training");
        using var progress = _host.StartProgressChannel("Training");
        var log = new TrainingLog(channel, progress, _callbacks.Progress, _options.Constraints, _options.Task);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_callbacks.CancellationToken);
        using var watch = new Timer(_ => CheckAlive(), null, WatchMilliseconds, WatchMilliseconds);
        using var memory = new RowMemory(_options.MaximumMemory, _options.TemporaryFolder);
        var data = UntilCanceled(() => TorchLibrary.LoadWhile(() => prepare(TrainingSetup.Splits(_options, from, seed) with
        {
            Cancellation = cancellation.Token,
            Memory = memory,
        })));
        memory.Release();
        if (from is not null)
        {
            Continuation.CheckGroups(from, data.Training.Partitions);
            data = data with { Warnings = [.. data.Warnings, .. Continuation.Warn(from)] };
        }

        var resumed = checkpoint?.Resume(data.Fingerprint, seed);
        var start = from is null ? TrainingRecord.Empty : Continuation.Start(from);
        var loop = TrainingSetup.Loop(_options, data, start, seed);
        if (resumed is not null)
        {
            var trained = resumed.History.Count - start.History.Count;
            loop = loop with { Start = resumed, NumberOfEpochs = loop.NumberOfEpochs - trained };
        }

        log.Start(data, _options.DualOptimizer.GetWarnings(), loop.LastEpoch, resumed?.History.Count);

        using var recording = torch.inference_mode(false);
        using var gradients = torch.enable_grad();
        using var threads = new TorchThreads(_options.NumberOfThreads);
        var outcome = UntilCanceled(() => TrainingTeam.Run(loop, data.Groups.Constraints, data.Training, data.HeldOut,
            _options.NumberOfThreads, CheckAlive, OnEpoch, checkpoint is null ? null : checkpoint.Keep, cancellation.Token));
        if (outcome.End != TrainingEnd.Canceled)
            checkpoint?.Delete();
        var transformer = outcome.Record.Best is null ? null
            : Transformer(_host, ModelBuilder.Build(_options, data, outcome), _options, schema);
        switch (outcome.End)
        {
            case TrainingEnd.Canceled:
                throw new TrainingCanceledException(outcome.Epoch, transformer, _callbacks.CancellationToken);
            case TrainingEnd.Diverged:
                throw new TrainingDivergedException(outcome.Epoch, outcome.Step, _options.FeatureEncoding != FeatureEncoding.None ? null
                    : FeatureColumn.DescribeExcess(schema[_columns.Feature], data.Training), transformer);
            default:
                log.End(transformer!.Model.Summary, outcome.Record.Best!.Unmixed is not null);
                return transformer;
        }

        void OnEpoch(EpochHistory epoch, int best)
        {
            if (Collective.Rank == 0)
                log.Epoch(epoch, best);
            CheckAlive();
        }

        T UntilCanceled<T>(Func<T> work)
        {
            try
            {
                return work();
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                throw new TrainingCanceledException(0, null, _callbacks.CancellationToken);
            }
        }

        // Also of a thread of the timer, when training may have ended already.
        void CheckAlive()
        {
            try
            {
                if (HostEnvironments.IsCanceled(_host))
                    cancellation.Cancel();
            }
            catch (ObjectDisposedException)
            {
            }
        }
    }
}
