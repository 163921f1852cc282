using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// The training loop: epochs of batches, each a primal and a dual step; after each epoch a candidate, measured on the rows that choose the
/// epoch.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly TrainingSettings _settings;
    private readonly CancellationToken _cancellation;
    private readonly CancellationToken _measuring;
    private readonly bool _takesSparse;
    private readonly Totals _totals;
    private readonly TrainableNetwork _network = null!;
    private readonly EncodedRows _training = null!;
    private readonly EncodedRows _validation = null!;
    private readonly GroupBalancedBatches? _balanced;
    private readonly Learner _learner = null!;
    private readonly CandidateSearch _candidates = null!;

    /// <param name="settings">The settings.</param>
    /// <param name="constraints">The constraints, or none.</param>
    /// <param name="training">The rows to train on.</param>
    /// <param name="heldOut">The rows to choose the epoch with; null where none are held out: the training rows choose.</param>
    /// <param name="cancellation">Ends training within a batch.</param>
    /// <param name="collective">Who trains together; null for one alone.</param>
    /// <param name="first">Of several threads the loop of the first, whose rows this one uses; null for the first.</param>
    /// <exception cref="OperationCanceledException">It was canceled before the first epoch.</exception>
    /// <exception cref="InvalidOperationException">Several train a network that keeps statistics of its batches.</exception>
    internal TrainingLoop(TrainingSettings settings, IReadOnlyList<FairnessConstraint> constraints, TrainingRows training,
        TrainingRows? heldOut, CancellationToken cancellation, ICollective? collective = null, TrainingLoop? first = null)
    {
        (_settings, _cancellation) = (settings, cancellation);
        collective ??= training.Collective;
        _totals = new Totals(collective);

        // Processes agree on the end of training between steps; threads of one tell each other at once.
        _measuring = training.Collective.Count > 1 ? CancellationToken.None : cancellation;
        try
        {
            var device = TorchDevice.Resolve(settings.Device);
            _takesSparse = TrainableNetwork.TakesSparseRows(settings.Network, device);
            EncodedRows Encoded(TrainingRows rows, EncodedRows? others) => others is null
                ? new EncodedRows(rows, constraints, device, _takesSparse, collective) : new EncodedRows(others, constraints, collective);
            _training = Encoded(training, first?._training);
            _validation = heldOut is null ? _training : Encoded(heldOut, first?._validation);

            // The pull of an envelope is on all weights, and so are sums of gradients.
            _network = new TrainableNetwork(settings.Network, training.InputCount, training.Task.OutputCount, settings.Seed, device,
                isLazy: training.Encoder.IsWide && _training.IsSparse && settings.Optimizer.MoreauEnvelope is null && _totals.IsAlone);
            if (_network.HasStatistics && !_totals.IsAlone)
            {
                throw new InvalidOperationException("The network keeps statistics of its batches, as batch normalization does: they are no "
                    + "sums over rows, so that a Collective cannot train it.");
            }

            if (settings.Sampling == BatchSampling.GroupBalanced)
                _balanced = new GroupBalancedBatches(training, settings.BatchSize, device);
            var margins = new MarginRule(_training.Constraints?.Constraints ?? [], training, settings.Safety?.ExpectedWidths() ?? [],
                settings.MarginShare, settings.HoldsUnmeasurable);
            _learner = new Learner(settings, _network, _training, margins);
            _candidates = new CandidateSearch(_learner, _training, _validation, margins, settings, _measuring);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Trains, then measures the best candidate.</summary>
    /// <param name="onEpoch">Is told of every finished epoch, and which one is the best so far.</param>
    /// <param name="onCheckpoint">Before that, gets what training resumes from, in the epochs that have a checkpoint.</param>
    internal TrainingOutcome Run(Action<EpochHistory, int> onEpoch, Action<TrainingRecord>? onCheckpoint = null)
    {
        var start = _settings.Start;
        var before = start.History.Count;
        List<EpochHistory> history = [.. start.History];
        var state = _settings.KeepsState ? start.State : null;

        _candidates.Start();

        // Patience counts from the first candidate that keeps the bounds without being nearly constant.
        var useful = start.PatienceFrom ?? (_candidates.Best is { Evaluation.IsUseful: true } ? before : int.MaxValue);
        for (var epoch = before + 1; epoch <= _settings.LastEpoch && !IsOutOfPatience(epoch - 1); epoch++)
        {
            var (end, step, loss) = RunEpoch(epoch);
            if (end != TrainingEnd.Finished)
                return Ended(end, epoch, step);

            Evaluation? candidate;
            try
            {
                _learner.EndEpoch(epoch, _measuring);
                candidate = _candidates.Consider(epoch);
            }
            catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
            {
                return Ended(TrainingEnd.Canceled, epoch, step);
            }

            if (candidate is null)
                return Ended(TrainingEnd.Diverged, epoch, step);
            if (epoch == before + 1)
                _network.CheckRows(_training.InputsOf, _training.Slices.FirstOrDefault() ?? []);
            history.Add(new EpochHistory(epoch, loss, candidate.Loss, candidate.Accuracy, candidate.Values,
                _learner.Multipliers?.Values ?? []));
            if (candidate.IsUseful)
                useful = Math.Min(useful, epoch);
            if (_settings.KeepsState)
                state = Save(epoch);
            if (epoch % _settings.CheckpointEpochs == 0)
            {
                onCheckpoint?.Invoke(new TrainingRecord(_candidates.Best, history, state ?? Save(epoch))
                {
                    PatienceFrom = useful == int.MaxValue ? null : useful,
                });
            }

            onEpoch(history[^1], _candidates.Best!.Epoch);
        }

        try
        {
            _candidates.MixWithLinear();
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return Ended(TrainingEnd.Canceled, history.Count, 0);
        }

        return Ended(TrainingEnd.Finished, history.Count, 0);

        TrainingState Save(int epoch) => _learner.Save(epoch) with { ObjectiveGap = _candidates.ObjectiveGap };

        bool IsOutOfPatience(int epoch) => useful <= epoch
            && epoch - Math.Max(_candidates.Best!.Epoch, useful) >= (_settings.EarlyStoppingPatience ?? int.MaxValue);

        TrainingOutcome Ended(TrainingEnd end, int epoch, int step)
        {
            if (end != TrainingEnd.Finished)
                _candidates.GiveBackStart();
            var best = _candidates.Best;
            return Measured(new TrainingOutcome(end, epoch, step,
                new TrainingRecord(best, history, state is null ? null : state with { Unmixed = best?.Unmixed })));
        }
    }

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        _learner?.Dispose();
        _balanced?.Dispose();
        _validation?.Dispose();
        _training?.Dispose();
        _network?.Dispose();
    }

    private (TrainingEnd End, int Step, double Loss) RunEpoch(int epoch)
    {
        using var scope = torch.NewDisposeScope();
        _learner.BeginEpoch(epoch);
        var seed = EpochSeed.Order(_settings.Seed, epoch);
        using var order = _balanced is null ? _training.Order(seed) : new RowOrder(_balanced.Order(seed));
        double total = 0;
        var step = 0;
        for (int start = 0, count; start < _training.Count; start += count)
        {
            step++;
            count = EncodedRows.BatchAt(start, _settings.BatchSize, _training.Count);
            if (RunStep(order, count, epoch, step) is not { } loss)
                return (TrainingEnd.Canceled, step, 0);
            if (!double.IsFinite(loss))
                return (TrainingEnd.Diverged, step, loss);
            total += loss * count;
        }

        return (TrainingEnd.Finished, step, total / _training.Count * _training.Source.Task.UnitOf(GroupMetric.MeanLoss));
    }

    private double? RunStep(RowOrder order, int count, int epoch, int step)
    {
        using var scope = torch.NewDisposeScope();
        var (own, share) = _training.PartOf(order.Next(count));
        var batch = _training.Gather(own);
        batch = _balanced?.Weigh(batch, own) ?? batch;

        // A row that stands in for none counts for nothing.
        if (share == 0)
            batch = batch with { Membership = batch.Membership?.mul(Scalars.Zero) };
        return _learner.Step(batch with { Share = share }, epoch, step, _cancellation);
    }

    // With what is said of the best candidate beyond the rows that chose it. Who cancels does not wait for more rows to be measured.
    private TrainingOutcome Measured(TrainingOutcome outcome)
    {
        if (outcome.Record.Best is not { } best)
            return outcome;
        _network.Load(best.Weights);
        _network.Eval();
        var isCanceled = outcome.End == TrainingEnd.Canceled;
        var measured = outcome with
        {
            Labels = _training.Source.Task,
            OnTraining = best.Evaluation.OnTraining ?? (isCanceled ? null : Measurement.Of(_network, _training)),
            OnValidation = best.Evaluation.OnValidation,
            MultiplierNames = _learner.Multipliers?.Names ?? [],
        };
        return _settings.Safety is not { } safety || isCanceled ? measured
            : measured with { Safety = safety.Run(OnSafetyRows(safety.Rows).RatesOf, measured.OnBoth.RatesOf) };
    }

    private Measurement OnSafetyRows(TrainingRows rows)
    {
        using var encoded = new EncodedRows(rows, [], _training.Device, _takesSparse, _training.Collective);
        return Measurement.Of(_network, encoded);
    }
}
