using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class DualDampingTests
{
    [TestMethod]
    public void Scale_ViolationOfOneSign_IsLeftAsItIs()
    {
        var damping = new DualDamping(1);
        for (var step = 0; step < 20; step++)
            Assert.AreEqual(0.1, Scaled(damping, 0.1, 0.5));
    }

    [TestMethod]
    public void Scale_ChangeOfSign_Halves_AndGrowsBackSlowly()
    {
        var damping = new DualDamping(1);
        Scaled(damping, 0.1, 0.5);
        Assert.AreEqual(-0.05, Scaled(damping, -0.1, 0.5), 1e-12);
        Assert.AreEqual(-0.05 * 1.02, Scaled(damping, -0.1, 0.5), 1e-12);
        Assert.AreEqual(0.1 * 0.5 * 1.02 * 0.5, Scaled(damping, 0.1, 0.5), 1e-12);
    }

    [TestMethod]
    public void Scale_NoiseAroundTheBound_IsNoChangeOfSign()
    {
        var damping = new DualDamping(1);
        Scaled(damping, 0.1, 0.5);
        for (var step = 0; step < 20; step++)
            Scaled(damping, step % 2 == 0 ? 0.004 : -0.004, 0.5);
        Assert.AreEqual(0.1, Scaled(damping, 0.1, 0.5));
    }

    [TestMethod]
    public void Scale_SatisfiedConstraintWithoutMultiplier_IsNotDamped()
    {
        var damping = new DualDamping(1);
        Scaled(damping, 0.1, 0);
        Assert.AreEqual(-0.1, Scaled(damping, -0.1, 0));
    }

    [TestMethod]
    public void After_LongStep_ShortensTheNextInProportion()
    {
        var damping = new DualDamping(2);
        damping.After([0, 1], [0, 1.2]);
        double[] violations = [0.3, 0.3];
        damping.Scale(violations, [0, 1.2]);
        Assert.AreEqual(0.3 * 0.1 * 1.02, violations[0], 1e-12);
        Assert.AreEqual(violations[0], violations[1]);
    }

    [TestMethod]
    public void After_ShortStep_ChangesNothing()
    {
        var damping = new DualDamping(1);
        damping.After([0], [0.019]);
        Assert.AreEqual(0.1, Scaled(damping, 0.1, 0));
    }

    [TestMethod]
    public void Load_GoesOnAsIfItHadNeverStopped()
    {
        DualDamping first = new(1), second = new(1);
        foreach (var violation in new[] { 0.1, -0.2, -0.1, 0.3 })
            Scaled(first, violation, 1);
        second.Load(first.State);
        Assert.AreEqual(Scaled(first, -0.1, 1), Scaled(second, -0.1, 1));
    }

    private static double Scaled(DualDamping damping, double violation, double dual)
    {
        double[] violations = [violation];
        damping.Scale(violations, [dual]);
        return violations[0];
    }
}
