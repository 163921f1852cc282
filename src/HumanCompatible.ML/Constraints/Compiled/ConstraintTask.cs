using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>What constraints are compiled for: the task, and how its predictions follow from the network's output.</summary>
/// <remarks>
/// The output of the network is [batch] (binary classification: logits; regression: predictions) or [batch, classes] (multiclass: logits),
/// and so are the predictions: p in [0, 1] for binary classification, a row of probabilities or a row with a single 1 for multiclass, the
/// output itself for regression.
/// </remarks>
internal sealed class ConstraintTask
{
    /// <summary>Stands for no class: the statistic is of the positive class, of all classes together, or of no class.</summary>
    internal const int NoClass = -1;

    private readonly long[] _classNumbers;

    private ConstraintTask(LearningTask kind, IReadOnlyList<string> classNames)
    {
        (Kind, ClassNames) = (kind, classNames);
        _classNumbers = [.. Enumerable.Range(0, classNames.Count).Select(number => (long)number)];
    }

    internal static ConstraintTask Binary { get; } = new(LearningTask.BinaryClassification, []);

    internal static ConstraintTask Regression { get; } = new(LearningTask.Regression, []);

    internal LearningTask Kind { get; }

    /// <summary>The classes in the order of their numbers; empty unless multiclass.</summary>
    internal IReadOnlyList<string> ClassNames { get; }

    internal bool IsMulticlass => Kind == LearningTask.MulticlassClassification;

    internal static ConstraintTask Multiclass(IReadOnlyList<string> classNames)
    {
        if (classNames.Count < 2)
            throw new ArgumentException($"There must be at least 2 classes, but there are {classNames.Count}.", nameof(classNames));
        return new(LearningTask.MulticlassClassification, classNames);
    }

    /// <summary>The shape of the predictions, and of the network's output, for a number of rows.</summary>
    internal long[] ShapeFor(long rows) => IsMulticlass ? [rows, ClassNames.Count] : [rows];

    /// <summary>
    /// The classes over which a declaration holds, each with its statistics; <see cref="NoClass"/> alone where its statistics are of no
    /// single class.
    /// </summary>
    /// <exception cref="InvalidOperationException">The declaration names a class that is not there.</exception>
    internal IReadOnlyList<int> ClassesOf(FairnessConstraint constraint)
    {
        if (!IsMulticlass || !constraint.Metrics.Any(metric => metric.IsPerClass))
            return [NoClass];
        if (constraint.ClassName is null)
            return [.. Enumerable.Range(0, ClassNames.Count)];
        for (var index = 0; index < ClassNames.Count; index++)
        {
            if (ClassNames[index] == constraint.ClassName)
                return [index];
        }

        throw new InvalidOperationException(
            $"{constraint.Name}: there is no class '{constraint.ClassName}'; the classes are "
            + $"{string.Join("; ", ClassNames.Select(name => $"'{name}'"))}.");
    }

    /// <summary>The class of a metric within a class: none where the metric is of all classes together.</summary>
    internal static int ClassOf(GroupMetric metric, int @class) => metric.IsPerClass ? @class : NoClass;

    /// <summary>
    /// Predictions that are differentiable in the network's output: sigmoid(a z), softmax(a z), or z itself for regression.
    /// </summary>
    /// <param name="output">z, the network's output.</param>
    /// <param name="sharpness">a, how closely they follow the exact predictions; greater than 0.</param>
    internal Tensor SurrogatePredictions(Tensor output, double sharpness)
    {
        if (Kind == LearningTask.Regression)
            return output;
        var scaled = sharpness == 1 ? output : output.mul(Scalars.Of(sharpness));
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

    /// <summary>The loss of each row, [batch]: the log loss, the cross-entropy.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="labels">[batch].</param>
    /// <exception cref="InvalidOperationException">The task is regression, whose loss the trainer chooses.</exception>
    internal Tensor Losses(Tensor output, Tensor labels) => Kind switch
    {
        LearningTask.BinaryClassification => torch.nn.functional.binary_cross_entropy_with_logits(output, labels,
            reduction: torch.nn.Reduction.None),
        LearningTask.MulticlassClassification
            => torch.nn.functional.cross_entropy(output, labels.to_type(ScalarType.Int64), reduction: torch.nn.Reduction.None),
        _ => throw new InvalidOperationException("The losses of a regression must be given."),
    };

    public override string ToString() => Describe(Kind);

    internal static string Describe(LearningTask task) => task switch
    {
        LearningTask.BinaryClassification => "binary classification",
        LearningTask.MulticlassClassification => "multiclass classification",
        _ => "regression",
    };
}
