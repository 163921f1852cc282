using System.Numerics.Tensors;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training.Multipliers;

/// <summary>
/// The dual side of a training: what is known of the violations, and the optimizer of their multipliers. The violations in the Lagrangian
/// have the values of the exact ones, averaged over batches, and the gradient of the surrogates; dual steps are taken on the exact ones.
/// </summary>
internal sealed class MultiplierControl
{
    /// <summary>The share of all steps before bounds of what rises with every prediction count, where no other is asked for.</summary>
    private const double LearningShare = 0.25;

    private readonly EncodedRows _training;
    private readonly CompiledConstraints _constraints;
    private readonly DualOptimizer _optimizer;
    private readonly DualOptimizerOptions _schedule;
    private readonly RateSmoothing _smoothing;
    private readonly ForceLimit _limit;
    private readonly MarginRule _rule;
    private readonly DualDamping? _damping;
    private readonly double _learningEpochs;
    private readonly double _stepsPerEpoch;
    private readonly double[] _violations;
    private double[] _margins;
    private double[] _weights;

    /// <param name="settings">The settings of the training.</param>
    /// <param name="training">The rows to train on, with at least one constraint.</param>
    /// <param name="rule">The margins of the inequalities.</param>
    internal MultiplierControl(TrainingSettings settings, EncodedRows training, MarginRule rule)
    {
        (_training, _constraints, _rule, _margins) = (training, training.Constraints!, rule, rule.First);
        _violations = new double[_constraints.Count];
        _weights = rule.Weights(_margins);
        var declarations = _constraints.Constraints.Select(constraint => constraint.Declaration).ToList();
        var window = SmoothingWindow.Batches(SmoothingWindow.SmallestShare(declarations, training.Source), settings.BatchSize,
            training.Count);
        _smoothing = new RateSmoothing(window);
        var schedule = settings.DualOptimizer;
        _schedule = schedule with { BatchesPerStep = schedule.BatchesPerStep ?? SmoothingWindow.BatchesPerDualStep(window) };
        _learningEpochs = schedule.WarmUpEpochs ?? (LearningShare * settings.LastEpoch);
        _stepsPerEpoch = Math.Ceiling((double)training.Count / settings.BatchSize);
        _limit = new ForceLimit(_constraints, training.Source);
        _damping = settings.DampsDuals ? new DualDamping() : null;
        _optimizer = settings.DualOptimizer.Create(
            _constraints.Constraints.Select(constraint => (constraint.Name, constraint.Count, ConstraintKind.Inequality)),
            torch.ScalarType.Float32,
            training.Device);
    }

    /// <summary>The multipliers.</summary>
    internal IReadOnlyList<double> Values => _optimizer.DualValues;

    /// <summary>The constraint and the inequality of each multiplier.</summary>
    internal IReadOnlyList<(string Constraint, string Inequality)> Names
        => [.. _constraints.Constraints.SelectMany(constraint => constraint.InequalityNames.Select(name => (constraint.Name, name)))];

    /// <summary>The state of the dual optimizer.</summary>
    internal DualOptimizerState StateDict() => _optimizer.StateDict();

