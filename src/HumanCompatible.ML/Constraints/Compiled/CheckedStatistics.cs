using System.Globalization;
using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>
/// The custom declarations among a set of constraints: calls the user's delegates and checks what they return. The values of all of them
/// stand side by side, s [Count].
/// </summary>
internal sealed class CheckedStatistics
{
    private readonly ConstraintTask _task;
    private readonly ScalarType _dtype;
    private readonly Part[] _parts;

    /// <summary>
    /// Tries every delegate once with surrogate and once with exact predictions of made-up scores, which gives the number of its
    /// statistics.
    /// </summary>
    /// <param name="constraints">All declarations.</param>
    /// <param name="layout">Their columns of the membership matrix.</param>
    /// <param name="task">The task.</param>
    /// <param name="rows">The labels and weights of some rows, and their membership [rows, columns].</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <exception cref="InvalidOperationException">A delegate fails or returns what cannot be trained on; the message names the
    /// constraint.</exception>
    internal CheckedStatistics(IReadOnlyList<FairnessConstraint> constraints, MembershipLayout layout, ConstraintTask task,
        (Tensor Labels, Tensor Weights, Tensor Membership) rows, ScalarType dtype)
    {
        (_task, _dtype) = (task, dtype);
        var parts = new List<Part>();
        for (var i = 0; i < constraints.Count; i++)
        {
            if (constraints[i] is CustomConstraint custom)
            {
                var part = new Part(custom, i, Count, 0, layout.ColumnOf(i, 0), layout.GroupNamesOf(i));
                part = part with { Count = Probe(part, rows.Labels, rows.Weights, rows.Membership) };
                if (custom.InequalityNames is { } names && names.Count != part.Count)
                {
                    throw new InvalidOperationException(
                        $"{custom.Name}: its statistic has {part.Count} value(s), but there are {names.Count} inequality names.");
                }

                parts.Add(part);
                Count += part.Count;
            }
        }

        _parts = [.. parts];
    }

    /// <summary>The number of statistics of all delegates together.</summary>
    internal int Count { get; }

    /// <summary>The names of the statistics of a declaration.</summary>
    /// <param name="declaration">The number of the declaration among all.</param>
    internal string[] InequalityNames(int declaration)
    {
        var part = PartOf(declaration);
        return [.. Enumerable.Range(0, part.Count)
            .Select(i => part.Declaration.InequalityNames is { } names
                ? $"{part.Declaration.Name}: {names[i]}" : FormattableString.Invariant($"{part.Declaration.Name}: [{i}]"))];
    }

    /// <summary>The bound of each statistic.</summary>
    internal double[] Bounds => [.. _parts.SelectMany(part => Enumerable.Repeat(part.Declaration.Bound, part.Count))];

    /// <summary>s [Count] of surrogate or exact predictions; the surrogate ones have a gradient.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="labels">[batch].</param>
    /// <param name="weights">[batch], or null where all rows weigh alike.</param>
    /// <param name="membership">[batch, columns].</param>
    /// <param name="exact">Which predictions.</param>
    internal Tensor Values(Tensor output, Tensor labels, Tensor? weights, Tensor membership, bool exact)
    {
        using var scope = torch.NewDisposeScope();
        var scores = exact ? output.detach() : output;
        var predictions = exact ? _task.ExactPredictions(scores, _dtype) : _task.SurrogatePredictions(scores);
        var weightOfRow = weights ?? torch.ones_like(labels);
        var isMember = membership.gt(Scalars.Zero).to_type(labels.dtype).mul(weightOfRow.unsqueeze(1));
        var values = new Tensor[_parts.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // Each delegate has tensors of its own, so that those it disposes or changes are nobody else's.
            using var own = torch.NewDisposeScope();
            var batch = new ConstraintBatch(predictions.clone(), scores.clone(), labels.clone(), weightOfRow.clone(),
                isMember.narrow(1, _parts[i].FirstColumn, _parts[i].GroupNames.Count).clone(), [.. _parts[i].GroupNames], exact);
            values[i] = Call(_parts[i], batch).MoveToOuterDisposeScope();
        }

        return torch.cat(values).MoveToOuterDisposeScope();
    }

    private Part PartOf(int declaration) => _parts.First(part => part.Index == declaration);

