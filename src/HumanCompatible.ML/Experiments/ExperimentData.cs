using System.Globalization;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>What <c>Execute</c> was given.</summary>
/// <param name="Train">The rows to train on.</param>
/// <param name="Validation">The rows that judge finalists; null takes them of the training rows.</param>
/// <param name="NumberOfFolds">Into how many folds the training rows are divided, each judging once; 1 holds out a share.</param>
/// <param name="Test">The rows that test the final model; null takes them of the training rows.</param>
/// <param name="PreFeaturizer">The pipeline before the trainer, or null.</param>
internal sealed record ExperimentInput(IDataView Train, IDataView? Validation, int NumberOfFolds, IDataView? Test,
    IEstimator<ITransformer>? PreFeaturizer);

/// <summary>
/// The rows of an experiment, divided: the test rows, and in each fold the rows that train, that guide the search, and that judge.
/// </summary>
/// <param name="Folds">The folds of the search.</param>
/// <param name="Final">The rows of the final training; null where the runs train on all rows that may be trained on.</param>
/// <param name="Test">The rows of the final test; null where there is none to be.</param>
internal sealed record ExperimentData(IReadOnlyList<Fold> Folds, IDataView? Final, IDataView? Test)
{
    /// <summary>Fewer rows are searched in all folds where the caller does not say.</summary>
    internal const int FewRows = 10_000;

    private const int FoldsOfFewRows = 5;
    private const int OtherFoldsOfManyRows = 2;
    private const double JudgingShare = 0.2;
    private const double TuningShare = 0.2;

    /// <summary>The folds in which only finalists are trained; each is made when it is first asked for.</summary>
    internal IReadOnlyList<Lazy<Fold>> OtherFolds { get; init; } = [];

    /// <summary>Divides, fits the pipeline in each fold, and reads.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="input">The data.</param>
    /// <param name="options">The options of the runs.</param>
    /// <param name="groups">The group columns to read; null for those of the constraints.</param>
    /// <param name="testFraction">The share of the training rows to test on where there are no test data; null for no test.</param>
    /// <param name="seed">Decides which rows.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ArgumentException">The options have a maximum of memory.</exception>
    internal static ExperimentData Of(MLContext ml, ExperimentInput input, ConstrainedTrainerOptions options,
        IReadOnlyList<string>? groups, double? testFraction, int seed, CancellationToken cancellation)
    {
        if (options.MaximumMemory is not null)
            throw new ArgumentException("Options.MaximumMemory must be null: all runs share rows in memory.", nameof(options));
        var columns = TrainingSetup.Columns(options, groups);
        var train = ml.Data.Cache(input.Train);
        var strata = RowStrata.Of(train, columns);
        var rows = Enumerable.Range(0, strata.Length).ToArray();
        var test = input.Test;
        if (test is null && testFraction is { } share)
        {
            (rows, var tested) = RowStrata.Split(rows, strata, share, seed);
            test = new RowSubset(train, NotEmpty(tested, "test the final model", strata.Length));
        }

        var tuningShare = options.ValidationFraction ?? TuningShare;
        var fitting = new Lock();
        ITransformer? Fit(IDataView training)
        {
            lock (fitting)
                return input.PreFeaturizer?.Fit(training);
        }

        Fold Make(int[] rest, IDataView judged)
        {
            var (trained, tuned) = RowStrata.Split(rest, strata, tuningShare, seed);
            IDataView training = new RowSubset(train, trained);
            IDataView tuning = new RowSubset(train, NotEmpty(tuned, "choose the epoch", strata.Length));
            var featurizer = Fit(training);
            IDataView Featurized(IDataView part, string name)
            {
                var view = featurizer is null ? part : featurizer.Transform(part);
                columns.Check(view.Schema, name);
                return view;
            }

            DataPart Read(IDataView part, string name)
            {
                var view = Featurized(part, name);
                var cached = ml.Data.Cache(view);
                return new DataPart(cached, RawTableReader.Read(cached, columns, cancellation));
            }

            // They are not read before the end, but what they lack is said at the start.
            if (input.Test is not null)
                _ = Featurized(input.Test, "testData");
            return new Fold(featurizer, Read(training, "trainData"), Read(tuning, "trainData"), Read(judged, "validationData"));
        }

        if (input.Validation is { } validation)
            return new ExperimentData([Make(rows, validation)], null, test);
        IDataView final = new RowSubset(train, rows);
        Fold Judging(int[] part) => Make([.. rows.Except(part)], new RowSubset(train, part));
        var folds = input.NumberOfFolds;
        if (folds == 0)
            folds = rows.Length < FewRows ? FoldsOfFewRows : 1;
        if (folds == 1)
        {
            // What is in one row only trains in the fold of the search.
            var others = input.NumberOfFolds == 0 ? OtherFoldsOfManyRows : 0;
            var judgingShare = others == 0 ? JudgingShare : 1.0 / (1 + others);
            var (rest, judged) = RowStrata.Split(rows, strata, judgingShare, RowSplit.Derive(seed));
            return new ExperimentData([Judging(NotEmpty(judged, "judge finalists", strata.Length))], final, test)
            {
                OtherFolds = [.. (others == 0 ? [] : RowStrata.Folds(rest, strata, others, RowSplit.Derive(seed)))
                    .Select(part => new Lazy<Fold>(() => Judging(part)))],
            };
        }

        if (folds > rows.Length)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{strata.Length} rows are too few to divide those that are not test rows into {folds} folds: give more rows")
                + (input.NumberOfFolds > 0 ? " or fewer folds." : "."));
        }

        return new ExperimentData([.. RowStrata.Folds(rows, strata, folds, RowSplit.Derive(seed)).Select(Judging)], final, test);
    }

    private static int[] NotEmpty(int[] part, string purpose, int all) => part.Length > 0 ? part
        : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
            $"{all} rows are too few to hold some out that {purpose}: give more rows."));
}
