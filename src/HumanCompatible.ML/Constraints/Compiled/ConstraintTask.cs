using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>What constraints are compiled for: the task, and how its predictions follow from the network's output.</summary>
/// <remarks>
/// The output is [batch] (binary classification: logits; regression: predictions) or [batch, classes] (multiclass: logits),
/// and so are the predictions: p in [0, 1] for binary classification, a row of probabilities or a row with a single 1 for multiclass, the
/// output itself for regression.
/// </remarks>
internal sealed class ConstraintTask
{
    private readonly long[] _classNumbers;

    /// <param name="labels">What is learned of the labels.</param>
    internal ConstraintTask(TaskLabels labels)
    {
        if (labels.Task == LearningTask.MulticlassClassification && labels.Classes.Count < 2)
            throw new ArgumentException($"There must be at least 2 classes, but there are {labels.Classes.Count}.", nameof(labels));
        Labels = labels;
        _classNumbers = [.. Enumerable.Range(0, labels.Classes.Count).Select(number => (long)number)];
    }

    internal static ConstraintTask Binary { get; } = new(TaskLabels.Binary);

    /// <summary>What is learned of the labels.</summary>
    internal TaskLabels Labels { get; }

    internal LearningTask Kind => Labels.Task;

    internal bool IsMulticlass => Kind == LearningTask.MulticlassClassification;

    /// <summary>The shape of the predictions, and of the output, for a number of rows.</summary>
    internal long[] ShapeFor(long rows) => IsMulticlass ? [rows, Labels.Classes.Count] : [rows];

    /// <summary>
    /// The output for what a network gives: of a regression the prediction in the unit of the label, z deviation + mean; else z itself.
    /// </summary>
    /// <param name="network">z.</param>
    internal Tensor Output(Tensor network) => Kind != LearningTask.Regression ? network
        : network.mul(Scalars.Of(Labels.Deviation)).add(Scalars.Of(Labels.Mean), Scalars.One);

    /// <summary>
    /// Predictions that are differentiable in the output z: sigmoid(2 z), softmax(2 log2(K) z) of K classes, or z itself for regression. Of
    /// many classes even the largest probability is small: the factor makes the predictions as sharp as those of two, for which both are
    /// the same.
    /// </summary>
    /// <param name="output">z, see <see cref="Output"/>.</param>
    internal Tensor SurrogatePredictions(Tensor output)
    {
        if (Kind == LearningTask.Regression)
            return output;
        var scaled = output.mul(Scalars.Of(IsMulticlass ? 2 * Math.Log2(Labels.Classes.Count) : 2));
        return IsMulticlass ? scaled.softmax(1) : torch.sigmoid(scaled);
    }

    /// <summary>
    /// The predictions that are audited: 1 where the logit is above 0; 1 for the class of the largest logit (the first of equal ones); the
    /// output itself for regression.
    /// </summary>
    /// <param name="output">The network's output.</param>
    /// <param name="type">The element type of the predictions.</param>
    internal Tensor ExactPredictions(Tensor output, ScalarType type) => Kind switch
    {
        LearningTask.Regression => output,
        LearningTask.MulticlassClassification => OneHot(output.argmax(1), type),
        _ => output.gt(Scalars.Zero).to_type(type),
    };

    /// <summary>Rows with a single 1, [batch, classes].</summary>
    /// <param name="classes">Class numbers, [batch].</param>
    /// <param name="type">The element type wanted.</param>
    internal Tensor OneHot(Tensor classes, ScalarType type) =>
        classes.to_type(ScalarType.Int64).unsqueeze(1).eq(torch.tensor(_classNumbers, device: classes.device)).to_type(type);

    /// <summary>The loss of each row, [batch]: the log loss, the cross-entropy, the squared error in the unit of the label.</summary>
    /// <param name="output">See <see cref="Output"/>.</param>
    /// <param name="labels">[batch].</param>
    internal Tensor Losses(Tensor output, Tensor labels) => Kind switch
    {
        LearningTask.BinaryClassification => torch.nn.functional.binary_cross_entropy_with_logits(output, labels,
            reduction: torch.nn.Reduction.None),
        LearningTask.MulticlassClassification
            => torch.nn.functional.cross_entropy(output, labels.to_type(ScalarType.Int64), reduction: torch.nn.Reduction.None),
        _ => Square(output.sub(labels)),
    };

    /// <summary>The mean loss of a batch that the network learns by; of a regression in units of the label's variance.</summary>
    /// <param name="output">See <see cref="Output"/>.</param>
    /// <param name="labels">[batch].</param>
    /// <param name="weights">[batch], or null where all rows weigh alike.</param>
    internal Tensor MeanLoss(Tensor output, Tensor labels, Tensor? weights)
    {
        if (Kind == LearningTask.BinaryClassification)
            return torch.nn.functional.binary_cross_entropy_with_logits(output, labels, weights);
        var losses = IsMulticlass ? Losses(output, labels) : Square(output.sub(labels).div(Scalars.Of(Labels.Deviation)));
        return (weights is null ? losses : losses.mul(weights)).mean();
    }

    public override string ToString() => Describe(Kind);

    internal static string Describe(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "binary classification",
        LearningTask.MulticlassClassification => "multiclass classification",
        _ => "regression",
    };

    private static Tensor Square(Tensor values) => values.mul(values);
}
