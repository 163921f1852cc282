using System.Diagnostics;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Trains and audits one seed, with the trainer's default options.</summary>
internal static class CsvTraining
{
    private const string Features = "Features";

    /// <returns>What it gave; the caller disposes it.</returns>
    /// <exception cref="SampleInputException">The library refuses the data; the inner exception is the library's.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static CsvModel Run(CsvData data, CsvOptions options, IReadOnlyList<FairnessConstraint> constraints, int seed,
        CancellationToken cancellation)
    {
        var split = CsvSplit.Of(data, options.TestFraction, seed);
        var ml = new MLContext(seed);
        IDataView train = data.Take(split.Train), validation = data.Take(split.Validation), test = data.Take(split.Test);
        var trainer = Refusing(seed, () => ml.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
        {
            LabelColumnName = data.Label,
            FeatureColumnName = Features,
            ExampleWeightColumnName = options.Weight,
            Constraints = constraints,
            ConfidenceLevel = options.Confidence,
            Groups = new GroupOptions { MinimumSize = options.MinimumGroupSize, MissingValues = options.MissingGroups },
            Seed = seed,
        }, new TrainingCallbacks { CancellationToken = cancellation }));
        var start = Stopwatch.GetTimestamp();
        var features = Featurize(ml, data).Fit(train);
        var trained = Refusing(seed, () => trainer.Fit(features.Transform(train), features.Transform(validation)));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        var model = features.Append(trained);
        CsvReport.Part Audit(IDataView rows)
        {
            cancellation.ThrowIfCancellationRequested();
            return Measure(ml, model.Transform(rows), data.Label, options, constraints);
        }
        var run = new CsvReport.Run(seed, seconds, trained.Model.Summary.Verdict is not (Verdict.Missed or Verdict.NotMeasurable), Audit(train), Audit(validation), Audit(test),
            trained.Model.Duals.ToDictionary(dual => dual.Inequality, dual => dual.Value))
        {
            NotBound = [.. trained.Model.Summary.Constraints.Where(constraint => constraint.ExcludedGroups.Count > 0)
                .Select(constraint => $"{constraint.Name}: {string.Join("; ", constraint.ExcludedGroups)}")],
        };
        return new CsvModel(run, model, train.Schema);
    }

    /// <summary>
    /// Makes bad input of what the library itself says of the data. An exception that .NET or ML.NET throws is a bug, and stays one.
    /// </summary>
    internal static T Refusing<T>(int seed, Func<T> fit)
    {
        try
        {
            return fit();
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException
            && problem.Source == typeof(ConstrainedBinaryClassificationTrainer).Assembly.GetName().Name)
        {
            throw new SampleInputException($"Seed {seed}: {problem.Message}", problem);
        }
    }

    // Categories one-hot, numbers with the mean where missing, all of them scaled.
    private static IEstimator<TransformerChain<NormalizingTransformer>> Featurize(MLContext ml, CsvData data)
    {
        InputOutputColumnPair[] encoded = [.. data.Categorical.Select(name => new InputOutputColumnPair(name + " (one-hot)", name))];
        InputOutputColumnPair[] filled = [.. data.Numeric.Select(name => new InputOutputColumnPair(name + " (filled)", name))];
        var columns = new EstimatorChain<ITransformer>();
        if (encoded.Length > 0)
            columns = columns.Append<ITransformer>(ml.Transforms.Categorical.OneHotEncoding(encoded));
        if (filled.Length > 0)
        {
            columns = columns.Append<ITransformer>(
                ml.Transforms.ReplaceMissingValues(filled, MissingValueReplacingEstimator.ReplacementMode.Mean));
        }
        return columns
            .Append(ml.Transforms.Concatenate(Features, [.. filled.Concat(encoded).Select(pair => pair.OutputColumnName)]))
            .Append(ml.Transforms.NormalizeMeanVariance(Features));
    }

    private static CsvReport.Part Measure(MLContext ml, IDataView scored, string label, CsvOptions options,
        IReadOnlyList<FairnessConstraint> constraints)
    {
        string[] weights = options.Weight is null ? [] : [options.Weight];
        var rows = ml.Data.Cache(scored, [label, .. options.Groups, .. weights, "Score", "Probability", "PredictedLabel"]);
        var audit = ml.Constrained().Audit.BinaryClassification(rows, options.Groups, label, exampleWeightColumnName: options.Weight);
        var weightOf = options.Weight is null ? Enumerable.Repeat(1f, audit.Overall.RowCount) : rows.GetColumn<float>(options.Weight);
        var auc = RocArea.Of(rows.GetColumn<float>("Score").Zip(rows.GetColumn<bool>(label), weightOf));
        return CsvReport.Part.Of(audit, auc, constraints);
    }
}
