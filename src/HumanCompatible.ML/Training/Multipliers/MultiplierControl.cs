using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>
/// The dual side of a training: the constraints on both sets of rows, what is known of their violations, and the optimizer of their
/// multipliers. The violations in the
/// Lagrangian have the values of the exact ones, averaged over batches, and the gradient of the smooth ones; the dual steps are taken on
/// the exact ones.
/// </summary>
internal sealed class MultiplierControl : IDisposable
{
    private readonly DualOptimizer _optimizer = null!;
    private readonly DualSchedule _schedule;
    private readonly RateSmoothing _smoothing;
    private readonly GeneralizationGap? _gap;
    private readonly DualDamping? _damping;
    private readonly double[] _violations;

    /// <param name="settings">The settings of the training.</param>
    /// <param name="constraints">At least one.</param>
    /// <param name="training">The rows to train on.</param>
    /// <param name="heldOut">The rows to choose the epoch with; null where none are held out.</param>
    /// <param name="device">Where the tensors live.</param>
    internal MultiplierControl(TrainingSettings settings, IReadOnlyList<FairnessConstraint> constraints, TrainingRows training,
        TrainingRows? heldOut, torch.Device device)
    {
        var selection = heldOut ?? training;
        OnTraining = CompiledConstraints.Compile(constraints, training.Partitions, device,
            probe: new ProbeRows(training.Labels, training.Weights));
        try
        {
            OnValidation = CompiledConstraints.Compile(constraints, selection.Partitions, device,
                probe: new ProbeRows(selection.Labels, selection.Weights));
            var margins = Margins(settings, constraints);
            OnTraining.Tighten(margins);
            OnValidation.Tighten(margins);
            _violations = new double[OnTraining.Count];
            var window = SmoothingWindow.Batches(SmoothingWindow.SmallestShare(constraints, training), settings.BatchSize, training.Count);
            _smoothing = new RateSmoothing(window);
            var schedule = settings.DualOptimizer.Schedule;
            _schedule = schedule with { BatchesPerStep = schedule.BatchesPerStep ?? SmoothingWindow.BatchesPerDualStep(window) };
            if (settings.CorrectsGeneralizationGap && heldOut is not null)
                _gap = new GeneralizationGap(OnTraining.ViolationBounds);
            _damping = settings.DampsDuals ? new DualDamping() : null;
            _optimizer = settings.DualOptimizer.Create(
                OnTraining.Constraints.Select(constraint => (constraint.Name, constraint.Count, ConstraintKind.Inequality)),
                torch.ScalarType.Float32,
                device);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The constraints compiled for the training rows.</summary>
    internal CompiledConstraints OnTraining { get; }

    /// <summary>The constraints compiled for the selection rows.</summary>
    internal CompiledConstraints OnValidation { get; } = null!;

    /// <summary>The multipliers.</summary>
    internal IReadOnlyList<double> Values => _optimizer.DualValues;

    /// <summary>The names of the rows of each constraint, in the order of the multipliers.</summary>
    internal IReadOnlyList<(string Constraint, string Row)> Names
        => [.. OnTraining.Constraints.SelectMany(constraint => constraint.InequalityNames.Select(row => (constraint.Name, row)))];

    /// <summary>The state of the dual optimizer.</summary>
    internal DualOptimizerState StateDict() => _optimizer.StateDict();

    /// <summary>
    /// What a batch is to descend: the Lagrangian, or the loss in epochs before the constraints count. Takes in the batch's statistics.
    /// </summary>
    /// <param name="loss">The loss of the batch.</param>
    /// <param name="logits">[batch].</param>
    /// <param name="batch">The rows of the batch.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    internal torch.Tensor Lagrangian(torch.Tensor loss, torch.Tensor logits, in EncodedRows.Batch batch, int epoch)
    {
        OnTraining.Violations(_smoothing.Add(OnTraining.ExactBatch(logits, batch.Labels, batch.Membership!, batch.Weights)), _violations);
        _gap?.Correct(_violations);
        return _schedule.UsesConstraints(epoch)
            ? _optimizer.Forward(loss, WithExactValues(
                OnTraining.SurrogateViolations(logits, batch.Labels, batch.Membership!, batch.Weights)))
            : loss;
    }

    /// <summary>The dual step after a batch, where the schedule has one.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batch">The batch, from 0.</param>
    internal void AfterBatch(int epoch, int batch)
    {
        if (!_schedule.StepsAfterBatch(epoch, batch) || !_smoothing.IsFull)
            return;
        if (_damping is null)
        {
            _optimizer.Update(_violations);
            return;
        }

        var before = _optimizer.DualValues;
        _damping.Scale(_violations);
        _optimizer.Update(_violations);
        _damping.After(before, _optimizer.DualValues);
    }

    /// <summary>
    /// The dual step after an epoch, where the schedule has one: on the violations of the hard predictions on all training rows.
    /// </summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="training">The training rows.</param>
    internal void AfterEpoch(int epoch, TrainableNetwork network, EncodedRows training)
    {
        if (_schedule.StepsAfterEpoch(epoch))
        {
            OnTraining.Violations(NetworkEvaluator.Statistics(network, training, OnTraining), _violations);
            _optimizer.Update(_violations);
        }

        _optimizer.EndEpoch();
    }

    /// <summary>
    /// Measures the gap between the sets, a pass over all rows; it changes slowly, so after the first two epochs every fourth is enough,
    /// once a candidate keeps the bounds.
    /// </summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="isFeasible">Whether a candidate has kept the bounds.</param>
    /// <param name="network">The candidate, in evaluation mode.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="selection">The selection rows.</param>
    internal void MeasureGap(int epoch, bool isFeasible, TrainableNetwork network, EncodedRows training, EncodedRows selection)
    {
        if (_gap is null || (isFeasible && epoch > 2 && epoch % 4 != 0))
            return;
        var onTraining = new double[_violations.Length];
        var onValidation = new double[_violations.Length];
        OnTraining.ViolationsOrNaN(NetworkEvaluator.Statistics(network, training, OnTraining), onTraining);
        OnValidation.ViolationsOrNaN(NetworkEvaluator.Statistics(network, selection, OnValidation), onValidation);
        _gap.Add(onTraining, onValidation);
    }

    /// <summary>Takes over the multipliers of a model.</summary>
    internal void Load(DualOptimizerState duals) => _optimizer.LoadStateDict(duals);

    /// <summary>Takes over what else <see cref="Save"/> gave.</summary>
    /// <exception cref="ArgumentException">It is of other data or constraints.</exception>
    internal void Load(TrainingState state)
    {
        if (state.Statistics.Length != 0 && state.Statistics.Length != OnTraining.StatisticsLength)
        {
            throw new ArgumentException(
                $"The training state has {state.Statistics.Length} group statistics; these data and constraints have "
                + $"{OnTraining.StatisticsLength}.", nameof(state));
        }

        _smoothing.Load(state.SmoothedBatches, state.Statistics);
        _damping?.Load(state.DampingFactor);
        if (state.Gaps.Length == _violations.Length)
            _gap?.Load(state.GapCount, state.Gaps);
    }

    /// <summary>The state with what is known here.</summary>
    internal TrainingState Save(TrainingState state) => state with
    {
        Duals = StateDict(),
        Statistics = _smoothing.Statistics.ToArray(),
        SmoothedBatches = _smoothing.Count,
        Gaps = _gap is null ? [] : _gap.Gaps.ToArray(),
        GapCount = _gap?.Count ?? 0,
        DampingFactor = _damping?.Factor ?? 1,
    };

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        OnTraining.Dispose();
        OnValidation?.Dispose();
    }

    private static double[] Margins(TrainingSettings settings, IReadOnlyList<FairnessConstraint> constraints)
    {
        var widths = settings.Safety?.ExpectedWidths();
        return [.. constraints.Select((constraint, index)
            => TrainingMargin.For(constraint, Math.Max(settings.TrainingMargin, widths?[index] ?? 0)))];
    }

    // A batch has few rows of a small group, and what a penalty makes of the noise of their rates pushes every rate to 0.
    private torch.Tensor WithExactValues(torch.Tensor smooth)
    {
        using var exact = torch.tensor(_violations, dtype: smooth.dtype, device: smooth.device);
        using var values = smooth.detach();
        using var difference = exact.sub(values);
        return smooth.add(difference, Scalars.One);
    }
}
