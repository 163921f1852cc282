using HumanCompatible.ML.Duals;
namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class DualStepScheduleTests
{
    [TestMethod]
    public void Default_StepsAfterEveryBatchFromTheStart()
    {
        var schedule = new NuPIOptions();
        Assert.IsTrue(schedule.UsesConstraints(0));
        Assert.IsTrue(schedule.StepsAfterBatch(0, 0));
        Assert.IsTrue(schedule.StepsAfterBatch(3, 7));
        Assert.IsFalse(schedule.StepsAfterEpoch(0));
    }

    [TestMethod]
    public void BatchesPerStep_StepsAfterEveryKthBatchOfAnEpoch()
    {
        var schedule = new NuPIOptions { BatchesPerStep = 3 };
        CollectionAssert.AreEqual(new[] { 2, 5, 8 }, Enumerable.Range(0, 10).Where(batch => schedule.StepsAfterBatch(1, batch)).ToArray());
    }

    [TestMethod]
    public void OncePerEpoch_StepsAfterEpochsOnly()
    {
        var schedule = new NuPIOptions { OncePerEpoch = true, BatchesPerStep = 2 };
        Assert.IsFalse(Enumerable.Range(0, 10).Any(batch => schedule.StepsAfterBatch(0, batch)));
        Assert.IsTrue(schedule.StepsAfterEpoch(0));
    }

    [TestMethod]
    public void WarmUp_UsesNeitherConstraintsNorSteps()
    {
        var perBatch = new NuPIOptions { WarmUpEpochs = 2 };
        var perEpoch = new NuPIOptions { WarmUpEpochs = 2, OncePerEpoch = true };
        CollectionAssert.AreEqual(new[] { false, false, true, true }, Enumerable.Range(0, 4).Select(perBatch.UsesConstraints).ToArray());
        CollectionAssert.AreEqual(new[] { false, false, true, true },
            Enumerable.Range(0, 4).Select(epoch => perBatch.StepsAfterBatch(epoch, 0)).ToArray());
        CollectionAssert.AreEqual(new[] { false, false, true, true }, Enumerable.Range(0, 4).Select(perEpoch.StepsAfterEpoch).ToArray());
    }

    [TestMethod]
    public void Validate_ReportsEveryProblem()
    {
        var problems = new List<string>();
        new NuPIOptions { WarmUpEpochs = -1, BatchesPerStep = 0 }.Validate(new(problems), ConstraintKind.Inequality);
        CollectionAssert.AreEqual(
            new[] { "WarmUpEpochs must be at least 0, got -1.", "BatchesPerStep must be at least 1, got 0." }, problems);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NuPIOptions().UsesConstraints(-1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new NuPIOptions().StepsAfterBatch(0, -1));
    }
}
