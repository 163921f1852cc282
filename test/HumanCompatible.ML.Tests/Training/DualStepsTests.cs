using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class DualStepsTests
{
    [TestMethod]
    public void WarmUp_LeavesTheDualsAtZeroUntilItEnds()
    {
        var history = Fit(dual => dual.WarmUpEpochs = 2).Model.History;
        Assert.IsTrue(history.Take(2).All(epoch => epoch.Duals.All(dual => dual == 0)));
        Assert.IsTrue(history[2].Duals.Any(dual => dual > 0));
    }

    [TestMethod]
    public void WarmUp_OfAllEpochs_IsAWarning()
    {
        var last = Fit(dual => dual.WarmUpEpochs = int.MaxValue).Model;

        Assert.IsTrue(last.Duals.All(dual => dual.Value == 0));
        Assert.Contains($"The constraints did not count: DualOptimizer.WarmUpEpochs is {int.MaxValue} of "
            + $"{last.History.Count} epochs.", last.Summary.Warnings);
        Assert.DoesNotContain(warning => warning.StartsWith("The constraints did not count", StringComparison.Ordinal),
            Fit(dual => dual.WarmUpEpochs = 2).Model.Summary.Warnings);
    }

    [TestMethod]
    public void OncePerEpoch_TakesOneStepOnTheExactViolationOfAllTrainingRows()
    {
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        options.DualOptimizer = new InexactAugmentedLagrangianOptions
        {
            Beta = 0.5,
            Gamma = 100,
            OncePerEpoch = true,
        };
        options.MarginShare = 0;
        options.WeightAveragingEpochs = 0;
        options.ValidationFraction = 0;
        options.NumberOfEpochs = 1;
        var context = new MLContext(1);
        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 1500));

        // Without validation rows the audited value is that of the training rows, and one of the two ordered pairs is violated by value -
        // bound.
        var violation = model.Model.History[0].AuditedValues[0] - 0.05;
        Assert.IsTrue(violation > 0);
        Assert.AreEqual(0.5 * violation, model.Model.History[0].Duals.Max(), 1e-6);
        Assert.AreEqual(0, model.Model.History[0].Duals.Min());
    }

    [TestMethod]
    public void BatchesPerStep_MoreBatchesThanAnEpochHas_TakesNoStep()
        => Assert.IsTrue(Fit(dual => dual.BatchesPerStep = 1000).Model.History.All(epoch => epoch.Duals.All(dual => dual == 0)));

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Fit_UnderEveryDualOptimizer_NarrowsTheDifference(DualOptimizerOptions optimizer)
    {
        var context = new MLContext(1);
        var data = Census.View(context, 3000);
        var free = context.Constrained().Trainers.BinaryClassification(Set(Census.Options())).Fit(data);
        var unconstrained = Difference(context, free, data);
        var options = Set(Census.Options(Fairness.DemographicParity("Sex", 0.05)));
        options.DualOptimizer = optimizer;

        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data);

        var constrained = Difference(context, model, data);
        Assert.IsTrue(constrained < 0.6 * unconstrained, $"{optimizer.GetType().Name}: {constrained} after {unconstrained}");
        using var file = new MemoryStream();
        context.Model.Save(model, data.Schema, file);
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.AreEqual(constrained, Difference(context, loaded, data));

        static ConstrainedBinaryClassificationTrainer.Options Set(ConstrainedBinaryClassificationTrainer.Options options)
        {
            options.NumberOfEpochs = 8;
            return options;
        }
    }

    public static IEnumerable<object[]> Optimizers =>
    [
        [new InexactAugmentedLagrangianOptions { Beta = 0.5, Gamma = 0.05 }],
        [new AugmentedLagrangianOptions { LearningRate = 0.5 }],
        [new NuPIOptions { IntegralGain = 0.5 }],
        [new PenaltyBarrierOptions()],
        [new SwitchingSubgradientOptions()],
    ];

    private static double Difference(MLContext context, ITransformer model, IDataView data)
        => context.Constrained().Audit.BinaryClassification(model.Transform(data), ["Sex"]).Intersection.DemographicParityDifference;

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(Action<DualOptimizerOptions> set)
    {
        var context = new MLContext(1);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        set(options.DualOptimizer);
        return context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 1500));
    }
}
