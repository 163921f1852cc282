using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using HumanCompatible.ML.Training.Multipliers;
using TorchSharp;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>
/// The step that Python and C++ are compared with, a mark after each part: the loss, surrogate violations in the Lagrangian, Adam,
/// exact violations, averaged over batches, for the duals. It is made of the parts of the step of <see cref="Learner"/>, which also puts
/// the exact values into the Lagrangian and averages weights; the command "step" times the trainer's loop beside it.
/// </summary>
internal sealed class TrainingStep : IDisposable
{
    internal const int BatchSize = 512;
    internal const double LearningRate = 1e-3;
    internal const double Bound = 0.05;
    private const double SmoothedBatches = 10;

    private readonly EncodedRows _rows;
    private readonly TrainableNetwork _network;
    private readonly PrimalOptimizer _primal;
    private readonly torch.Tensor _order;
    private readonly CompiledConstraints? _constraints;
    private readonly DualOptimizer? _duals;
    private readonly ForceLimit? _limit;
    private readonly RateSmoothing _smoothing = new(SmoothedBatches);
    private readonly double[] _violations;
    private int _start;

    internal TrainingStep(TrainingRows rows, bool isConstrained)
    {
        using var scope = torch.NewDisposeScope();
        _rows = new EncodedRows(rows, isConstrained ? [Fairness.DemographicParity(SyntheticRows.GroupColumnName, Bound)] : [], torch.CPU,
            takesSparse: true);
        _constraints = _rows.Constraints;
        if (_constraints is not null)
        {
            _limit = new ForceLimit(_constraints, rows);
            _duals = new ConstrainedBinaryClassificationTrainer.Options().DualOptimizer.Create(
                _constraints.Constraints.Select(constraint => (constraint.Name, constraint.Count, ConstraintKind.Inequality)),
                torch.ScalarType.Float32, torch.CPU);
        }

        _violations = new double[_constraints?.Count ?? 0];
        _network = new TrainableNetwork(Network.MultilayerPerceptron(64, 64), rows.InputCount, 1, 1, torch.CPU);
        _primal = new PrimalOptimizer(_network.Parameters, LearningRate, 0, new PrimalOptions());
        using var generator = new torch.Generator(1);
        _order = torch.randperm(rows.Count, generator: generator).DetachFromDisposeScope();
    }

    /// <summary>Takes one step on the next batch.</summary>
    /// <returns>The loss of the batch before the step.</returns>
    internal double Run(StepClock clock)
    {
        clock.Start();
        double value;
        using (torch.NewDisposeScope())
        {
            _start = _start + BatchSize > _rows.Count ? 0 : _start;
            var batch = _rows.Gather(_order.narrow(0, _start, BatchSize));
            _start += BatchSize;
            clock.Mark(StepPart.Gather);
            var logits = _network.Forward(batch.Inputs);
            clock.Mark(StepPart.Forward);
            var loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, batch.Labels, batch.Weights);
            value = loss.item<float>();
            clock.Mark(StepPart.Loss);
            Descend(_duals is null ? loss : Lagrangian(loss, logits, batch, clock), clock);
            if (_duals is not null)
                Ascend(logits, batch, clock);
        }

        clock.Mark(StepPart.Disposal);
        return value;
    }

    public void Dispose()
    {
        _order.Dispose();
        _primal.Dispose();
        _network.Dispose();
        _rows.Dispose();
    }

    private torch.Tensor Lagrangian(torch.Tensor loss, torch.Tensor logits, EncodedRows.Batch batch, StepClock clock)
    {
        var statistics = _constraints!.SurrogateStatistics(logits, batch.Labels, batch.Membership!);
        clock.Mark(StepPart.SurrogateStatistics);
        var violations = _limit!.On(_constraints.Violations(statistics), _duals!.DualValues);
        clock.Mark(StepPart.SurrogateViolations);
        var lagrangian = _duals!.Forward(loss, violations);
        clock.Mark(StepPart.Lagrangian);
        return lagrangian;
    }

    private void Descend(torch.Tensor objective, StepClock clock)
    {
        _primal.Step(objective, onGradients: _ => clock.Mark(StepPart.Backward));
        clock.Mark(StepPart.Adam);
    }

    private void Ascend(torch.Tensor logits, EncodedRows.Batch batch, StepClock clock)
    {
        var statistics = _constraints!.ExactNumbers(logits, batch.Labels, batch.Membership!, batch.Weights);
        clock.Mark(StepPart.ExactStatistics);
        _constraints.Violations(_smoothing.Add(statistics), _violations);
        clock.Mark(StepPart.ExactViolations);
        _duals!.Update(_violations);
        clock.Mark(StepPart.DualUpdate);
    }
}
