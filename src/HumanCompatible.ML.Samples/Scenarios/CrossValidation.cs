using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Samples.Data;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>ML.NET's cross-validation takes the constrained trainer as any other, and every fold's held-out rows can be audited.</summary>
internal sealed class CrossValidation : IScenario
{
    private const int NumberOfFolds = 3;

    public string Name => "cross-validation";

    public string Description => "ML.NET's CrossValidate over a constrained pipeline, with an audit of every fold.";

    public void Run(ScenarioContext context)
    {
        foreach (var (accuracy, difference) in Folds(context))
            context.Say($"fold: accuracy {accuracy:0.0000}, demographic parity difference {difference:0.0000}");
    }

    public static IReadOnlyList<(double Accuracy, double Difference)> Folds(ScenarioContext context)
    {
        var trainer = context.ML.Constrained().Trainers.BinaryClassification(
            context.Options(Fairness.DemographicParity(CensusColumns.Sex, 0.05)), context.Callbacks);
        var pipeline = CensusPipeline.Featurize(context.ML).Append(trainer);
        return
        [
            .. context.ML.BinaryClassification.CrossValidate(context.Train, pipeline, NumberOfFolds, labelColumnName: CensusColumns.Income)
                .Select(fold => (fold.Metrics.Accuracy,
                    context.Evaluate(fold.ScoredHoldOutSet).Audit.Intersection.DemographicParityDifference)),
        ];
    }
}
