using System.Text.Json;
using System.Text.Json.Serialization;
using static HumanCompatible.ML.Metrics.RowQuantity;

namespace HumanCompatible.ML.Metrics;

/// <summary>
/// A statistic of one group of rows: the ratio of two sums over them. TP, FP, TN and FN are the (weighted) counts of true and false
/// positives and negatives among the group's rows, and N = TP + FP + TN + FN.
/// </summary>
/// <remarks>
/// A statistic whose denominator is zero (no row, no positive, no negative ... in the group) is undefined. The properties are the table of
/// all metrics: training, audit and confidence read numerators and denominators here and nowhere else.
/// </remarks>
[JsonConverter(typeof(Json))]
public sealed class GroupMetric
{
    /// <summary>Stands for no class: the statistic is of the positive class, or of all classes together.</summary>
    internal const int NoClass = -1;

    // Filled by its rows, so it stands before them.
    private static readonly List<GroupMetric> Table = [];

    /// <summary>Share of rows predicted positive, (TP + FP) / N; in [0, 1].</summary>
    public static GroupMetric SelectionRate { get; } = Row(nameof(SelectionRate), PredictedPositive, over: All);

    /// <summary>Share of the positives predicted positive (recall), TP / (TP + FN); in [0, 1].</summary>
    public static GroupMetric TruePositiveRate { get; } = Row(nameof(TruePositiveRate), TruePositive, over: Positive);

    /// <summary>Share of the negatives predicted positive, FP / (FP + TN); in [0, 1].</summary>
    public static GroupMetric FalsePositiveRate { get; } = Row(nameof(FalsePositiveRate), FalsePositive, over: Negative);

    /// <summary>Share of the negatives predicted negative, TN / (FP + TN); in [0, 1].</summary>
    public static GroupMetric TrueNegativeRate { get; } = Row(nameof(TrueNegativeRate), TrueNegative, over: Negative);

    /// <summary>Share of the positives predicted negative, FN / (TP + FN); in [0, 1].</summary>
    public static GroupMetric FalseNegativeRate { get; } = Row(nameof(FalseNegativeRate), FalseNegative, over: Positive);

    /// <summary>Share of those predicted positive that are positive (precision, PPV), TP / (TP + FP); in [0, 1].</summary>
    public static GroupMetric PositivePredictiveValue { get; }
        = Row(nameof(PositivePredictiveValue), TruePositive, over: PredictedPositive);

    /// <summary>Share of those predicted negative that are positive (FOR), FN / (FN + TN); in [0, 1].</summary>
    public static GroupMetric FalseOmissionRate { get; } = Row(nameof(FalseOmissionRate), FalseNegative, over: PredictedNegative);

    /// <summary>Share of rows predicted correctly, (TP + TN) / N; in [0, 1].</summary>
    public static GroupMetric Accuracy { get; } = Row(nameof(Accuracy), Correct, over: All);

    /// <summary>Share of rows predicted wrongly, (FP + FN) / N; in [0, 1].</summary>
    public static GroupMetric ErrorRate { get; } = Row(nameof(ErrorRate), Incorrect, over: All);

    /// <summary>
    /// Mean loss of the rows; for binary classification the log loss -[y ln p + (1 - y) ln(1 - p)] in nats, y the label and p the
    /// probability; for multiclass classification -ln p of the label's class; for regression the squared error; in [0, infinity).
    /// </summary>
    public static GroupMetric MeanLoss { get; } = Row(nameof(MeanLoss), Loss, over: All);

    /// <summary>Mean prediction of the rows of a regression, in the unit of the label.</summary>
    internal static GroupMetric MeanPrediction { get; } = Row(nameof(MeanPrediction), Prediction, over: All);

    /// <summary>Mean of label - prediction over the rows of a regression: positive where predictions are too low.</summary>
    internal static GroupMetric MeanResidual { get; } = Row(nameof(MeanResidual), Residual, over: All);

    internal GroupMetric(string name, RowQuantity numerator, RowQuantity denominator)
        => (Name, Numerator, Denominator) = (name, numerator, denominator);

