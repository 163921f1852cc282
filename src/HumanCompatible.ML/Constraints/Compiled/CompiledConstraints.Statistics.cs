using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <content>Statistics of a batch or of all rows, and the violations that follow from them.</content>
internal sealed partial class CompiledConstraints
{
    // Of more groups libtorch's product is quicker.
    private const int MostCountedGroups = 64;

    /// <summary>The violations c [m] of the surrogate predictions of a batch, custom constraints included; differentiable.</summary>
    /// <param name="output">The network's output: logits [batch], or [batch, classes] for multiclass; predictions [batch] for
    /// regression.</param>
    /// <param name="labels">[batch]: 0 or 1; class numbers from 0; real numbers for regression.</param>
    /// <param name="membership">[batch, GroupCount]: the weight of each row in the columns of its groups, else 0; see
    /// <see cref="Layout"/>.</param>
    /// <param name="weights">The weight of each row [batch], with mean 1 over all rows, for custom constraints; null where all weigh
    /// alike.</param>
    internal Tensor SurrogateViolations(Tensor output, Tensor labels, Tensor membership, Tensor? weights = null)
    {
        using var scope = torch.NewDisposeScope();
        var builtIn = Violations(SurrogateStatistics(output, labels, membership));
        if (_custom is null)
            return builtIn.MoveToOuterDisposeScope();
        var custom = _custom.Values(output, labels, weights, membership, exact: false).sub(_customBounds!);
        return torch.cat([builtIn, custom]).index_select(0, _order!).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What drives the multipliers, of the exact predictions of a batch and without gradient: the statistics [GroupCount, q], and with
    /// custom constraints [StatisticsLength].
    /// </summary>
    /// <inheritdoc cref="SurrogateViolations" path="/param"/>
    internal Tensor ExactBatch(Tensor output, Tensor labels, Tensor membership, Tensor? weights = null)
    {
        if (_custom is null)
            return ExactStatistics(output, labels, membership);
        using var scope = torch.NewDisposeScope();
        return torch.cat([ExactStatistics(output, labels, membership).reshape(-1),
            CustomValues(output, labels, membership, weights)]).MoveToOuterDisposeScope();
    }

    /// <summary>The numbers of <see cref="ExactBatch"/>; counts of outcomes without calls of libtorch.</summary>
    /// <inheritdoc cref="SurrogateViolations" path="/param"/>
    /// <returns>[<see cref="StatisticsLength"/>].</returns>
    internal double[] ExactNumbers(Tensor output, Tensor labels, Tensor membership, Tensor? weights)
    {
        var numbers = new double[StatisticsLength];
        if (_custom is null && _quantities.AreCounts && GroupCount <= MostCountedGroups && HostMemory.Has(output, labels, membership))
        {
            CheckShapes(output, labels, membership);
            CountOutcomes(HostMemory.Of(output), HostMemory.Of(labels), HostMemory.Of(membership), numbers);
            return numbers;
        }

        using var batch = ExactBatch(output, labels, membership, weights);
        TensorValues.Read(batch, numbers);
        return numbers;
    }

    /// <summary>
    /// The values of the custom constraints for exact predictions, without gradient; of all rows at once, as they do not add up.
    /// </summary>
    /// <inheritdoc cref="SurrogateViolations" path="/param"/>
    internal Tensor CustomValues(Tensor output, Tensor labels, Tensor membership, Tensor? weights)
    {
        CheckShapes(output, labels, membership);
        using var noGradient = torch.no_grad();
        return _custom!.Values(output, labels, weights, membership, exact: true);
    }

    /// <summary>Statistics of the surrogate predictions (<see cref="ConstraintTask.SurrogatePredictions"/>), for the gradient.</summary>
    /// <param name="logits">The network's output: logits [batch], or [batch, classes] for multiclass; predictions [batch] for
    /// regression.</param>
    /// <param name="labels">[batch]: 0 or 1; class numbers from 0; real numbers for regression.</param>
    /// <param name="membership">[batch, GroupCount]: the weight of each row in the columns of its groups, else 0; see
    /// <see cref="Layout"/>.</param>
    /// <returns>S [GroupCount, q].</returns>
    internal Tensor SurrogateStatistics(Tensor logits, Tensor labels, Tensor membership)
    {
        using var scope = torch.NewDisposeScope();
        var predictions = _quantities.UsesPredictions ? _task.SurrogatePredictions(logits) : logits;
        return Statistics(predictions, labels, Losses(logits, labels), membership).MoveToOuterDisposeScope();
    }

    /// <summary>Statistics of the exact predictions (<see cref="ConstraintTask.ExactPredictions"/>), without gradient.</summary>
    /// <param name="logits">The network's output: logits [batch], or [batch, classes] for multiclass; predictions [batch] for
    /// regression.</param>
    /// <param name="labels">[batch]: 0 or 1; class numbers from 0; real numbers for regression.</param>
    /// <param name="membership">[batch, GroupCount]: the weight of each row in the columns of its groups, else 0; see
    /// <see cref="Layout"/>.</param>
    /// <returns>S [GroupCount, q].</returns>
    internal Tensor ExactStatistics(Tensor logits, Tensor labels, Tensor membership)
    {
        if (_task.IsMulticlass)
            CheckShapes(logits, labels, membership); // the exact predictions always fit
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        return Statistics(_task.ExactPredictions(logits, ElementType), labels, Losses(logits, labels), membership)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Statistics S [GroupCount, q] of any predictions and losses.</summary>
    /// <param name="predictions">[batch], or [batch, classes] for multiclass.</param>
    /// <param name="labels">[batch].</param>
    /// <param name="losses">[batch]; not null where <see cref="UsesLoss"/>.</param>
    /// <param name="membership">[batch, GroupCount].</param>
    internal Tensor Statistics(Tensor predictions, Tensor labels, Tensor? losses, Tensor membership)
    {
        CheckShapes(predictions, labels, membership);
        var batch = labels.numel();
        if (UsesLoss && (losses is null || losses.dim() != 1 || losses.numel() != batch))
            throw new ArgumentException($"Losses must be [{batch}].", nameof(losses));

        using var scope = torch.NewDisposeScope();
        if (QuantityCount == 0)
            return torch.zeros(GroupCount, 0, dtype: ElementType, device: _device).MoveToOuterDisposeScope();
        return membership.t().matmul(_quantities.Build(predictions, labels, losses)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The violations c [m] of all but the custom constraints, differentiable; an entry whose groups have no denominator in
    /// <paramref name="statistics"/> is 0 and has no gradient.
    /// </summary>
    /// <param name="statistics">S [GroupCount, q], of one batch, smoothed, or summed.</param>
    internal Tensor Violations(Tensor statistics)
    {
        if (statistics.dim() != 2 || statistics.size(0) != GroupCount || statistics.size(1) != QuantityCount)
        {
            throw new ArgumentException(
                $"Statistics are [{string.Join(", ", statistics.shape)}], but must be [{GroupCount}, {QuantityCount}].",
                nameof(statistics));
        }

        using var scope = torch.NewDisposeScope();
        return _builtIn.Violations(statistics.reshape(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The violations c [m] of statistics in managed memory, in double precision, without gradient; NaN where a rate of the inequality is
    /// not defined.
    /// </summary>
    /// <param name="statistics">S [GroupCount, q], row-major, and after it the values of the custom constraints, as
    /// <see cref="ExactBatch"/> gives them.</param>
    /// <param name="violations">Receives c; as long as <see cref="Count"/>.</param>
    internal void Violations(ReadOnlySpan<double> statistics, Span<double> violations)
    {
        if (statistics.Length != StatisticsLength)
        {
            throw new ArgumentException($"Statistics have {statistics.Length} values, but must have {StatisticsLength}.",
                nameof(statistics));
        }

        if (violations.Length != Count)
            throw new ArgumentException($"There is room for {violations.Length} violations, but there are {Count}.", nameof(violations));
        if (_custom is null)
        {
            _builtIn.Violations(statistics, violations);
            return;
        }

        var values = statistics[(GroupCount * QuantityCount)..];
        var builtIn = new double[_builtInPlaces.Length];
        _builtIn.Violations(statistics, builtIn);
        for (var i = 0; i < builtIn.Length; i++)
            violations[_builtInPlaces[i]] = builtIn[i];
        for (var i = 0; i < values.Length; i++)
            violations[_customPlaces[i]] = values[i] - _customBoundValues[i];
    }

    private void CountOutcomes(ReadOnlySpan<float> logits, ReadOnlySpan<float> labels, ReadOnlySpan<float> membership,
        Span<double> statistics)
    {
        var outcomes = new double[GroupCount * Outcome.Count];
        for (var row = 0; row < logits.Length; row++)
        {
            var outcome = Outcome.IndexOf(labels[row] > 0, logits[row] > 0);
            var groups = membership.Slice(row * GroupCount, GroupCount);
            for (var group = 0; group < groups.Length; group++)
                outcomes[(group * Outcome.Count) + outcome] += groups[group];
        }

        _quantities.Sum(outcomes, statistics);
    }

    private Tensor? Losses(Tensor output, Tensor labels) => UsesLoss ? _task.Losses(output, labels) : null;

    // libtorch ends the process on shapes that do not fit, so they are checked here.
    private void CheckShapes(Tensor predictions, Tensor labels, Tensor membership)
    {
        var batch = labels.numel();
        if (labels.dim() != 1 || !(_task.IsMulticlass
            ? predictions.dim() == 2 && predictions.size(0) == batch && predictions.size(1) == _task.Labels.Classes.Count
            : predictions.dim() == 1 && predictions.numel() == batch))
        {
            throw new ArgumentException(_task.IsMulticlass
                ? $"Predictions [{string.Join(", ", predictions.shape)}] and labels [{string.Join(", ", labels.shape)}] must be [batch, "
                    + $"{_task.Labels.Classes.Count}] and [batch]."
                : $"Predictions [{string.Join(", ", predictions.shape)}] and labels [{string.Join(", ", labels.shape)}] must both be "
                    + "[batch].", nameof(labels));
        }

        if (membership.dim() != 2 || membership.size(0) != batch || membership.size(1) != GroupCount)
        {
            throw new ArgumentException($"Membership is [{string.Join(", ", membership.shape)}], but must be [{batch}, {GroupCount}].",
                nameof(membership));
        }
    }
}
