using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;
using HumanCompatible.ML.Training.Multipliers;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

/// <summary>
/// A control over 200 rows of two groups: of a 60 rows of 100 are predicted positive, of b 40. The multipliers take steps of
/// <see cref="Eta"/> times the violation.
/// </summary>
internal sealed class MultiplierRun : IDisposable
{
    internal const double Eta = 2;

    private readonly EncodedRows _rows;

    internal MultiplierRun(bool oncePerEpoch, params FairnessConstraint[] constraints)
        : this(oncePerEpoch, settings => settings, constraints)
    {
    }

    internal MultiplierRun(bool oncePerEpoch, double[] duals, params FairnessConstraint[] constraints)
        : this(oncePerEpoch, settings => settings with { DualOptimizer = Steps(oncePerEpoch) with { InitialDuals = duals } }, constraints)
    {
    }

    internal MultiplierRun(bool oncePerEpoch, Func<TrainingSettings, TrainingSettings> change, params FairnessConstraint[] constraints)
    {
        // The feature of a row is its logit.
        var source = new TrainingRows([.. Enumerable.Range(0, 200).Select(row => row % 100 < (row < 100 ? 60 : 40) ? 1f : -1)], 1,
            [.. Enumerable.Range(0, 200).Select(row => row % 2 == 0 ? 1f : 0)], null,
            [.. constraints.Select(_ => new GroupPartition(["G"], [.. Enumerable.Range(0, 200).Select(row => row / 100)], ["a", "b"],
                [100, 100]))]);
        _rows = new EncodedRows(source, constraints, torch.CPU);
        Network = new TrainableNetwork(ML.Networks.Network.Linear(), 1, 1, 1, torch.CPU);
        Network.Eval();
        Load(weight: 1, bias: 0);
        var settings = change(new TrainingSettings
        {
            Network = ML.Networks.Network.Linear(),
            DualOptimizer = Steps(oncePerEpoch),
            NumberOfEpochs = 1,
            BatchSize = 200,
            LearningRate = 0.1,
            MarginShare = 1,
            EarlyStoppingPatience = null,
            Seed = 1,
            Device = "cpu",
        });
        Control = new MultiplierControl(settings, _rows,
            new MarginRule(_rows.Constraints!.Constraints, source, [], settings.MarginShare, holdsAll: false));
    }

    internal TrainableNetwork Network { get; }

    internal MultiplierControl Control { get; }

    /// <summary>Whether nobody of b is predicted positive.</summary>
    internal bool IsLost { get; init; }

    /// <summary>Steps of <see cref="Eta"/> times the violation.</summary>
    internal static AugmentedLagrangianOptions Steps(bool oncePerEpoch)
        => new() { LearningRate = Eta, Penalty = 0, OncePerEpoch = oncePerEpoch };

    /// <summary>That of all rows as one batch, with a loss that does not depend on the logits.</summary>
    internal torch.Tensor Lagrangian(out torch.Tensor logits, out float loss, int epoch = 1, int step = 1)
    {
        loss = 0.5f;
        var batch = _rows.Slice(0, 200);
        logits = batch.Inputs.Dense!.reshape(-1).clone();
        if (IsLost)
        {
            logits.narrow(0, 100, 100).fill_(-1);
            Load(weight: 0, bias: -1);
        }

        logits = logits.detach().requires_grad_();
        return Control.Lagrangian(logits.sum().mul(0).add(0.5), logits, batch, Control.Take(logits, batch, epoch), epoch, step);
    }

    /// <summary>Takes in all rows as so many batches.</summary>
    internal void TakeIn(int batches)
    {
        for (var batch = 0; batch < batches; batch++)
            Lagrangian(out _, out _);
    }

    public void Dispose()
    {
        Network.Dispose();
        _rows.Dispose();
    }

    private void Load(float weight, float bias) => Network.Load(new NetworkWeights(
        Network.Snapshot().Arrays.Select(array => array with { Values = new[] { array.Shape.Length == 2 ? weight : bias } })));
}
