using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    private const float SmallestProbability = 1e-15f;

    public MulticlassClassificationMetrics Evaluate(IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel,
        int topKPredictionCount = 0)
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Environment.CheckNonEmpty(scoreColumnName, nameof(scoreColumnName));
        Environment.CheckNonEmpty(predictedLabelColumnName, nameof(predictedLabelColumnName));
        Environment.CheckUserArg(topKPredictionCount >= 0, nameof(topKPredictionCount), "Must be non-negative");
        var label = EvaluationColumns.Find(data.Schema, labelColumnName, DefaultColumnNames.Label);
        var score = EvaluationColumns.Find(data.Schema, scoreColumnName, DefaultColumnNames.Score);
        EvaluationColumns.Find(data.Schema, predictedLabelColumnName, DefaultColumnNames.PredictedLabel);
        if (score.Type is not VectorDataViewType { Size: >= 2 } scores || scores.ItemType != NumberDataViewType.Single)
            throw EvaluationColumns.WrongType(score, "score", "vector of two or more items of type Single");
        if (label.Type != NumberDataViewType.Single && label.Type is not KeyDataViewType)
            throw EvaluationColumns.WrongType(label, "label", "Single or Key");

        var tally = new Tally(scores.Size);
        using (var cursor = data.GetRowCursor([label, score]))
        {
            var (getLabel, getScore) = (EvaluationColumns.LabelGetter(cursor, label), cursor.GetGetter<VBuffer<float>>(score));
            var truth = 0f;
            VBuffer<float> vector = default;
            var values = new float[scores.Size];
            while (cursor.MoveNext())
            {
                getLabel(ref truth);
                // Labels that are missing, negative or no integers are left out, and so are scores that are not finite.
                if (!(truth >= 0) || truth != (int)truth)
                    continue;
                getScore(ref vector);
                Contracts.Check(vector.Length == values.Length);
                vector.CopyTo(values);
                if (Array.TrueForAll(values, float.IsFinite))
                    tally.Add((int)truth, values);
            }
        }
        return tally.ToMetrics(topKPredictionCount, ClassNames(score, scores.Size));
    }

    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label,
        string samplingKeyColumnName = null,
        int? seed = null)
        => CrossValidateTrain(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scores => Evaluate(scores, labelColumnName));

    private static IEnumerable<ReadOnlyMemory<char>> ClassNames(DataViewSchema.Column score, int count)
    {
        if (!score.HasSlotNames())
            return Enumerable.Range(0, count).Select(i => $"{i}".AsMemory());
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return names.DenseValues();
    }

    private sealed class Tally(int classCount)
    {
        private readonly double[] _rowsOfClass = new double[classCount];
        private readonly double[] _lossOfClass = new double[classCount];
        private readonly double[] _rowsOfRank = new double[classCount + 1];
        private readonly double[][] _counts = [.. Enumerable.Range(0, classCount).Select(_ => new double[classCount])];
        private double _rows;
        private double _loss;

        public void Add(int label, float[] scores)
        {
            var known = label < classCount;
            var loss = -Math.Log(known ? Math.Min(1, Math.Max(SmallestProbability, scores[label])) : SmallestProbability);
            var ofLabel = known ? scores[label] : 0;
            var (rank, assigned) = (0, 0);
            for (var i = 0; i < scores.Length; i++)
            {
                if (scores[i] > ofLabel || (scores[i] == ofLabel && i < label))
                    rank++;
                if (scores[assigned] < scores[i])
                    assigned = i;
            }
            _rows++;
            _loss += loss;
            _rowsOfRank[rank]++;
            if (!known)
                return;
            _rowsOfClass[label]++;
            _lossOfClass[label] += loss;
            _counts[label][rank == 0 ? label : assigned]++;
        }

        public MulticlassClassificationMetrics ToMetrics(int topK, IEnumerable<ReadOnlyMemory<char>> classNames)
        {
            var recalls = Enumerable.Range(0, classCount).Where(i => _rowsOfClass[i] > 0).Select(i => _counts[i][i] / _rowsOfClass[i]).ToArray();
            var logLoss = _rows > 0 ? _loss / _rows : 0;
            var entropy = -_rowsOfClass.Where(rows => rows > 0).Sum(rows => rows * Math.Log(rows / _rows)) / _rows;
            var topKAccuracies = topK == 0 ? null : _rowsOfRank.Take(topK).Select((_, k) => _rowsOfRank.Take(k + 1).Sum() / _rows).ToArray();
            return new MulticlassClassificationMetrics(
                microAccuracy: _rows > 0 ? _rowsOfRank[0] / _rows : 0,
                macroAccuracy: recalls.Length > 0 ? recalls.Average() : 0,
                logLoss,
                logLossReduction: (entropy - logLoss) / entropy,
                topK,
                topKAccuracies,
                [.. _lossOfClass.Select((loss, i) => _rowsOfClass[i] > 0 ? loss / _rowsOfClass[i] : 0)],
                new ConfusionMatrix(_counts, classNames, isBinary: false));
        }
    }
}
