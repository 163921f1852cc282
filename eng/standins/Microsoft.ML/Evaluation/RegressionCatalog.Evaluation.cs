using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class RegressionCatalog
{
    public RegressionMetrics Evaluate(IDataView data, string labelColumnName = DefaultColumnNames.Label, string scoreColumnName = DefaultColumnNames.Score)
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Environment.CheckNonEmpty(scoreColumnName, nameof(scoreColumnName));
        var label = EvaluationColumns.Find(data.Schema, labelColumnName, DefaultColumnNames.Label);
        var score = EvaluationColumns.Find(data.Schema, scoreColumnName, DefaultColumnNames.Score);
        if (score.Type != NumberDataViewType.Single)
            throw EvaluationColumns.WrongType(score, "score", "Single");
        if (label.Type != NumberDataViewType.Single)
            throw EvaluationColumns.WrongType(label, "label", "Single");

        var (rows, absolute, squared, loss, labels, labelSquares) = (0L, 0d, 0d, 0d, 0d, 0d);
        using var cursor = data.GetRowCursor([label, score]);
        var (getLabel, getScore) = (cursor.GetGetter<float>(label), cursor.GetGetter<float>(score));
        var (truth, predicted) = (0f, 0f);
        while (cursor.MoveNext())
        {
            getLabel(ref truth);
            getScore(ref predicted);
            if (float.IsNaN(truth) || float.IsNaN(predicted))
                continue;
            rows++;
            var error = Math.Abs((double)truth - predicted);
            absolute += error;
            squared += error * error;
            // The loss function is the squared error in single precision.
            var difference = predicted - truth;
            loss += difference * difference;
            labels += truth;
            labelSquares += truth * truth;
        }
        double Mean(double sum) => rows > 0 ? sum / rows : 0;
        var variation = labelSquares - (labels * labels / rows);
        var rSquared = rows == 0 ? 0 : variation == 0 ? double.NaN : 1 - (squared / variation);
        return new RegressionMetrics(Mean(absolute), Mean(squared), Math.Sqrt(Mean(squared)), Mean(loss), rSquared);
    }

    public IReadOnlyList<CrossValidationResult<RegressionMetrics>> CrossValidate(IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label,
        string samplingKeyColumnName = null,
        int? seed = null)
        => CrossValidateTrain(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scores => Evaluate(scores, labelColumnName));
}
