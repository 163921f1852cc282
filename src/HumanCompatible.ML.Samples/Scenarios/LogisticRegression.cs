using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Samples.Data;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>Constrained logistic regression: a linear network on the features as they are, under equalized odds.</summary>
internal sealed class LogisticRegression : IScenario
{
    private const double Bound = 0.1;

    public string Name => "logistic-regression";

    public string Description => "Logistic regression under equalized odds, without and with the constraint.";

    public void Run(ScenarioContext context)
    {
        var (without, with) = Compare(context);
        context.Say($"without: accuracy {without.Accuracy:0.0000}, equalized odds difference {without.Difference:0.0000}");
        context.Say($"with bound {Bound}: accuracy {with.Accuracy:0.0000}, equalized odds difference {with.Difference:0.0000}");
    }

    public static ((double Accuracy, double Difference) Without, (double Accuracy, double Difference) With) Compare(ScenarioContext context)
        => (Train(context), Train(context, Fairness.EqualizedOdds(CensusColumns.Sex, Bound)));

    private static (double Accuracy, double Difference) Train(ScenarioContext context, params FairnessConstraint[] constraints)
    {
        var options = context.Options(constraints);
        options.Network = Network.Linear();
        options.FeatureEncoding = FeatureEncoding.None;
        var model = CensusPipeline.Featurize(context.ML)
            .Append(context.ML.Constrained().Trainers.BinaryClassification(options, context.Callbacks))
            .Fit(context.Train);
        var (accuracy, audit) = context.Evaluate(model.Transform(context.Test));
        return (accuracy, audit.Intersection.EqualizedOddsDifference);
    }
}
