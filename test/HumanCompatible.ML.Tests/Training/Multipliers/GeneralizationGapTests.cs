using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Training.Multipliers;

namespace HumanCompatible.ML.Tests.Training.Multipliers;

[TestClass]
public sealed class GeneralizationGapTests
{
    private static readonly ViolationBound Side = new(0.05, 0.01, IsTwoSided: true);

    [TestMethod]
    [DataRow(0.0, true, 0.0)]
    [DataRow(0.008, true, 0.0, DisplayName = "a gap within the margin changes nothing")]
    [DataRow(0.03, true, 0.02, DisplayName = "a larger one tightens by what the margin lacks")]
    [DataRow(-0.03, true, 0.0, DisplayName = "the other side stays while both leave room")]
    [DataRow(-0.1, true, -0.035, DisplayName = "and gives way when they do not")]
    [DataRow(-0.1, false, 0.0, DisplayName = "a one-sided bound never gives way")]
    public void Offset_Cases(double gap, bool isTwoSided, double expected)
        => Assert.AreEqual(expected, GeneralizationGap.Offset(gap, Side with { IsTwoSided = isTwoSided }), 1e-12);

    [TestMethod]
    public void Offset_OfBothSides_AlwaysLeavesRoomInWhichTheValidationRowsKeepTheBound()
    {
        for (var gap = 0.0; gap < 0.5; gap += 0.001)
        {
            // d of the training rows may lie in [lowest, highest]; that of the validation rows is d + gap.
            var highest = Side.Bound - Side.Margin - GeneralizationGap.Offset(gap, Side);
            var lowest = -(Side.Bound - Side.Margin) + GeneralizationGap.Offset(-gap, Side);
            Assert.IsGreaterThanOrEqualTo(Side.Bound / 2 - 1e-12, highest - lowest);
            Assert.IsLessThanOrEqualTo(Side.Bound + 1e-12, highest + gap);
        }
    }

    [TestMethod]
    public void Correct_AfterOneMeasurement_AddsTheOffsetsOfTheGaps()
    {
        var gap = new GeneralizationGap([Side, Side]);
        gap.Add([-0.02, -0.06], [0.02, -0.10]);
        double[] violations = [0.1, 0.2];
        gap.Correct(violations);
        Assert.AreEqual(0.13, violations[0], 1e-12);
        Assert.AreEqual(0.2, violations[1], 1e-12);
    }

    [TestMethod]
    public void Add_InequalityThatIsNotDefined_KeepsItsGap()
    {
        var gap = new GeneralizationGap([Side]);
        gap.Add([0], [0.04]);
        gap.Add([0], [double.NaN]);
        Assert.AreEqual(0.04, gap.Gaps[0], 1e-12);
    }

    [TestMethod]
    public void Add_LaterMeasurements_CountHalf()
    {
        var gap = new GeneralizationGap([Side]);
        foreach (var value in new[] { 0.04, 0.08, 0.02 })
            gap.Add([0], [value]);
        Assert.AreEqual((0.06 + 0.02) / 2, gap.Gaps[0], 1e-12);
    }
}
