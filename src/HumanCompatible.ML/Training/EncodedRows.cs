using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// Rows as tensors on the device, with the constraints compiled for them: the inputs, and beside them everything else a step needs, so that
/// two gathers make a batch.
/// </summary>
internal sealed class EncodedRows : IDisposable
{
    private const int LabelColumn = 0;
    private const int WeightColumn = 1;
    private const int MembershipColumn = 2;
    private readonly torch.Tensor? _inputs;
    private readonly SparseRows? _sparse;
    private readonly torch.Tensor _rest = null!;

    /// <param name="rows">The rows.</param>
    /// <param name="constraints">The constraints; none where the groups of the rows do not matter.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="takesSparse">Whether inputs may come sparse; they do where most of them are zero.</param>
    internal EncodedRows(TrainingRows rows, IReadOnlyList<FairnessConstraint> constraints, torch.Device device, bool takesSparse = false)
    {
        (Source, Task) = (rows, new ConstraintTask(rows.Task));
        try
        {
            Constraints = constraints.Count == 0 ? null : CompiledConstraints.Compile(constraints, rows.Partitions, device,
                task: Task, probe: new ProbeRows(rows.Labels, rows.Weights));
            _rest = LabelsWeightsMembership(device);
            _sparse = takesSparse ? SparseRows.TryOf(rows.Features, rows.InputCount, rows.Bins) : null;
            if (_sparse is not null)
                return;

            // A tensor made of an array may share its memory, whose alignment differs from run to run and with it the last bits of
            // products.
            using var inputs = torch.tensor(rows.Features, [rows.Count, rows.InputCount], device: torch.CPU);
            _inputs = inputs.to(device, copy: true).DetachFromDisposeScope();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The rows in managed memory.</summary>
    internal TrainingRows Source { get; }

    /// <summary>What is learned of them.</summary>
    internal ConstraintTask Task { get; }

    /// <summary>The constraints compiled for these rows; null without constraints.</summary>
    internal CompiledConstraints? Constraints { get; }

    internal int Count => Source.Count;

    internal torch.Device Device => _rest.device;

    /// <summary>The rows of the given numbers; the tensors belong to the current dispose scope.</summary>
    internal Batch Gather(torch.Tensor rowNumbers) => Split(
        _sparse is null ? NetworkInputs.Of(_inputs!.index_select(0, rowNumbers))
            : NetworkInputs.Of(_sparse, rowNumbers.data<long>().ToArray()),
        _rest.index_select(0, rowNumbers));

    /// <summary>A run of rows without copying them; the tensors belong to the current dispose scope.</summary>
    internal Batch Slice(int start, int count) => Split(
        _sparse is null ? NetworkInputs.Of(_inputs!.narrow(0, start, count))
            : NetworkInputs.Of(_sparse, [.. Enumerable.Range(start, count).Select(row => (long)row)]),
        _rest.narrow(0, start, count));

    public void Dispose()
    {
        // The constructor may have failed half way: what it did not reach is null.
        _inputs?.Dispose();
        _rest?.Dispose();
        Constraints?.Dispose();
    }

    private torch.Tensor LabelsWeightsMembership(torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.tensor(Source.Labels, device: torch.CPU);
        var weights = Source.Weights is null ? labels
            : torch.tensor(Source.Weights, device: torch.CPU).div(Scalars.Of(Source.Weights.Average(weight => (double)weight)));
        var head = torch.stack([labels, weights], 1);
        var all = Constraints is not { Layout: var layout } ? head : torch.cat(
            [head, torch.tensor(layout.Compact(Source.Weights), [Count, layout.CompactWidth], device: torch.CPU)], 1);
        return all.to(device).DetachFromDisposeScope();
    }

    private Batch Split(NetworkInputs inputs, torch.Tensor rest) => new(
        inputs,
        rest.select(1, LabelColumn),
        Source.Weights is null ? null : rest.select(1, WeightColumn),
        Constraints?.Layout.Expand(rest.narrow(1, MembershipColumn, Constraints.Layout.CompactWidth)));

    /// <summary>What a step needs of its rows.</summary>
    /// <param name="Inputs">[batch, inputs], dense or sparse.</param>
    /// <param name="Labels">[batch]: 0 or 1, class numbers, or real numbers.</param>
    /// <param name="Weights">[batch], with mean 1 over all rows, or null where all weigh alike.</param>
    /// <param name="Membership">[batch, groups], or null without constraints.</param>
    internal readonly record struct Batch(NetworkInputs Inputs, torch.Tensor Labels, torch.Tensor? Weights, torch.Tensor? Membership);
}
