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
    /// <param name="network">Its last part.</param>
    /// <param name="seconds">What fitting it took.</param>
    public CsvReport.Outcome Of(ITransformer pipeline, ConstrainedBinaryModelParameters network, double seconds)
    {
        var (train, trainAuc) = Audit(pipeline, split.Train);
        var (validation, validationAuc) = Audit(pipeline, split.Validation);
        var (test, testAuc) = Audit(pipeline, split.Test);
        var majority = train.Overall.BaseRate >= 0.5;
        var own = network == judge ? judge.Summary.Constraints
            : Audit(pipeline, [.. split.Train, .. split.Validation]).Audit.Judge(judge);
        return new CsvReport.Outcome
        {
            Seconds = seconds,
            Feasible = own.All(verdict => verdict.Verdict is Verdict.Kept or Verdict.Shown),
            Train = CsvReport.Part.Of(train, trainAuc, majority),
            Validation = CsvReport.Part.Of(validation, validationAuc, majority),
            Test = CsvReport.Part.Of(test, testAuc, majority),
            Duals = network.Duals.ToDictionary(dual => dual.Inequality, dual => dual.Value),
            Verdicts = new CsvReport.Verdicts([.. own.Select(CsvReport.Judged.Of)], [.. test.Judge(judge).Select(CsvReport.Judged.Of)]),
        };
    }

    /// <summary>Scores and audits the test rows.</summary>
    public (IDataView Scored, FairnessAudit Audit) Test(ITransformer pipeline)
    {
        var scored = Score(pipeline, split.Test);
        return (scored, Audit(scored));
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

    private (FairnessAudit Audit, double Auc) Audit(ITransformer pipeline, int[] rows)
    {
        var scored = Score(pipeline, rows);
        var audit = Audit(scored);
        var weightOf = options.Weight is null ? Enumerable.Repeat(1f, audit.Overall.RowCount) : scored.GetColumn<float>(options.Weight);
        return (audit, RocArea.Of(scored.GetColumn<float>("Score").Zip(scored.GetColumn<bool>(data.Label), weightOf)));
    }
}
