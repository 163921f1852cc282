using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class DampedTrainingTests
{
    [TestMethod]
    public void Fit_StepsFarTooLarge_DoNotEndInConstantPredictions()
    {
        // Five hundred times the default step sizes.
        var model = Fit(10, 10);
        var reference = Fit(0.2, 0.02);
        Assert.IsTrue(model.Summary.IsFeasible, model.Summary.ToString());
        Assert.IsTrue(model.Summary.ValidationAccuracy > reference.Summary.ValidationAccuracy - 0.03,
            $"{model.Summary} against {reference.Summary}");
        Assert.IsTrue(model.Duals.All(dual => dual.Value < 5), string.Join(" ", model.Duals.Select(dual => dual.Value)));
    }

    private static ConstrainedBinaryClassificationTransformer Fit(double beta, double gamma)
    {
        var context = new MLContext(1);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        options.DualOptimizer = new InexactAugmentedLagrangianOptions { Beta = beta, Gamma = gamma, Penalty = 3 };
        options.NumberOfEpochs = 12;
        return context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 3000));
    }
}
