using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class LearningRateScheduleTests
{
    [TestMethod]
    public void RateFactor_Constant_IsOne() => Assert.AreEqual(1, LearningRateSchedule.Constant.RateFactor(7, 3, 5, 9));

    [TestMethod]
    [DataRow(null, 1, 1, 1.0)]
    [DataRow(null, 3, 1, 0.5)]
    [DataRow(null, 4, 6, 0.021529832133895588)]
    [DataRow(4, 3, 1, 0.5)]
    [DataRow(2, 3, 1, 0.0)]
    [DataRow(2, 4, 6, 0.0)]
    public void RateFactor_Cosine_FallsFromOneToZero(int? epochs, int epoch, int step, double expected)
        => Assert.AreEqual(expected, LearningRateSchedule.Cosine(epochs).RateFactor(epoch, step, steps: 8, lastEpoch: 4), 1e-12);

    [TestMethod]
    [DataRow(1, 1.0)]
    [DataRow(3, 1.0)]
    [DataRow(4, 0.5)]
    [DataRow(7, 0.25)]
    public void RateFactor_Step_FallsAfterEverySoManyEpochs(int epoch, double expected)
        => Assert.AreEqual(expected, LearningRateSchedule.Step(3, 0.5).RateFactor(epoch, 8, steps: 8, lastEpoch: 9), 1e-12);

    [TestMethod]
    [DataRow(1, 1, 0.0625)]
    [DataRow(1, 8, 0.5)]
    [DataRow(2, 8, 1.0)]
    [DataRow(3, 1, 1.0)]
    public void RateFactor_WarmUp_RisesStepByStep(int epoch, int step, double expected)
    {
        var schedule = LearningRateSchedule.Constant with { WarmUpEpochs = 2 };
        Assert.AreEqual(expected, schedule.RateFactor(epoch, step, steps: 8, lastEpoch: 9), 1e-12);
        var cosine = LearningRateSchedule.Cosine() with { WarmUpEpochs = 2 };
        Assert.AreEqual(expected * LearningRateSchedule.Cosine().RateFactor(epoch, step, 8, 9), cosine.RateFactor(epoch, step, 8, 9),
            1e-12);
    }

    [TestMethod]
    public void Equals_AndToString_TellTheSettings()
    {
        Assert.AreEqual(LearningRateSchedule.Step(3, 0.5), LearningRateSchedule.Step(3, 0.5));
        Assert.AreNotEqual(LearningRateSchedule.Cosine(), LearningRateSchedule.Cosine(5));
        Assert.AreNotEqual(LearningRateSchedule.Constant, LearningRateSchedule.Constant with { WarmUpEpochs = 1 });
        Assert.AreEqual("StepSchedule { WarmUpEpochs = 0.5, Epochs = 3, Factor = 0.1 }",
            (LearningRateSchedule.Step(3) with { WarmUpEpochs = 0.5 }).ToString());
    }

    [TestMethod]
    public void Fit_AfterTheCosineHasEnded_NothingMoves()
    {
        var context = new MLContext(1);
        var options = Census.Options(Fairness.DemographicParity("Sex", 0.05));
        (options.NumberOfEpochs, options.KeepTrainingState) = (3, true);
        options.Optimizer.Schedule = LearningRateSchedule.Cosine(2);
        var data = Census.View(context, 600);

        var longer = context.Constrained().Trainers.BinaryClassification(options).Fit(data);
        options.NumberOfEpochs = 2;
        var shorter = context.Constrained().Trainers.BinaryClassification(options).Fit(data);

        foreach (var (first, second) in shorter.Model.TrainingState!.Weights.Arrays.Zip(longer.Model.TrainingState!.Weights.Arrays))
            CollectionAssert.AreEqual(first.Values.ToArray(), second.Values.ToArray(), first.Name);
    }
}