    private GroupMetric(GroupMetric metric, int @class, string className)
        : this(metric.Name, metric.Numerator, metric.Denominator)
        => (Class, ClassName, Unclassed) = (@class, className, metric);

    /// <summary>Every metric.</summary>
    internal static IReadOnlyList<GroupMetric> Every => Table;

    /// <summary>The name, such as <c>SelectionRate</c>.</summary>
    public string Name { get; }

    /// <summary>What is summed above the line.</summary>
    internal RowQuantity Numerator { get; }

    /// <summary>What is summed below it: a count, so that without rows it is exactly zero.</summary>
    internal RowQuantity Denominator { get; }

    /// <summary>The class whose statistic it is, with that class as the positive one; <see cref="NoClass"/> for none.</summary>
    internal int Class { get; } = NoClass;

    /// <summary>The name of the class; null for none.</summary>
    internal string? ClassName { get; }

    /// <summary>The metric of which this one is that of a class; itself where it is of none.</summary>
    internal GroupMetric Unclassed { get => field ?? this; }

    /// <summary>The rows that it is taken over; which class they are of does not matter where they are all.</summary>
    internal RateRows Rows => Denominator == All ? new(All) : new(Denominator, Class, ClassName);

    /// <summary>Whether it is a share of rows, from 0 to 1.</summary>
    internal bool IsRate => Numerator.IsCount;

    /// <summary>Whether it may be negative.</summary>
    internal bool IsSigned => Numerator is Prediction or Residual;

    /// <summary>
    /// Whether it says how well the labels are predicted: such a statistic is better on the rows that a model was trained on than on
    /// others.
    /// </summary>
    internal bool IsOfFit => Numerator is not (PredictedPositive or PredictedNegative or All or Prediction);

    /// <summary>Whether raising every prediction only raises it, or only lowers it, whatever the labels are.</summary>
    internal bool IsMonotone => Numerator is not (Loss or Correct or Incorrect) && Denominator.IsKnownFromLabels;

    /// <summary>Whether in multiclass classification each class has its own; the others are of all classes together.</summary>
    internal bool IsPerClass => !(Numerator.IsOfBothClasses && Denominator.IsOfBothClasses);

    /// <summary>The metric before this one in the table that is 1 minus this one; null where there is none.</summary>
    internal GroupMetric? Complement => Table.TakeWhile(other => other != this)
        .FirstOrDefault(other => other.Denominator == Denominator && other.Numerator == (Denominator ^ Numerator));

    /// <summary>
    /// The metric of one class against all others; itself where it is of all classes together. Each call makes another one.
    /// </summary>
    internal GroupMetric OfClass(int @class, string className) => IsPerClass ? new(this, @class, className) : this;

    /// <summary>Whether a task has it.</summary>
    internal bool Suits(LearningTask task) => task == LearningTask.Regression ? !IsRate : !IsSigned;

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>, of a class with the class.</returns>
    public override string ToString() => ClassName is null ? Name : $"{Name} of {ClassName}";

    private static GroupMetric Row(string name, RowQuantity numerator, RowQuantity over)
    {
        var metric = new GroupMetric(name, numerator, over);
        Table.Add(metric);
        return metric;
    }

    /// <summary>A metric in a file is its name in camelCase.</summary>
    internal sealed class Json : JsonConverter<GroupMetric>
    {
        public override GroupMetric Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            return Table.Find(metric => Word(metric) == name)
                ?? throw new JsonException($"A metric must be one of {string.Join(", ", Table.Select(Word))}, got '{name}'.");
        }

        public override void Write(Utf8JsonWriter writer, GroupMetric value, JsonSerializerOptions options)
            => writer.WriteStringValue(Word(value));

        private static string Word(GroupMetric metric) => JsonNamingPolicy.CamelCase.ConvertName(metric.Name);
    }
}

/// <summary>What a network learns, which decides what the statistics of a group are.</summary>
internal enum LearningTask
{
    /// <summary>One logit per row; labels 0 or 1.</summary>
    BinaryClassification,

    /// <summary>A logit per row and class; labels are class numbers from 0.</summary>
    MulticlassClassification,

    /// <summary>One real prediction per row; labels are real numbers.</summary>
    Regression,
}
