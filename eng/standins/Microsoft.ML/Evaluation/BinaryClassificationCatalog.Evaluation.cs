using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class BinaryClassificationCatalog
{
    public CalibratedBinaryClassificationMetrics Evaluate(IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        string probabilityColumnName = DefaultColumnNames.Probability,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel)
    {
        CheckArguments(data, labelColumnName, scoreColumnName, predictedLabelColumnName);
        Environment.CheckNonEmpty(probabilityColumnName, nameof(probabilityColumnName));
        return (CalibratedBinaryClassificationMetrics)Compute(data, labelColumnName, scoreColumnName, probabilityColumnName, predictedLabelColumnName);
    }

    public BinaryClassificationMetrics EvaluateNonCalibrated(IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel)
    {
        CheckArguments(data, labelColumnName, scoreColumnName, predictedLabelColumnName);
        return Compute(data, labelColumnName, scoreColumnName, null, predictedLabelColumnName);
    }

    public IReadOnlyList<CrossValidationResult<CalibratedBinaryClassificationMetrics>> CrossValidate(IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label,
        string samplingKeyColumnName = null,
        int? seed = null)
        => CrossValidateTrain(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scores => Evaluate(scores, labelColumnName));

    public IReadOnlyList<CrossValidationResult<BinaryClassificationMetrics>> CrossValidateNonCalibrated(IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label,
        string samplingKeyColumnName = null,
        int? seed = null)
        => CrossValidateTrain(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scores => EvaluateNonCalibrated(scores, labelColumnName));

    private static double Entropy(double share)
        => share is < 0 or > 1 ? double.NaN : share is 0 or 1 ? 0 : -(share * Math.Log2(share)) - ((1 - share) * Math.Log2(1 - share));

    private void CheckArguments(IDataView data, string labelColumnName, string scoreColumnName, string predictedLabelColumnName)
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Environment.CheckNonEmpty(scoreColumnName, nameof(scoreColumnName));
        Environment.CheckNonEmpty(predictedLabelColumnName, nameof(predictedLabelColumnName));
    }

    private static BinaryClassificationMetrics Compute(IDataView data, string labelName, string scoreName, string probabilityName, string predictedLabelName)
    {
        var label = EvaluationColumns.Find(data.Schema, labelName, DefaultColumnNames.Label);
        var score = EvaluationColumns.Find(data.Schema, scoreName, DefaultColumnNames.Score);
        DataViewSchema.Column? probability = probabilityName == null ? null : EvaluationColumns.Find(data.Schema, probabilityName, DefaultColumnNames.Probability);
        // The predicted label must be there, but is never read: the sign of the score decides.
        EvaluationColumns.Find(data.Schema, predictedLabelName, DefaultColumnNames.PredictedLabel);
        if (score.Type != NumberDataViewType.Single)
            throw EvaluationColumns.WrongType(score, "score", "Single");
        if (label.Type != NumberDataViewType.Single && label.Type != NumberDataViewType.Double && label.Type is not BooleanDataViewType && label.Type.GetKeyCount() != 2)
            throw EvaluationColumns.WrongType(label, "label", "Single, Double, Boolean, or a Key with cardinality 2");
        if (probability is { } column && column.Type != NumberDataViewType.Single)
            throw EvaluationColumns.WrongType(column, "probability", "Single");

        var sample = new List<(float Score, bool Positive)>();
        double[][] counts = [new double[2], new double[2]];
        var (lossSum, lossPositives, lossRows) = (0d, 0L, 0L);
        using (var cursor = data.GetRowCursor(probability is { } read ? [label, score, read] : [label, score]))
        {
            var (getLabel, getScore) = (EvaluationColumns.LabelGetter(cursor, label), cursor.GetGetter<float>(score));
            var getProbability = probability is { } given ? cursor.GetGetter<float>(given) : null;
            var (labelValue, scoreValue, chance) = (0f, 0f, float.NaN);
            while (cursor.MoveNext())
            {
                getLabel(ref labelValue);
                getScore(ref scoreValue);
                if (!float.IsFinite(scoreValue) || float.IsNaN(labelValue))
                    continue;
                getProbability?.Invoke(ref chance);
                var positive = labelValue > 0;
                sample.Add((scoreValue, positive));
                counts[positive ? 0 : 1][scoreValue > 0 ? 0 : 1]++;
                lossSum += float.IsNaN(chance) ? double.NaN : -Math.Log2(positive ? chance : 1.0 - chance);
                if (!float.IsNaN(chance))
                {
                    lossRows++;
                    lossPositives += positive ? 1 : 0;
                }
            }
        }
        var auc = RankingCurves.AreaUnderRocCurve(sample);
        var auprc = RankingCurves.AreaUnderPrecisionRecallCurve(sample);
        var matrix = new ConfusionMatrix(counts, ClassNames(label), isBinary: true);
        var accuracy = (counts[0][0] + counts[1][1]) / sample.Count;
        var (precision, recall) = (matrix.PerClassPrecision[0], matrix.PerClassRecall[0]);
        var f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        if (probability == null)
            return new BinaryClassificationMetrics(auc, accuracy, f1, auprc, matrix);
        var logLoss = double.IsNaN(lossSum) ? double.NaN : lossRows > 0 ? lossSum / lossRows : 0;
        var prior = Entropy((double)lossPositives / lossRows);
        var reduction = lossRows == 0 ? 0 : (prior - (lossSum / lossRows)) / prior;
        return new CalibratedBinaryClassificationMetrics(auc, accuracy, f1, auprc, matrix, logLoss, reduction, Entropy(counts[0].Sum() / sample.Count));
    }

    private static IEnumerable<ReadOnlyMemory<char>> ClassNames(DataViewSchema.Column label)
    {
        if (!label.HasKeyValues())
            return ["positive".AsMemory(), "negative".AsMemory()];
        VBuffer<ReadOnlyMemory<char>> names = default;
        label.GetKeyValues(ref names);
        return names.DenseValues();
    }
}