    /// <summary>The statistics of the next batch, or of this member's part of it; changes nothing.</summary>
    /// <param name="output">The output for the batch, see <see cref="ConstraintTask.Output"/>.</param>
    /// <param name="batch">The rows of the batch.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    internal BatchStatistics Take(torch.Tensor output, in EncodedRows.Batch batch, int epoch) => new(
        _constraints.ExactNumbers(output, batch.Labels, batch.Membership!, batch.Weights),
        !_constraints.HasCustom && _schedule.UsesConstraints(epoch - 1) && _smoothing.IsFullWithNext
            ? _constraints.SurrogateStatistics(output, batch.Labels, batch.Membership!) : null);

    /// <summary>
    /// What a batch is to descend: the Lagrangian, or the loss in epochs before the constraints count and until a whole window of batches
    /// is taken in: the rates of fewer are noise. Takes in the batch's statistics.
    /// </summary>
    /// <param name="loss">The loss of the batch.</param>
    /// <param name="output">The output for the batch.</param>
    /// <param name="batch">The rows of the batch.</param>
    /// <param name="statistics">What <see cref="Take"/> gave, of the whole batch.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">The step within the epoch, from 1.</param>
    internal torch.Tensor Lagrangian(torch.Tensor loss, torch.Tensor output, in EncodedRows.Batch batch, BatchStatistics statistics,
        int epoch, int step)
    {
        _constraints.Violations(_smoothing.Add(statistics.Exact), _violations);
        AddMargins();
        ForgetUnlearned(epoch - 1 + (step / _stepsPerEpoch));
        return _schedule.UsesConstraints(epoch - 1) && _smoothing.IsFull
            ? _optimizer.Forward(loss, WithExactValues(_limit.On(statistics.Surrogate is { } sums ? _constraints.Violations(sums)
                : _constraints.SurrogateViolations(output, batch.Labels, batch.Membership!, batch.Weights), _optimizer.DualValues)))
            : loss;
    }

    /// <summary>The dual step after the batch of the last <see cref="Lagrangian"/>, where the schedule has one.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="batch">The batch within the epoch, from 1.</param>
    internal void AfterBatch(int epoch, int batch)
    {
        if (!_schedule.StepsAfterBatch(epoch - 1, batch - 1) || !_smoothing.IsFull)
            return;
        var before = _optimizer.DualValues;
        Weigh(before);
        _damping?.Scale(_violations);
        _optimizer.Update(_violations);
        _damping?.After(before, _optimizer.DualValues);
    }

    /// <summary>
    /// The dual step after an epoch, where the schedule has one: on the violations of the exact predictions on all training rows.
    /// </summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="cancellation">Ends the measuring.</param>
    internal void AfterEpoch(int epoch, TrainableNetwork network, CancellationToken cancellation = default)
    {
        if (_schedule.StepsAfterEpoch(epoch - 1))
        {
            var measured = Measurement.Of(network, _training, cancellation);
            foreach (var (index, inequality) in _rule.Evaluate(measured, measured, TrainingPush.None).Inequalities.Index())
                _violations[index] = inequality.Violation;
            AddMargins();
            ForgetUnlearned(epoch);
            ForgetUndefined();
            Weigh(_optimizer.DualValues);
            _optimizer.Update(_violations);
        }

        _optimizer.EndEpoch();
    }

    /// <summary>From now on the violations count with these margins.</summary>
    internal void SetMargins(IReadOnlyList<double> margins) => (_margins, _weights) = ([.. margins], _rule.Weights(margins));

    /// <summary>Takes over the multipliers of a model.</summary>
    internal void Load(DualOptimizerState duals) => _optimizer.LoadStateDict(duals);

    /// <summary>Takes over what else <see cref="Save"/> gave.</summary>
    /// <exception cref="ArgumentException">It is of other data or constraints.</exception>
    internal void Load(TrainingState state)
    {
        if (state.Statistics.Length != 0 && state.Statistics.Length != _constraints.StatisticsLength)
        {
            throw new ArgumentException(
                $"The training state has {state.Statistics.Length} group statistics; these data and constraints have "
                + $"{_constraints.StatisticsLength}.", nameof(state));
        }

        _smoothing.Load(state.SmoothedBatches, state.Statistics);
        _damping?.Load(state.DampingFactor);
        if (state.Margins.Length == _margins.Length)
            SetMargins(state.Margins);
    }

    /// <summary>The state with what is known here.</summary>
    internal TrainingState Save(TrainingState state) => state with
    {
        Duals = StateDict(),
        Statistics = _smoothing.Statistics.ToArray(),
        SmoothedBatches = _smoothing.Count,
        Margins = _margins,
        DampingFactor = _damping?.Factor ?? 1,
    };

    // The scores of a network that has hardly learned are all near each other: a bound of a rate drives them over the threshold and back
    // together, and it never learns. Differences of groups are 0 then.
    private void ForgetUnlearned(double epochs)
    {
        if (epochs > _learningEpochs)
            return;
        foreach (var entries in _constraints.Constraints)
        {
            if (entries.Declaration is GroupBoundConstraint bound && bound.Metrics[0].IsMonotone)
                _violations.AsSpan(entries.Start, entries.Count).Fill(double.NaN);
        }
    }

    private void AddMargins() => TensorPrimitives.Add(_violations, _margins, _violations);

    // Of the inequalities that are weighed down, those that are kept and have no multiplier are not counted at all: they may be many.
    private void Weigh(IReadOnlyList<double> multipliers)
    {
        for (var index = 0; index < _violations.Length; index++)
            _violations[index] *= _weights[index] < 1 && multipliers[index] <= 0 && _violations[index] < 0 ? 0 : _weights[index];
    }

    // What is not defined or not held moves no multiplier.
    private void ForgetUndefined()
    {
        foreach (ref var violation in _violations.AsSpan())
        {
            if (!double.IsFinite(violation))
                violation = 0;
        }
    }

    // A batch has few rows of a small group, and what a penalty makes of the noise of their rates pushes every rate to 0. What is not
    // defined or not held has no gradient.
    private torch.Tensor WithExactValues(torch.Tensor surrogates)
    {
        using var scope = torch.NewDisposeScope();
        var areHeld = Array.ConvertAll(_violations, double.IsFinite);
        ForgetUndefined();
        var exact = TensorValues.CreateLike(_violations, surrogates);
        var shifted = surrogates.add(exact.sub(surrogates.detach()), Scalars.One);
        return (areHeld.Contains(false) ? torch.where(torch.tensor(areHeld, device: surrogates.device), shifted, exact) : shifted)
            .MoveToOuterDisposeScope();
    }
}
