using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Csv;

/// <summary>Audits models on the parts of the rows, and judges them by the constraints of one of them.</summary>
/// <param name="ml">Where to audit.</param>
/// <param name="data">The rows.</param>
/// <param name="options">Names the columns.</param>
/// <param name="split">The parts.</param>
/// <param name="judge">The model that has the constraints, and knows which groups they leave out.</param>
/// <param name="cancellation">Stops between two audits.</param>
internal sealed class CsvAudits(MLContext ml, CsvData data, CsvOptions options, CsvSplit split, ConstrainedBinaryModelParameters judge,
    CancellationToken cancellation)
{
    /// <summary>Audits a model.</summary>
    /// <param name="pipeline">The whole model.</param>
    /// <param name="last">Its last part.</param>
    /// <param name="seconds">What fitting it took.</param>
    /// <returns>How it does, and the audit of the test rows; a report of that has what drives the score.</returns>
    public (CsvReport.Outcome Outcome, FairnessAudit Test) Of(ITransformer pipeline,
        BinaryPredictionTransformer<ConstrainedBinaryModelParameters> last, double seconds)
    {
        var network = last.Model;
        FairnessAudit train = Audit(Score(pipeline, split.Train)), validation = Audit(Score(pipeline, split.Validation)),
            test = Audit(Explained(Score(pipeline, split.Test), last));
        var majority = train.Overall.BaseRate >= 0.5;
        var own = network == judge ? judge.Summary.Constraints
            : Audit(Score(pipeline, [.. split.Train, .. split.Validation])).Judge(judge);
        var outcome = new CsvReport.Outcome
        {
            Seconds = seconds,
            Feasible = own.All(verdict => verdict.Verdict is Verdict.Kept or Verdict.Shown),
            Train = CsvReport.Part.Of(train, majority),
            Validation = CsvReport.Part.Of(validation, majority),
            Test = CsvReport.Part.Of(test, majority),
            Duals = network.Duals.ToDictionary(dual => dual.Inequality, dual => dual.Value),
            Verdicts = new CsvReport.Verdicts([.. own.Select(CsvReport.Judged.Of)], [.. test.Judge(judge).Select(CsvReport.Judged.Of)]),
        };
        return (outcome, test);
    }

    // With the contributions of every feature, which are computed where a report reads them.
    private IDataView Explained(IDataView scored, BinaryPredictionTransformer<ConstrainedBinaryModelParameters> last)
    {
        if (options.ReportPath is null)
            return scored;
        var slots = last.Model.FeatureCount;
        return ml.Transforms.CalculateFeatureContribution(last, slots, slots, normalize: false).Fit(scored).Transform(scored);
    }

    private IDataView Score(ITransformer pipeline, int[] rows)
    {
        cancellation.ThrowIfCancellationRequested();
        string[] weights = options.Weight is null ? [] : [options.Weight];
        return ml.Data.Cache(pipeline.Transform(data.Take(rows)),
            [data.Label, .. options.Groups, .. weights, "Score", "Probability", "PredictedLabel"]);
    }

    private FairnessAudit Audit(IDataView scored) => ml.Constrained().Audit.BinaryClassification(scored, options.Groups, data.Label,
        exampleWeightColumnName: options.Weight, missingValues: options.MissingGroups);
}
