using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training.Multipliers;

namespace HumanCompatible.ML.Training;

/// <summary>
/// What training changes: the weights, through their optimizer, the average of the weights, and the multipliers of the constraints.
/// </summary>
internal sealed class Learner : IDisposable
{
    /// <summary>With so many steps an epoch or more, every <see cref="AverageStride"/>th goes into the average.</summary>
    private const int LongEpoch = 16;
    private const int AverageStride = 4;

    private readonly int _seed;
    private readonly int _rank;
    private readonly Totals _totals;
    private readonly ConstraintTask _task;
    private readonly LearningRateSchedule _schedule;
    private readonly int _stepsPerEpoch;
    private readonly int _lastEpoch;
    private readonly PrimalOptimizer _primal = null!;

    /// <param name="settings">The settings; where they have a record, the learner resumes from it.</param>
    /// <param name="network">The network; not disposed here.</param>
    /// <param name="training">The rows to train on.</param>
    /// <param name="margins">The margins of the inequalities.</param>
    /// <exception cref="ArgumentException">The record is of another network, other data or other constraints.</exception>
    internal Learner(TrainingSettings settings, TrainableNetwork network, EncodedRows training, MarginRule margins)
    {
        (_seed, _task, _schedule) = (settings.Seed, training.Task, settings.Optimizer.Schedule);
        (_rank, _totals) = (training.Collective.Rank, new Totals(training.Collective));
        _stepsPerEpoch = (int)Math.Ceiling((double)training.Count / settings.BatchSize);
        _lastEpoch = settings.LastEpoch;
        Network = network;
        try
        {
            if (training.Constraints is not null)
                Multipliers = new MultiplierControl(settings, training, margins);
            var known = settings.Start.State?.Weights ?? settings.Start.Best?.Weights;
            if (known is not null)
                network.Load(known);
            _primal = new PrimalOptimizer(network.Parameters, settings.LearningRate, settings.WeightDecay, settings.Optimizer,
                network.Lazy, settings.InputFactors is not null);
            if (known is null && settings.InputFactors is { } factors)
                _primal.Start(factors);
            if (settings.WeightAveragingEpochs > 0)
            {
                Average = new WeightAverage(network.Parameters, settings.WeightAveragingEpochs * _stepsPerEpoch,
                    _stepsPerEpoch < LongEpoch ? 1 : AverageStride, network.Lazy);
            }

            Resume(settings.Start);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The network with the weights of the last step.</summary>
    internal TrainableNetwork Network { get; }

    /// <summary>The moving average of the weights; null where they are not averaged.</summary>
    internal WeightAverage? Average { get; }

    /// <summary>The multipliers; null where nothing is constrained.</summary>
    internal MultiplierControl? Multipliers { get; }

    /// <summary>Takes the network into training mode.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    internal void BeginEpoch(int epoch)
    {
        Network.Train();
        Network.Reseed(EpochSeed.Network(_seed, epoch, _rank));
    }

    /// <summary>A primal step down the Lagrangian, then a dual step up, where the schedule has one.</summary>
    /// <param name="batch">The rows, or this member's part of them.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">The step within the epoch, from 1.</param>
    /// <param name="cancellation">Asks for the end; all members see it at the same step.</param>
    /// <returns>
    /// The loss of all rows before the step, see <see cref="ConstraintTask.MeanLoss"/>, or null where a member was canceled; nothing has
    /// changed then, nor where it is not finite.
    /// </returns>
    internal double? Step(in EncodedRows.Batch batch, int epoch, int step, CancellationToken cancellation = default)
    {
        var output = _task.Output(Network.Forward(batch.Inputs));
        var loss = _task.MeanLoss(output, batch.Labels, batch.Weights);
        if (!_totals.IsAlone)
            loss = loss.mul(Scalars.Of(batch.Share));
        double value = loss.item<float>();
        var canceled = cancellation.IsCancellationRequested;
        var statistics = _totals.IsAlone && !double.IsFinite(value) ? null : Multipliers?.Take(output, batch, epoch);
        if (!_totals.IsAlone)
        {
            // All that is added up before the gradients, at once: each sum is a wait for the others.
            double[] sums = [value, canceled ? 1 : 0, .. statistics?.Numbers ?? []];
            _totals.Add(sums);
            (value, canceled, statistics) = (sums[0], sums[1] > 0, statistics?.Of(sums.AsSpan(2)));
        }

        if (canceled || !double.IsFinite(value))
            return canceled ? null : value;

        _primal.Step(statistics is null ? loss : Multipliers!.Lagrangian(loss, output, batch, statistics, epoch, step),
            _schedule.RateFactor(epoch, step, _stepsPerEpoch, _lastEpoch), _totals.SumGradients,
            Average is null ? null : Average.BeforeMove);
        Average?.Add();
        Multipliers?.AfterBatch(epoch, step);
        return value;
    }

    /// <summary>Takes the network into evaluation mode; then a dual step, where the schedule has one after an epoch.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="cancellation">Ends the measuring of all rows.</param>
    internal void EndEpoch(int epoch, CancellationToken cancellation = default)
    {
        Network.Eval();
        Average?.EndEpoch();
        _primal.EndEpoch();
        Multipliers?.AfterEpoch(epoch, Network, cancellation);
    }

    /// <summary>The weights that are in the network as a candidate.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="evaluation">How it does.</param>
    internal TrainedCandidate Candidate(int epoch, Evaluation evaluation)
        => new(epoch, Network.Snapshot(), Multipliers?.StateDict(), Multipliers?.Values ?? [], evaluation);

    /// <summary>All that is needed to resume after an epoch as if training had never stopped.</summary>
    internal TrainingState Save(int epoch)
    {
        var state = new TrainingState(epoch, _seed, Network.Snapshot(), _primal.Save(), null, [])
        {
            Average = Average?.Save() ?? [],
            AverageCount = Average?.Count ?? 0,
        };
        return Multipliers?.Save(state) ?? state;
    }

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        _primal?.Dispose();
        Average?.Dispose();
    }

    private void Resume(TrainingRecord start)
    {
        if ((start.State is { } known ? known.Duals : start.Best?.Duals) is { } duals)
            Multipliers?.Load(duals);
        if (start.State is not { } state)
            return;
        _primal.Load(state.Primal);
        Multipliers?.Load(state);
        if (state.Average.Count > 0)
            Average?.Load(state.AverageCount, state.Average);
    }
}
