using HumanCompatible.ML.Duals;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>Bitwise equality of two states: their numbers are written so that they read back bit for bit.</summary>
public static class StateAssert
{
    public static void AreEqual(DualOptimizerState expected, DualOptimizerState actual)
        => Assert.AreEqual(expected.ToJson(), actual.ToJson());
}