    private Tensor Call(Part part, ConstraintBatch batch)
    {
        var name = part.Declaration.Name;
        var needsGradient = batch.Scores.requires_grad;
        Tensor? result;
        long[] shape;
        double[] values;
        try
        {
            result = part.Declaration.Statistic!(batch);
            shape = result is null ? [] : result.shape;
            values = result is null || result.numel() == 0
                ? [] : result.detach().reshape(-1).to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{name}: its statistic failed: {e.Message}", e);
        }

        if (result is null)
            throw new InvalidOperationException($"{name}: its statistic returned null.");
        if (shape.Length != 1 || shape[0] == 0)
        {
            throw new InvalidOperationException(
                $"{name}: its statistic must be a tensor [k] of at least one number, but is [{string.Join(", ", shape)}].");
        }

        if (part.Count != 0 && shape[0] != part.Count)
        {
            throw new InvalidOperationException(
                $"{name}: its statistic has {shape[0]} value(s) now, but had {part.Count} before; their number must not depend on the "
                + "rows.");
        }

        var bad = Array.FindIndex(values, value => !double.IsFinite(value));
        if (bad >= 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture,
                $"{name}: value [{bad}] of its statistic is {values[bad]}; it must be finite for all rows, also without a row of some "
                + $"group."));
        }

        if (needsGradient && !result.requires_grad)
        {
            throw new InvalidOperationException(
                $"{name}: its statistic has no gradient: it must be computed from Predictions or Scores of the batch with differentiable "
                + "operations, and not detached.");
        }
        // The result may be the delegate's own tensor: ours is another.
        return result.to_type(_dtype).mul(Scalars.One);
    }

    // The gradient is tried too: where it fails in training, nothing would say which constraint is to blame.
    private int Probe(Part part, Tensor labels, Tensor weights, Tensor membership)
    {
        using var scope = torch.NewDisposeScope();
        using var gradients = torch.enable_grad();
        var shape = _task.ShapeFor(labels.numel());
        var elements = checked((int)(shape.Length == 1 ? shape[0] : shape[0] * shape[1]));
        // Scores all over [-2, 2): multiples of the golden ratio's fraction are spread evenly.
        float[] spread = [.. Enumerable.Range(0, elements).Select(i => (float)(4 * ((i + 0.5) * 0.6180339887498949 % 1) - 2))];
        var scores = _task.Output(torch.tensor(spread, shape, dtype: _dtype, device: labels.device)).clone().requires_grad_();
        var isMember = membership.gt(Scalars.Zero).to_type(labels.dtype).mul(weights.unsqueeze(1)).narrow(1, part.FirstColumn,
            part.GroupNames.Count);
        Tensor Try(bool exact, Part expected) => Call(expected, new ConstraintBatch(
            exact ? _task.ExactPredictions(scores.detach(), _dtype).clone() : _task.SurrogatePredictions(scores.clone()),
            exact ? scores.detach().clone() : scores.clone(), labels.clone(), weights.clone(), isMember.clone(), [.. part.GroupNames],
            exact));

        var surrogate = Try(exact: false, part);
        var count = checked((int)surrogate.numel());
        try
        {
            surrogate.sum().backward();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{part.Declaration.Name}: the gradient of its statistic failed: {e.Message}", e);
        }

        var gradient = scores.grad ?? throw new InvalidOperationException(
            $"{part.Declaration.Name}: its statistic does not depend on Predictions or Scores of the batch.");
        if (!gradient.isfinite().all().item<bool>())
            throw new InvalidOperationException($"{part.Declaration.Name}: the gradient of its statistic is NaN or infinite.");
        using var noGradient = torch.no_grad();
        _ = Try(exact: true, part with { Count = count });
        return count;
    }

    /// <param name="Declaration">The declaration.</param>
    /// <param name="Index">Its number among all declarations.</param>
    /// <param name="Start">The first of its statistics.</param>
    /// <param name="Count">The number of its statistics; 0 while unknown.</param>
    /// <param name="FirstColumn">The first of its columns of the membership matrix.</param>
    /// <param name="GroupNames">Its groups, one column each.</param>
    private sealed record Part(CustomConstraint Declaration, int Index, int Start, int Count, int FirstColumn,
        IReadOnlyList<string> GroupNames);
}

/// <summary>The rows that custom constraints are tried with.</summary>
/// <param name="Labels">The label of each row.</param>
/// <param name="Weights">The weight of each row, or null where all weigh alike.</param>
internal sealed record ProbeRows(float[] Labels, float[]? Weights)
{
    /// <summary>The most rows that a delegate is tried with.</summary>
    internal const int Most = 4096;

    /// <summary>Some of the rows, spread evenly, as tensors: labels, weights with mean 1 over all rows, and membership.</summary>
    /// <param name="layout">Whose rows they are.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="device">Where they are.</param>
    internal (Tensor Labels, Tensor Weights, Tensor Membership) Sample(MembershipLayout layout, ScalarType type, Device device)
    {
        var count = Math.Min(Labels.Length, Most);
        long[] rows = [.. Enumerable.Range(0, count).Select(i => (long)i * Labels.Length / count)];
        var mean = Weights?.Average(weight => (double)weight) ?? 1;
        float[] weights = [.. rows.Select(row => Weights is null ? 1 : (float)(Weights[row] / mean))];
        return (
            torch.tensor([.. rows.Select(row => Labels[row])], dtype: type, device: device),
            torch.tensor(weights, dtype: type, device: device),
            layout.Expand(torch.tensor(layout.Compact(rows, Weights), [count, layout.CompactWidth], dtype: type, device: device)));
    }
}
