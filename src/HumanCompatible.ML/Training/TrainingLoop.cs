using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training.Multipliers;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// The training loop: epochs of shuffled batches; a primal step on the Lagrangian, then a dual step; after each epoch a candidate, the
/// better of the weights and their
/// average (while none keeps the bounds, of points between them, too), judged on the selection rows.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    /// <summary>With so many steps an epoch or more, every <see cref="AverageStride"/>th goes into the average.</summary>
    private const int LongEpoch = 16;
    private const int AverageStride = 4;

    /// <summary>
    /// While no candidate keeps the bounds: points between the weights, which may miss a bound to one side, and their average, which may
    /// miss it to the other.
    /// </summary>
    private static readonly double[] SharesBetween = [0.5, 0.25, 0.75];

    private readonly TrainingSettings _settings;
    private readonly TrainingRows _validationRows;
    private readonly CancellationToken _cancellation;
    private readonly TrainableNetwork _network = null!;
    private readonly EncodedRows _training = null!;
    private readonly EncodedRows _validation = null!;
    private readonly GroupBalancedBatches? _balanced;
    private readonly MultiplierControl? _duals;
    private readonly PrimalOptimizer _primal = null!;
    private readonly WeightAverage? _average;

    internal TrainingLoop(TrainingSettings settings, IReadOnlyList<FairnessConstraint> constraints, TrainingRows training,
        TrainingRows selection, CancellationToken cancellation)
    {
        _settings = settings;
        _validationRows = selection;
        _cancellation = cancellation;
        try
        {
            var device = TorchDevice.Resolve(settings.Device);
            if (constraints.Count > 0)
                _duals = new MultiplierControl(settings, constraints, training, selection, device);
            _network = new TrainableNetwork(settings.Network, training.InputCount, 1, settings.Seed, device);
            _training = Tensors(training, _duals?.OnTraining, device);
            _balanced = settings.Sampling == BatchSampling.GroupBalanced
                ? new GroupBalancedBatches(training, settings.BatchSize, device) : null;
            _validation = ReferenceEquals(training, selection) ? _training : Tensors(selection, _duals?.OnValidation, device);
            if (settings.Start is { } start)
                _network.Load(start.State?.Weights ?? start.Best.Weights);
            _primal = new PrimalOptimizer(_network.Parameters, settings.LearningRate, settings.WeightDecay, settings.MoreauEnvelope);
            if (settings.WeightAveragingEpochs > 0)
            {
                var steps = Math.Ceiling((double)training.Count / settings.BatchSize);
                _average = new WeightAverage(_network.Parameters, settings.WeightAveragingEpochs * steps,
                    steps < LongEpoch ? 1 : AverageStride);
            }

            GoOn(settings.Start);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The names of the rows of each constraint, in the order of the duals.</summary>
    internal IReadOnlyList<(string Constraint, string Row)> DualNames => _duals?.Names ?? [];

    /// <summary>Trains.</summary>
    /// <param name="onEpoch">Is told of every finished epoch, and which one is the best so far.</param>
    internal TrainingOutcome Run(Action<EpochHistory, int> onEpoch)
    {
        var history = new List<EpochHistory>(_settings.Start?.History ?? []);
        var best = Incumbent();
        var state = _settings.KeepsState ? _settings.Start?.State : null;
        var first = history.Count + 1;
        for (var epoch = first; epoch < first + _settings.NumberOfEpochs; epoch++)
        {
            _network.Train();
            _network.Reseed(EpochSeed.Network(_settings.Seed, epoch));
            var (end, step, loss) = RunEpoch(epoch);
            if (end != TrainingEnd.Finished)
                return new TrainingOutcome(end, epoch, step, best, history, state);

            _network.Eval();
            _duals?.AfterEpoch(epoch - 1, _network, _training);
            if (Better(epoch, best is { Validation.Violation: <= 0 }) is not var (selection, share))
                return new TrainingOutcome(TrainingEnd.Diverged, epoch, step, best, history, state);
            if (best is null || CandidateSelection.IsBetter(selection.AsCandidate(), best.Validation.AsCandidate()))
                best = Candidate(epoch, selection, share);
            history.Add(new EpochHistory(
                epoch,
                loss,
                selection.Loss,
                selection.Accuracy,
                [.. selection.Audited.Select(constraint => constraint.Value)],
                _duals?.Values ?? [],
                !(selection.Violation > 0)));
            if (_settings.KeepsState)
                state = State(epoch);
            onEpoch(history[^1], best.Epoch);
            if (epoch - Math.Max(best.Epoch, first - 1) >= (_settings.EarlyStoppingPatience ?? int.MaxValue))
                break;
        }

        return new TrainingOutcome(TrainingEnd.Finished, history.Count, 0, best, history, state);
    }

    /// <summary>How weights do on the training rows.</summary>
    internal Evaluation EvaluateOnTraining(NetworkWeights weights)
    {
        _network.Load(weights);
        _network.Eval();
        return NetworkEvaluator.Evaluate(_network, _training, _duals?.OnTraining);
    }

    /// <summary>The logits of weights on rows that training has not seen.</summary>
    internal float[] Logits(NetworkWeights weights, TrainingRows rows)
    {
        _network.Load(weights);
        _network.Eval();
        using var tensors = new EncodedRows(rows, null, _training.Device, _network.TakesSparseRows);
        return NetworkEvaluator.Logits(_network, tensors);
    }

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        _primal?.Dispose();
        _average?.Dispose();
        _network?.Dispose();
        _training?.Dispose();
        _validation?.Dispose();
        _balanced?.Dispose();
        _duals?.Dispose();
    }

    private (TrainingEnd End, int Step, double Loss) RunEpoch(int epoch)
    {
        using var scope = torch.NewDisposeScope();
        var seed = EpochSeed.Order(_settings.Seed, epoch);
        using var shuffle = new torch.Generator((ulong)seed);
        var order = _balanced?.Order(seed) ?? torch.randperm(_training.Count, device: torch.CPU, generator: shuffle).to(_training.Device);
        double total = 0;
        var step = 0;
        for (var start = 0; start < _training.Count; start += _settings.BatchSize)
        {
            step++;
            if (_cancellation.IsCancellationRequested)
                return (TrainingEnd.Canceled, step, 0);
            var count = Math.Min(_settings.BatchSize, _training.Count - start);
            var loss = RunStep(order.narrow(0, start, count), epoch - 1, step - 1);
            if (!double.IsFinite(loss))
                return (TrainingEnd.Diverged, step, loss);
            total += loss * count;
        }

        return (TrainingEnd.Finished, step, total / _training.Count);
    }

    private double RunStep(torch.Tensor rowNumbers, int epoch, int step)
    {
        using var scope = torch.NewDisposeScope();
        var batch = _training.Gather(rowNumbers);
        if (_balanced is not null)
            batch = _balanced.Weigh(batch, rowNumbers);
        var logits = _network.Forward(batch.Inputs);
        var loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, batch.Labels, batch.Weights);
        double value = loss.item<float>();
        if (!double.IsFinite(value))
            return value;

        _primal.Step(_duals?.Lagrangian(loss, logits, batch, epoch) ?? loss);
        _average?.Add();
        _duals?.AfterBatch(epoch, step);
        return value;
    }

    // How the better of the weights and their average does, or null where the loss of the weights is not finite; with the share of the
    // average in it. Measures the gap in passing.
    private (Evaluation Validation, double Share)? Better(int epoch, bool isFeasible)
    {
        (Evaluation Validation, double Share) best = (Judged(), 0);
        if (!double.IsFinite(best.Validation.Loss))
            return null;
        if (_average is null)
        {
            _duals?.MeasureGap(epoch, isFeasible, _network, _training, _validation);
            return best;
        }

        using (_average.InPlaceOfWeights())
        {
            _duals?.MeasureGap(epoch, isFeasible, _network, _training, _validation);
            Challenge(1);
        }

        if (isFeasible)
            return best;
        foreach (var share in SharesBetween)
        {
            if (best.Validation.Violation <= 0)
                break;
            using var inPlace = _average.InPlaceOfWeights(share);
            Challenge(share);
        }

        return best;

        void Challenge(double share)
        {
            var challenger = Judged();
            if (double.IsFinite(challenger.Loss) && CandidateSelection.IsBetter(challenger.AsCandidate(), best.Validation.AsCandidate()))
                best = (challenger, share);
        }
    }

    private TrainedCandidate Candidate(int epoch, Evaluation selection, double share)
    {
        using var inPlace = share > 0 ? _average!.InPlaceOfWeights(share) : null;
        return new TrainedCandidate(epoch, _network.Snapshot(), _duals?.StateDict(), _duals?.Values ?? [], selection);
    }

    private void GoOn(StartingPoint? start)
    {
        if (start is null)
            return;
        if ((start.State is { } known ? known.Duals : start.Best.Duals) is { } duals)
            _duals?.Load(duals);
        if (start.State is not { } state)
            return;
        _primal.Load(state.Primal);
        _duals?.Load(state);
        if (state.Average.Count > 0)
            _average?.Load(state.AverageCount, state.Average);
    }

    // How the weights that the network has do on the selection rows.
    private Evaluation Judged() => WithWidths(NetworkEvaluator.Evaluate(_network, _validation, _duals?.OnValidation));

    // What a confidence asks of a candidate beside its values; the network holds its weights.
    private Evaluation WithWidths(Evaluation selection)
        => _settings.Safety is { } safety ? selection with
        {
            WidthsKept =
            safety.WidthsKept(_validationRows, NetworkEvaluator.Logits(_network, _validation))
        } : selection;

    // The candidate that the model to go on from ships.
    private TrainedCandidate? Incumbent()
    {
        if (_settings.Start is not { } start || _settings.Safety is null)
            return _settings.Start?.Best;
        var weights = _network.Snapshot();
        _network.Load(start.Best.Weights);
        _network.Eval();
        var judged = start.Best with { Validation = WithWidths(start.Best.Validation) };
        _network.Load(weights);
        return judged;
    }

    private TrainingState State(int epoch)
    {
        var state = new TrainingState(epoch, _settings.Seed, _network.Snapshot(), _primal.Save(), null, [])
        {
            Average = _average?.Save() ?? [],
            AverageCount = _average?.Count ?? 0,
        };
        return _duals?.Save(state) ?? state;
    }

    private EncodedRows Tensors(TrainingRows rows, CompiledConstraints? constraints, torch.Device device)
    {
        using var membership = constraints?.Membership(rows.Weights);
        return new EncodedRows(rows, membership, device, _network.TakesSparseRows);
    }
}
