using System.Diagnostics;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Trains and audits one seed, with the trainer's default options.</summary>
internal static class CsvTraining
{
    private const string Features = "Features";

    /// <returns>What it gave, the whole pipeline and the schema it takes. The caller disposes the model.</returns>
    public static (CsvRun Run, TransformerChain<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>> Model,
        DataViewSchema Schema) Run(
        CsvData data, CsvOptions options, IReadOnlyList<FairnessConstraint> constraints, int seed, CancellationToken cancellation)
    {
        var split = CsvSplit.Of(data, options.TestFraction, seed);
        var ml = new MLContext(seed);
        IDataView train = new CsvView(data, split.Train), validation = new CsvView(data, split.Validation),
            test = new CsvView(data, split.Test);
        try
        {
            var trainer = ml.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationOptions
            {
                LabelColumnName = data.Label,
                FeatureColumnName = Features,
                Constraints = constraints,
                Seed = seed,
                CancellationToken = cancellation,
            });
            var start = Stopwatch.GetTimestamp();
            var features = Featurize(ml, data).Fit(train);
            var trained = trainer.Fit(features.Transform(train), features.Transform(validation));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

            var model = features.Append(trained);
            CsvPart Audit(IDataView rows)
            {
                cancellation.ThrowIfCancellationRequested();
                return Measure(ml, model.Transform(rows), data.Label, options.Groups, constraints);
            }
            var run = new CsvRun(seed, seconds, trained.Model.Summary.IsFeasible, Audit(train), Audit(validation), Audit(test),
                trained.Model.Duals.ToDictionary(dual => dual.Inequality, dual => dual.Value))
            {
                NotBound = [.. trained.Model.Summary.Constraints.Where(constraint => constraint.ExcludedGroups.Count > 0)
                    .Select(constraint => $"{constraint.Name}: {string.Join("; ", constraint.ExcludedGroups)}")],
            };
            return (run, model, train.Schema);
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException)
        {
            // What the library says of data and options that it cannot train with.
            throw new SampleInputException($"Seed {seed}: {problem.Message}");
        }
    }

    // Categories one-hot, numbers with the mean where missing, all of them scaled.
    private static IEstimator<TransformerChain<NormalizingTransformer>> Featurize(MLContext ml, CsvData data)
    {
        InputOutputColumnPair[] encoded = [.. data.Categories.Select(name => new InputOutputColumnPair(name + " (one-hot)", name))];
        InputOutputColumnPair[] filled = [.. data.Numbers.Keys.Select(name => new InputOutputColumnPair(name + " (filled)", name))];
        IEstimator<ITransformer>? columns = null;
        if (encoded.Length > 0)
            columns = ml.Transforms.Categorical.OneHotEncoding(encoded);
        if (filled.Length > 0)
        {
            var fill = ml.Transforms.ReplaceMissingValues(filled, MissingValueReplacingEstimator.ReplacementMode.Mean);
            columns = columns is null ? fill : columns.Append(fill);
        }
        return columns!
            .Append(ml.Transforms.Concatenate(Features, [.. filled.Concat(encoded).Select(pair => pair.OutputColumnName)]))
            .Append(ml.Transforms.NormalizeMeanVariance(Features));
    }

    private static CsvPart Measure(MLContext ml, IDataView scored, string label, IReadOnlyList<string> groups,
        IReadOnlyList<FairnessConstraint> constraints)
    {
        var rows = ml.Data.Cache(scored, [label, .. groups, "Score", "Probability", "PredictedLabel"]);
        var audit = ml.Constrained().Audit.BinaryClassification(rows, groups, label);
        var auc = audit.Overall.BaseRate is > 0 and < 1 ? ml.BinaryClassification.Evaluate(rows, label).AreaUnderRocCurve : double.NaN;
        return CsvPart.Of(audit, auc, constraints);
    }
}
