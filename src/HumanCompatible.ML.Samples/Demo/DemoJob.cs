using System.Diagnostics;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Samples.Display;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Demo;

/// <summary>The main job: train without and with a constraint, compare on test rows, save, load, predict.</summary>
internal static class DemoJob
{
    /// <summary>
    /// Runs the job and shows it; 0 when it is done. Whether the bound was kept is in what it shows, not in the exit code.
    /// </summary>
    public static int Run(DemoOptions options, SampleOutput output, CancellationToken cancellation)
    {
        OutputPaths.Check([], ("--out", options.ModelPath), ("--report", options.ReportPath));
        using var tables = CensusTables.Find(options.DataFolder, options.Seed, output.Say);
        output.Say($"Data: {tables.Description}.");
        var result = Run(options, tables, output, cancellation);
        DemoReport.Write(output, options, result);
        return 0;
    }

    public static DemoResult Run(DemoOptions options, CensusTables tables, SampleOutput output, CancellationToken cancellation)
    {
        var ml = new MLContext(options.Seed);
        var train = ml.Data.Cache(CensusPipeline.Load(ml, tables.TrainingPath));
        var test = ml.Data.Cache(CensusPipeline.Load(ml, tables.TestPath));
        var constraint = options.DeclaredConstraint;

        MeasuredModel Measured(string title, IReadOnlyList<FairnessConstraint> constraints)
            => TrainingDisplay.Show(output, title, progress =>
        {
            var pipeline = CensusPipeline.Featurize(ml)
                .Append(ml.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
                {
                    LabelColumnName = CensusColumns.Income,
                    FeatureColumnName = CensusColumns.Features,
                    Constraints = constraints,
                    NumberOfEpochs = options.NumberOfEpochs,
                    Seed = options.Seed,
                }, new TrainingCallbacks { Progress = progress, CancellationToken = cancellation }));
            var start = Stopwatch.GetTimestamp();
            var model = pipeline.Fit(train);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return Measure(title, ml, model, model.LastTransformer, seconds, test, options);
        });

        var unconstrained = Measured("without a constraint", []);
        var constrained = Measured($"with {constraint.Name}", [constraint]);
        var reloaded = ModelRoundTrip.Through(options.ModelPath, ml, constrained.Model, test);

        var person = ml.Data.CreateEnumerable<CensusPerson>(test, reuseRowObject: false).First();
        WritePage(options, constrained, unconstrained, reloaded.Trained);
        using var engine = ml.Model.CreatePredictionEngine<CensusPerson, IncomePrediction>(reloaded.Loaded);
        return new DemoResult(unconstrained, constrained, reloaded, person, engine.Predict(person));
    }

    private static void WritePage(DemoOptions options, MeasuredModel constrained, MeasuredModel unconstrained,
        ConstrainedBinaryModelParameters model) => constrained.Audit.SaveReport(options.ReportPath, new FairnessReportOptions
        {
            ModelName = "Constrained model of the demo",
            DataName = FormattableString.Invariant($"{constrained.Audit.Overall.RowCount:N0} test rows, not used in training"),
            Model = model,
            FeatureNames = CensusPipeline.FeatureNames,
            OtherModels = [new ComparedModel("Without a constraint", unconstrained.Audit)],
        });

    private static MeasuredModel Measure(string title, MLContext ml, ITransformer model,
        BinaryPredictionTransformer<ConstrainedBinaryModelParameters> last, double seconds, IDataView test, DemoOptions options)
    {
        // Scored once; what each column contributed is computed where the report reads it.
        var slots = last.Model.FeatureCount;
        var scored = ml.Data.Cache(model.Transform(test));
        scored = ml.Transforms.CalculateFeatureContribution(last, slots, slots, normalize: false).Fit(scored).Transform(scored);
        var metrics = ml.BinaryClassification.Evaluate(scored, labelColumnName: CensusColumns.Income);
        var audit = ml.Constrained().Audit.BinaryClassification(scored, groupColumnNames: [options.GroupColumn],
            labelColumnName: CensusColumns.Income);
        return new MeasuredModel(
            title,
            model,
            last.Model.Summary,
            seconds,
            metrics.Accuracy,
            metrics.AreaUnderRocCurve,
            audit.Intersection.Groups.ToDictionary(group => group.Name, group => group[GroupMetric.SelectionRate]),
            audit,
            audit.Judge(options.DeclaredConstraint));
    }
}
