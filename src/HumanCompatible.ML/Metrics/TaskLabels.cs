namespace HumanCompatible.ML.Metrics;

/// <summary>What is learned of the labels: the task, with the classes or the scale of the label. Equal by value.</summary>
/// <param name="Task">The task.</param>
internal sealed record TaskLabels(LearningTask Task)
{
    internal static TaskLabels Binary { get; } = new(LearningTask.BinaryClassification);

    /// <summary>The names of the classes in the order of their numbers; empty unless multiclass.</summary>
    internal IReadOnlyList<string> Classes { get; private init; } = [];

    /// <summary>The mean of the labels of a regression; a network learns (label - mean) / deviation.</summary>
    internal double Mean { get; private init; }

    /// <summary>Their standard deviation, above 0.</summary>
    internal double Deviation { get; private init; } = 1;

    /// <summary>The outputs of the network for a row.</summary>
    internal int OutputCount => Task == LearningTask.MulticlassClassification ? Classes.Count : 1;

    /// <summary>The labels of several classes, at least 2.</summary>
    internal static TaskLabels Multiclass(IReadOnlyList<string> classes)
        => new(LearningTask.MulticlassClassification) { Classes = classes };

    /// <summary>Real numbers of a scale that is known.</summary>
    internal static TaskLabels Regression(double mean = 0, double deviation = 1)
        => new(LearningTask.Regression) { Mean = mean, Deviation = deviation };

    /// <summary>The same with the scale of some labels, where the task is regression. They differ, and some weight is positive.</summary>
    internal TaskLabels ScaledTo(float[] labels, float[]? weights)
    {
        if (Task != LearningTask.Regression)
            return this;
        double WeightOf(int row) => weights?[row] ?? 1;
        var rows = Enumerable.Range(0, labels.Length);
        var total = rows.Sum(WeightOf);
        var mean = rows.Sum(row => WeightOf(row) * labels[row]) / total;
        return Regression(mean, Math.Sqrt(rows.Sum(row => WeightOf(row) * Math.Pow(labels[row] - mean, 2)) / total));
    }

    /// <summary>
    /// What 1 of a metric is measured in, so that its inequalities are without a unit: the deviation of the labels of a regression, of its
    /// squared errors the square; 1 otherwise.
    /// </summary>
    internal double UnitOf(GroupMetric metric) => metric.Numerator == RowQuantity.Loss ? Deviation * Deviation : Deviation;

    /// <summary>Counts for this task, empty.</summary>
    internal IRowCounts NewCounts() => Task switch
    {
        LearningTask.MulticlassClassification => new ClassCounts(Classes.Count),
        LearningTask.Regression => new ValueCounts(),
        _ => new GroupCounts(),
    };

    /// <summary>What comes of a row.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="outputs">
    /// The outputs for it: the logit (positive predicts positive), the logits of the classes (the first of the largest is predicted), or
    /// the predicted number.
    /// </param>
    /// <param name="weight">Its weight.</param>
    internal RowOutcome Outcome(float label, ReadOnlySpan<float> outputs, double weight)
    {
        switch (Task)
        {
            case LearningTask.MulticlassClassification:
                var (predicted, largest) = (0, (double)outputs[0]);
                for (var index = 1; index < outputs.Length; index++)
                {
                    if (outputs[index] > largest)
                        (predicted, largest) = (index, outputs[index]);
                }

                var sum = 0.0;
                foreach (var output in outputs)
                    sum += Math.Exp(output - largest);
                return new RowOutcome(label, predicted, weight, Math.Log(sum) + largest - outputs[(int)label]);
            case LearningTask.Regression:
                var residual = (double)label - outputs[0];
                return new RowOutcome(label, outputs[0], weight, residual * residual);
            default:
                double logit = outputs[0];
                return new RowOutcome(label > 0 ? 1 : 0, logit > 0 ? 1 : 0, weight,
                    Math.Max(logit, 0) - (label > 0 ? logit : 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit))));
        }
    }

    /// <summary>Whether others are of the same task, classes and scale.</summary>
    public bool Equals(TaskLabels? other) => other is not null && (Task, Mean, Deviation) == (other.Task, other.Mean, other.Deviation)
        && Classes.SequenceEqual(other.Classes);

    public override int GetHashCode() => HashCode.Combine(Task, Mean, Deviation, Classes.Count);
}
