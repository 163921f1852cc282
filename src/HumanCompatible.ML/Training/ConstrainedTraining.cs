using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tensors;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// The training loop: epochs of shuffled batches; a primal step on the Lagrangian, whose violations have the values of the exact ones and the gradient of the smooth
/// ones, then a dual step on the exact ones; after each epoch a candidate, judged on the selection rows.
/// </summary>
internal sealed class ConstrainedTraining : IDisposable
{
    private readonly TrainingSettings _settings;
    private readonly IReadOnlyList<FairnessConstraint> _constraints;
    private readonly TrainingRows _selectionRows;
    private readonly CancellationToken _cancellation;
    private readonly TrainableNetwork _network = null!;
    private readonly RowTensors _training = null!;
    private readonly RowTensors _selection = null!;
    private readonly GroupBalancedBatches? _balanced;
    private readonly CompiledConstraints? _trainingConstraints;
    private readonly CompiledConstraints? _selectionConstraints;
    private readonly DualOptimizer? _duals;
    private readonly PrimalOptimizer _primal = null!;
    private readonly WeightAverage? _average;
    private readonly SelectionGap? _gap;
    private readonly DualSchedule _schedule;
    private readonly RateSmoothing? _smoothing;
    private readonly double[] _violations = [];

    internal ConstrainedTraining(TrainingSettings settings, IReadOnlyList<FairnessConstraint> constraints, TrainingRows training, TrainingRows selection, CancellationToken cancellation)
    {
        _settings = settings;
        _constraints = constraints;
        _selectionRows = selection;
        _cancellation = cancellation;
        _schedule = settings.DualSchedule;
        try
        {
            var device = TorchDevice.Resolve(settings.Device);
            if (constraints.Count > 0)
            {
                _trainingConstraints = CompiledConstraints.Compile(constraints, training.Partitions, device, probe: new ProbeRows(training.Labels, training.Weights));
                _selectionConstraints = CompiledConstraints.Compile(constraints, selection.Partitions, device, probe: new ProbeRows(selection.Labels, selection.Weights));
                _trainingConstraints.Tighten(Margins());
                _selectionConstraints.Tighten(Margins());
                _violations = new double[_trainingConstraints.Count];
                var window = SmoothingWindow.Batches(SmoothingWindow.SmallestShare(constraints, training), settings.BatchSize, training.Count);
                _smoothing = new RateSmoothing(window);
                _schedule = _schedule with { BatchesPerStep = _schedule.BatchesPerStep ?? SmoothingWindow.BatchesPerDualStep(window) };
                if (settings.CorrectsSelectionGap && !ReferenceEquals(training, selection))
                    _gap = new SelectionGap(_trainingConstraints.ViolationBounds);
                _duals = settings.DualOptimizer.Create(
                    [.. _trainingConstraints.Constraints.Select(constraint => new DualGroupDeclaration(constraint.Name, constraint.Count, true))],
                    torch.ScalarType.Float32,
                    device);
            }

            _training = Tensors(training, _trainingConstraints, device);
            _balanced = settings.Sampling == BatchSampling.GroupBalanced ? new GroupBalancedBatches(training, settings.BatchSize, device) : null;
            _selection = ReferenceEquals(training, selection) ? _training : Tensors(selection, _selectionConstraints, device);
            _network = new TrainableNetwork(settings.Network, training.InputCount, 1, settings.Seed, device);
            if (settings.Start is { } start)
                _network.Load(start.State?.Weights ?? start.Best.Weights);
            _primal = new PrimalOptimizer(_network.Parameters, settings.LearningRate, settings.WeightDecay, settings.MoreauEnvelope);
            if (settings.AveragedEpochs > 0)
                _average = new WeightAverage(_network.Parameters, settings.AveragedEpochs * Math.Ceiling((double)training.Count / settings.BatchSize));
            GoOn(settings.Start);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The names of the rows of each constraint, in the order of the duals.</summary>
    internal IReadOnlyList<(string Constraint, string Row)> DualNames => _trainingConstraints is null
        ? []
        : [.. _trainingConstraints.Constraints.SelectMany(constraint => constraint.RowNames.Select(row => (constraint.Name, row)))];

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
            if (_duals is not null && _schedule.StepsAfterEpoch(epoch - 1))
                _duals.Update(ExactViolations());
            _duals?.EndEpoch();
            var candidate = Candidate(epoch);
            if (candidate is null)
                return new TrainingOutcome(TrainingEnd.Diverged, epoch, step, best, history, state);
            var selection = candidate.Selection;
            if (best is null || CandidateSelection.IsBetter(selection.AsCandidate(), best.Selection.AsCandidate()))
                best = candidate;
            history.Add(new EpochHistory(
                epoch,
                loss,
                selection.Loss,
                selection.Accuracy,
                [.. selection.Audited.Select(constraint => constraint.Value)],
                _duals?.DualValues ?? [],
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
        return NetworkEvaluator.Evaluate(_network, _training, _trainingConstraints);
    }

    /// <summary>The logits of weights on rows that training has not seen.</summary>
    internal float[] Logits(NetworkWeights weights, TrainingRows rows)
    {
        _network.Load(weights);
        _network.Eval();
        using var tensors = new RowTensors(rows, null, _training.Device);
        return NetworkEvaluator.Logits(_network, tensors);
    }

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        _primal?.Dispose();
        _average?.Dispose();
        _network?.Dispose();
        _training?.Dispose();
        _selection?.Dispose();
        _balanced?.Dispose();
        _duals?.Dispose();
        _trainingConstraints?.Dispose();
        _selectionConstraints?.Dispose();
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

        var lagrangian = loss;
        if (_duals is not null)
        {
            _trainingConstraints!.Violations(_smoothing!.Add(_trainingConstraints.ExactBatch(logits, batch.Labels, batch.Membership!, batch.Weights)), _violations);
            _gap?.Correct(_violations);
            if (_schedule.UsesConstraints(epoch))
                lagrangian = _duals.Forward(loss, WithExactValues(_trainingConstraints.SoftViolations(logits, batch.Labels, batch.Membership!, batch.Weights)));
        }

        _primal.Step(lagrangian);
        _average?.Add();
        if (_duals is not null && _schedule.StepsAfterBatch(epoch, step) && _smoothing!.IsFull)
            _duals.Update(_violations);
        return value;
    }

    // The exact violations with the gradient of the smooth ones: a batch has few rows of a small group, and what a penalty makes of their noise pushes every rate to 0.
    private torch.Tensor WithExactValues(torch.Tensor smooth)
    {
        using var exact = torch.tensor(_violations, dtype: smooth.dtype, device: smooth.device);
        using var values = smooth.detach();
        using var difference = exact.sub(values);
        return smooth.add(difference, Scalars.One);
    }

    // The better of the weights and their average, or null where the loss of the weights is not finite. Measures the gap in passing.
    private TrainedCandidate? Candidate(int epoch)
    {
        var evaluation = Judged(NetworkEvaluator.Evaluate(_network, _selection, _selectionConstraints));
        if (!double.IsFinite(evaluation.Loss))
            return null;
        if (_average is null)
        {
            MeasureGap(epoch);
            return Taken(evaluation);
        }

        Evaluation averaged;
        using (_average.InPlaceOfWeights())
        {
            MeasureGap(epoch);
            averaged = Judged(NetworkEvaluator.Evaluate(_network, _selection, _selectionConstraints));
            if (double.IsFinite(averaged.Loss) && CandidateSelection.IsBetter(averaged.AsCandidate(), evaluation.AsCandidate()))
                return Taken(averaged);
        }

        return Taken(evaluation);

        TrainedCandidate Taken(Evaluation selection) => new(epoch, _network.Snapshot(), _duals?.StateDict(), _duals?.DualValues ?? [], selection);
    }

    // A pass over all rows: after the first epochs every other one is enough.
    private void MeasureGap(int epoch)
    {
        if (_gap is null || (epoch > 2 && epoch % 2 != 0))
            return;
        var training = new double[_violations.Length];
        var selection = new double[_violations.Length];
        _trainingConstraints!.ViolationsOrNaN(NetworkEvaluator.Statistics(_network, _training, _trainingConstraints), training);
        _selectionConstraints!.ViolationsOrNaN(NetworkEvaluator.Statistics(_network, _selection, _selectionConstraints), selection);
        _gap.Add(training, selection);
    }

    // The violations of the hard predictions on all training rows.
    private double[] ExactViolations()
    {
        _trainingConstraints!.Violations(NetworkEvaluator.Statistics(_network, _training, _trainingConstraints), _violations);
        return _violations;
    }

    private void GoOn(StartingPoint? start)
    {
        if (start is null)
            return;
        if ((start.State is { } known ? known.Duals : start.Best.Duals) is { } duals)
            _duals?.LoadStateDict(duals);
        if (start.State is not { } state)
            return;
        _primal.Load(state.Primal);
        var expected = _trainingConstraints?.StatisticsLength ?? 0;
        if (state.Statistics.Length != 0 && state.Statistics.Length != expected)
            throw new ArgumentException($"The training state has {state.Statistics.Length} group statistics; these data and constraints have {expected}.", nameof(start));
        _smoothing?.Load(state.SmoothedBatches, state.Statistics);
        if (state.Gaps.Length == _violations.Length)
            _gap?.Load(state.GapCount, state.Gaps);
        if (state.Average.Count > 0)
            _average?.Load(state.AverageCount, state.Average);
    }

    private double[] Margins()
    {
        var widths = _settings.Safety?.ExpectedWidths();
        return [.. _constraints.Select((constraint, index) => BoundMargin.For(constraint, Math.Max(_settings.BoundMargin, widths?[index] ?? 0)))];
    }

    // What a confidence asks of a candidate beside its values; the network holds its weights.
    private Evaluation Judged(Evaluation selection)
        => _settings.Safety is { } safety ? selection with { WidthsKept = safety.WidthsKept(_selectionRows, NetworkEvaluator.Logits(_network, _selection)) } : selection;

    // The candidate that the model to go on from ships.
    private TrainedCandidate? Incumbent()
    {
        if (_settings.Start is not { } start || _settings.Safety is null)
            return _settings.Start?.Best;
        var weights = _network.Snapshot();
        _network.Load(start.Best.Weights);
        _network.Eval();
        var judged = start.Best with { Selection = Judged(start.Best.Selection) };
        _network.Load(weights);
        return judged;
    }

    private TrainingState State(int epoch) => new(epoch, _settings.Seed, _network.Snapshot(), _primal.Save(), _duals?.StateDict(), _smoothing is null ? [] : _smoothing.Statistics.ToArray())
    {
        SmoothedBatches = _smoothing?.Count ?? 0,
        Gaps = _gap is null ? [] : _gap.Gaps.ToArray(),
        GapCount = _gap?.Count ?? 0,
        Average = _average?.Save() ?? [],
        AverageCount = _average?.Count ?? 0,
    };


    private static RowTensors Tensors(TrainingRows rows, CompiledConstraints? constraints, torch.Device device)
    {
        using var membership = constraints?.Membership(rows.Weights);
        return new RowTensors(rows, membership, device);
    }
}
