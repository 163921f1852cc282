using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// The rows that a <see cref="CustomStatistic"/> is called with. In training the tensors are copies made for the call.
/// </summary>
public sealed class ConstraintBatch
{
    /// <summary>The rows of a batch.</summary>
    /// <param name="predictions">See <see cref="Predictions"/>.</param>
    /// <param name="scores">See <see cref="Scores"/>.</param>
    /// <param name="labels">See <see cref="Labels"/>.</param>
    /// <param name="weights">See <see cref="Weights"/>.</param>
    /// <param name="membership">See <see cref="Membership"/>.</param>
    /// <param name="groupNames">See <see cref="GroupNames"/>.</param>
    /// <param name="isExact">See <see cref="IsExact"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public ConstraintBatch(Tensor predictions, Tensor scores, Tensor labels, Tensor weights, Tensor membership,
        IReadOnlyList<string> groupNames, bool isExact)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(membership);
        ArgumentNullException.ThrowIfNull(groupNames);
        CheckRows(labels, labels.numel(), nameof(labels));
        CheckRows(weights, labels.numel(), nameof(weights));
        if (!predictions.shape.SequenceEqual(scores.shape) || predictions.dim() is not (1 or 2) || predictions.size(0) != labels.numel())
        {
            throw new ArgumentException(
                $"Predictions [{string.Join(", ", predictions.shape)}] and scores [{string.Join(", ", scores.shape)}] must be alike and "
                + $"have {labels.numel()} rows.", nameof(predictions));
        }

        if (membership.dim() != 2 || membership.size(0) != labels.numel() || membership.size(1) != groupNames.Count)
        {
            throw new ArgumentException(
                $"Membership is [{string.Join(", ", membership.shape)}], but must be [{labels.numel()}, {groupNames.Count}].",
                nameof(membership));
        }

        (Predictions, Scores, Labels, Weights, Membership, GroupNames, IsExact) =
            (predictions, scores, labels, weights, membership, groupNames, isExact);
    }

    /// <summary>
    /// The predictions: [batch] in [0, 1] for binary classification, differentiable (sigmoid(2 x logit)) or exact (1 where the logit is
    /// above 0); [batch, classes] for multiclass classification, likewise (softmax of the logits times 2 log2(classes), or 1 for the
    /// predicted class); [batch], the predicted numbers, for regression.
    /// </summary>
    public Tensor Predictions { get; }

    /// <summary>The output of the network, shaped as <see cref="Predictions"/>: logits, or the predicted numbers of a regression.</summary>
    public Tensor Scores { get; }

    /// <summary>The labels [batch]: 0 or 1; class numbers from 0; or real numbers for regression.</summary>
    public Tensor Labels { get; }

    /// <summary>
    /// The weight of each row [batch], scaled so that the mean over all rows of the data is 1; all ones without example weights.
    /// </summary>
    public Tensor Weights { get; }

    /// <summary>
    /// The weight of each row, as in <see cref="Weights"/>, in its group and 0 in the others [batch, groups]. A row that belongs to no
    /// group has zeros only.
    /// </summary>
    public Tensor Membership { get; }

    /// <summary>The names of the groups, in the order of the columns of <see cref="Membership"/>.</summary>
    public IReadOnlyList<string> GroupNames { get; }

    /// <summary>
    /// Whether <see cref="Predictions"/> are the exact (hard) ones, which are audited; otherwise they are differentiable surrogates, and
    /// the result must have a gradient.
    /// </summary>
    public bool IsExact { get; }

    /// <summary>The weighted mean over all rows, sum w_i v_i / sum w_i; 0 where all weights are 0.</summary>
    /// <param name="perRow">v [batch].</param>
    /// <returns>A tensor of one number, [1].</returns>
    /// <exception cref="ArgumentException"><paramref name="perRow"/> is not [batch].</exception>
    public Tensor Mean(Tensor perRow)
    {
        ArgumentNullException.ThrowIfNull(perRow);
        CheckRows(perRow, Labels.numel(), nameof(perRow));
        using var scope = torch.NewDisposeScope();
        var columns = Weights.to_type(perRow.dtype).unsqueeze(0);
        return Divide(columns.mv(perRow), columns.sum(dim: 1)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The weighted mean over the rows of each group, sum w_i u_i v_i / sum w_i u_i; 0 for a group without such rows.
    /// <c>GroupMeans(Predictions, Labels)</c> is the true positive rate.
    /// </summary>
    /// <param name="perRow">v [batch], a floating-point tensor.</param>
    /// <param name="among">u [batch], a floating-point tensor: 1 for the rows that count, 0 for the others, or any number of at least
    /// 0. Null counts every row.</param>
    /// <returns>[groups].</returns>
    /// <exception cref="ArgumentException">One of the two is not [batch].</exception>
    public Tensor GroupMeans(Tensor perRow, Tensor? among = null)
    {
        ArgumentNullException.ThrowIfNull(perRow);
        CheckRows(perRow, Labels.numel(), nameof(perRow));
        if (among is not null)
            CheckRows(among, Labels.numel(), nameof(among));
        using var scope = torch.NewDisposeScope();
        var groups = Membership.to_type(perRow.dtype).t();
        return (among is null
            ? Divide(groups.mv(perRow), groups.sum(dim: 1))
            : Divide(groups.mv(perRow.mul(among)), groups.mv(among.to_type(perRow.dtype)))).MoveToOuterDisposeScope();
    }

    // A denominator without rows is exactly zero, and so is its numerator.
    private static Tensor Divide(Tensor numerators, Tensor denominators) =>
        numerators.div(torch.where(denominators.le(Scalars.Of(CompiledConstraints.SmallestDenominator)), torch.ones_like(denominators),
            denominators));

    private static void CheckRows(Tensor tensor, long rows, string name)
    {
        if (tensor.dim() != 1 || tensor.numel() != rows)
        {
            throw new ArgumentException($"The tensor is [{string.Join(", ", tensor.shape)}], but must be [{rows}], one number per row.",
                name);
        }
    }
}
