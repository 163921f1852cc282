using HumanCompatible.ML.Training.Multipliers;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

[TestClass]
public sealed class DualDampingTests
{
    [TestMethod]
    public void After_StepsUpToTheLargest_ScaleNothing()
    {
        var damping = new DualDamping();
        damping.After([0, 1], [0.02, 0.985]);
        Assert.AreEqual(1, damping.Factor);
    }

    [TestMethod]
    public void After_AStepThatIsLongerByRounding_ScalesNothing()
    {
        var damping = new DualDamping();
        damping.After([0], [0.02 * (1 + 5e-7)]);
        Assert.AreEqual(1, damping.Factor);
    }

    [TestMethod]
    public void Load_OfOne_DampsNothing()
    {
        var damping = new DualDamping();
        damping.After([0], [0.04]);
        damping.Load(1);
        Assert.AreEqual(1, damping.Factor);
    }

    [TestMethod]
    public void After_LongStep_ShortensTheNextInProportion()
    {
        var damping = new DualDamping();
        damping.After([0, 1], [0, 1.2]);
        double[] violations = [0.3, -0.1];
        damping.Scale(violations);
        Assert.AreEqual(0.03, violations[0], 1e-12);
        Assert.AreEqual(-0.01, violations[1], 1e-12);
    }

    [TestMethod]
    public void After_ShortSteps_GrowBackToOne()
    {
        var damping = new DualDamping();
        damping.After([0], [0.04]);
        Assert.AreEqual(0.5, damping.Factor, 1e-12);
        damping.After([0], [0.01]);
        Assert.AreEqual(0.51, damping.Factor, 1e-12);
        for (var step = 0; step < 100; step++)
            damping.After([0], [0]);
        Assert.AreEqual(1, damping.Factor);
    }

    [TestMethod]
    [DataRow(0.25, 0.25)]
    [DataRow(0.0, 1.0)]
    [DataRow(2.0, 1.0)]
    [DataRow(double.NaN, 1.0)]
    public void Load_OutOfRange_IsLeftAlone(double factor, double expected)
    {
        var damping = new DualDamping();
        damping.Load(factor);
        Assert.AreEqual(expected, damping.Factor);
    }
}
