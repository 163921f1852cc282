using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

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
        Assert.IsLessThan(0.05, model.Model.Summary.Constraints[0].Value, model.Model.Summary.ToString());
        Assert.IsTrue(model.Model.Summary.ValidationAccuracy > reference.Model.Summary.ValidationAccuracy - 0.03,
            $"{model.Model.Summary} against {reference.Model.Summary}");
        Assert.IsTrue(model.Model.Duals.All(dual => dual.Value < 5), string.Join(" ", model.Model.Duals.Select(dual => dual.Value)));
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(double beta, double gamma)
    {
        var context = new MLContext(1);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        options.DualOptimizer = new InexactAugmentedLagrangianOptions { Beta = beta, Gamma = gamma, Penalty = 3 };
        options.NumberOfEpochs = 12;
        return context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 3000));
    }
}
