using System.Diagnostics;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
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

    /// <returns>What it gave; the caller disposes it.</returns>
    /// <exception cref="SampleInputException">The library refuses the data; the inner exception is the library's.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static CsvModel Run(CsvData data, CsvOptions options, IReadOnlyList<FairnessConstraint> constraints, int seed,
        CancellationToken cancellation)
    {
        var split = CsvSplit.Of(data, options.TestFraction, seed);
        var ml = new MLContext(seed);
        IDataView train = data.Take(split.Train), validation = data.Take(split.Validation);
        var start = Stopwatch.GetTimestamp();
        var features = Featurize(ml, data).Fit(train);
        var secondsOfFeatures = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int? named = options.Seeds.Count > 1 ? seed : null;
        (BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Trained, double Seconds) Fit(
            IReadOnlyList<FairnessConstraint> under)
        {
            var trainer = Refusing(named, () => Trainer(ml, data, options, under, seed, cancellation));
            var startOfFit = Stopwatch.GetTimestamp();
            var trained = Refusing(named, () => trainer.Fit(features.Transform(train), features.Transform(validation)));
            return (trained, secondsOfFeatures + Stopwatch.GetElapsedTime(startOfFit).TotalSeconds);
        }

        var (constrained, seconds) = Fit(constraints);
        var audits = new CsvAudits(ml, data, options, split, constrained.Model, cancellation);
        var pipeline = features.Append(constrained);
        FairnessAudit? auditOfOther = null;
        var (outcome, test) = Refusing(named, () => audits.Of(pipeline, constrained, seconds));
        var run = new CsvReport.Run(seed, outcome)
        {
            Warnings = constrained.Model.Summary.Warnings,
            Confidence = CsvReport.Confidence.Of(constrained.Model.Summary),
            Unconstrained = constraints.Count == 0 ? null : Unconstrained(),
        };
        return new CsvModel(run, pipeline, train.Schema)
        {
            Page = options.ReportPath is null ? null : new CsvPage(test, constrained.Model, auditOfOther),
        };

        CsvReport.Outcome Unconstrained()
        {
            var (other, secondsOfOther) = Fit([]);
            using var _ = other as IDisposable;
            (var outcomeOfOther, auditOfOther) = Refusing(named, () => audits.Of(features.Append(other), other, secondsOfOther));
            return outcomeOfOther;
        }
    }

    private static ConstrainedBinaryClassificationTrainer Trainer(MLContext ml, CsvData data, CsvOptions options,
        IReadOnlyList<FairnessConstraint> constraints, int seed, CancellationToken cancellation)
        => ml.Constrained().Trainers.BinaryClassification(OptionsOf(data, options, constraints, seed),
            new TrainingCallbacks { CancellationToken = cancellation });

    /// <summary>The trainer's options that the command names; all others are the defaults.</summary>
    public static ConstrainedBinaryClassificationTrainer.Options OptionsOf(CsvData data, CsvOptions options,
        IReadOnlyList<FairnessConstraint> constraints, int seed) => new()
        {
            LabelColumnName = data.Label,
            FeatureColumnName = Features,
            ExampleWeightColumnName = options.Weight,
            Constraints = constraints,
            ConfidenceLevel = constraints.Count == 0 ? null : options.Confidence,
            Groups = new GroupOptions { MinimumSize = options.MinimumGroupSize, MissingValues = options.MissingGroups },
            Device = options.Device,
            Seed = seed,
        };

    /// <summary>
    /// Makes bad input of what the library itself says of the data. An exception that .NET or ML.NET throws is a bug, and stays one.
    /// </summary>
    /// <param name="seed">The seed that is named, where there are several.</param>
    /// <param name="work">What is done.</param>
    internal static T Refusing<T>(int? seed, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException
            && problem.Source == typeof(ConstrainedBinaryClassificationTrainer).Assembly.GetName().Name)
        {
            var message = WithoutParameter(problem);
            throw new SampleInputException(seed is null ? message : $"Seed {seed}: {message}", problem);
        }
    }

    /// <summary>The message; what a parameter of the library is called is no matter of the command line.</summary>
    internal static string WithoutParameter(Exception problem) => problem is ArgumentException { ParamName: { } name }
        ? problem.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : problem.Message;

    /// <summary>The column of the table behind each column that makes the features.</summary>
    public static IReadOnlyDictionary<string, string> FeatureNames(CsvData data) => data.Categorical.Select(name => (Encoded(name), name))
        .Concat(data.Numeric.Select(name => (Filled(name), name))).ToDictionary(pair => pair.Item1, pair => pair.name);

    private static string Encoded(string name) => name + " (one-hot)";

    private static string Filled(string name) => name + " (filled)";

    /// <summary>Categories one-hot, numbers with the mean where missing, all of them scaled.</summary>
    public static IEstimator<TransformerChain<NormalizingTransformer>> Featurize(MLContext ml, CsvData data)
    {
        InputOutputColumnPair[] encoded = [.. data.Categorical.Select(name => new InputOutputColumnPair(Encoded(name), name))];
        InputOutputColumnPair[] filled = [.. data.Numeric.Select(name => new InputOutputColumnPair(Filled(name), name))];
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
}
