using HumanCompatible.ML.Duals;
namespace HumanCompatible.ML.Tests.Duals;

/// <summary>Bitwise equality of two states.</summary>
public static class StateAssert
{
    public static void AreEqual(DualOptimizerState expected, DualOptimizerState actual)
    {
        CollectionAssert.AreEqual(Lines(expected), Lines(actual));
    }

    private static string[] Lines(DualOptimizerState state) =>
    [
        .. state.ToMetadata().Select(pair => $"{pair.Key} = {pair.Value}"),
        .. state.ToArrays()
            .Select(pair => $"{pair.Key} = {string.Join(", ", pair.Value.Select(value => BitConverter.DoubleToInt64Bits(value)))}"),
    ];
}
