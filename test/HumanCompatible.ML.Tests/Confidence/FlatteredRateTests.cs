using FsCheck.Fluent;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class FlatteredRateTests
{
    private const double Variance = 0.24;

    // By the sum over all that a rate and its flattery can be, of what they are seen as times how likely they are before.
    [TestMethod]
    [DataRow(0.40, 0.45, 0.03)]
    [DataRow(0.40, 0.45, -0.03)]
    [DataRow(0.40, 0.40, 0.02)]
    [DataRow(0.40, 0.33, 0.10)]
    [DataRow(0.40, 0.60, 0.05)]
    [DataRow(0.40, 0.38, 0.001)]
    public void Of_IsThePosteriorOfAHalfNormalFlattery(double training, double heldOut, double flattery)
    {
        const int Rows = 400, Others = 100, Steps = 1500;
        double density = 0, mean = 0, square = 0;
        static double Normal(double value, double variance) => Math.Exp(-value * value / (2 * variance));
        for (var i = 0; i < Steps; i++)
        {
            var bias = (i + 0.5) / Steps * 6 * Math.Abs(flattery);
            for (var j = 0; j < Steps; j++)
            {
                var rate = training - 0.3 + ((j + 0.5) / Steps * 0.8);
                var likely = Normal(bias, flattery * flattery) * Normal(training - (rate - (Math.Sign(flattery) * bias)), Variance / Rows)
                    * Normal(heldOut - rate, Variance / Others);
                (density, mean, square) = (density + likely, mean + (likely * rate), square + (likely * rate * rate));
            }
        }

        var expected = mean / density;
        var told = Of(training, Rows, heldOut, Others, flattery);

        var counted = ((told.Weight * Rows * training) + (Others * heldOut)) / ((told.Weight * Rows) + Others);
        Assert.AreEqual(expected, counted + told.Shift, 1e-4);
        Assert.AreEqual((square / density) - (expected * expected), Variance / ((told.Weight * Rows) + Others), 5e-6);
    }

    [TestMethod]
    [DataRow(0.02)]
    [DataRow(0.2)]
    public void Of_WhereHeldOutRowsShowIt_IsWhatAPriorOfBothSidesGives(double flattery)
    {
        var told = Of(0.2, 1000, 0.8, 1_000, flattery);

        Assert.AreEqual(1 / (1 + (flattery * flattery * 1000 / Variance)), told.Weight, 1e-6);
        Assert.AreEqual(0, told.Shift, 1e-6);
    }

    [TestMethod]
    [DataRow(0.02)]
    [DataRow(0.2)]
    [DataRow(20)]
    public void Of_WhereTrainingRowsAreFurther_CountsThemInFull(double flattery)
    {
        var told = Of(0.8, 1000, 0.2, 1_000, flattery);

        Assert.AreEqual(1, told.Weight, 0.01);
        Assert.IsInRange(0, 0.001, told.Shift);
    }

    [TestMethod]
    public void Of_WhereNoHeldOutRowsSpeak_IsLessOfThem_AsTheSquareOfWhatIsExpected()
    {
        var told = FlatteredRate.Of(RateEstimate.Proportion(0.4, 1000), new(double.NaN, 0, double.NaN), Variance, 0.1);

        Assert.AreEqual(1 / (1 + (0.01 * 1000 / Variance)), told.Weight, 1e-12);
        Assert.AreEqual(0, told.Shift);
    }

    [TestMethod]
    public void OfUnmeasurable_IsFlatteredEitherWay_AndShiftsNothing()
    {
        var rate = RateEstimate.Proportion(0.4, 100);

        var told = FlatteredRate.OfUnmeasurable(rate, Variance, -0.02);

        Assert.AreEqual(1 / (1 + (0.0004 * 100 / Variance)), told.Weight, 1e-12);
        Assert.AreEqual(0, told.Shift);
        Assert.AreEqual(FlatteredRate.None, FlatteredRate.OfUnmeasurable(rate, Variance, 0));
        Assert.AreEqual(new FlatteredRate(0, 0), FlatteredRate.OfUnmeasurable(rate, 0, 0.02));
    }

    [TestMethod]
    public void Of_WithoutFlattery_IsWhatIsCounted()
    {
        Assert.AreEqual(FlatteredRate.None, Of(0.4, 1000, 0.6, 100, 0));
        Assert.AreEqual(new FlatteredRate(0, 0), FlatteredRate.Of(new(2, 10, 0), new(2, 10, 0), 0, 0.1), "nothing is left to chance");
    }

    [TestMethod]
    public void Of_MoreFlattery_NeverTakesTrainingRowsForMore()
        => Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            double training = random.NextDouble(), heldOut = random.NextDouble(), flattery = Math.Pow(10, (4 * random.NextDouble()) - 4);
            int rows = random.Next(1, 5000), others = random.Next(1, 2000), sign = (2 * random.Next(2)) - 1;

            var less = Of(training, rows, heldOut, others, sign * flattery);
            var more = Of(training, rows, heldOut, others, 2 * sign * flattery);
            var mirrored = Of(1 - training, rows, 1 - heldOut, others, -sign * flattery);

            return less.Weight is >= 0 and <= 1 && more.Weight <= less.Weight + 1e-4 && sign * less.Shift >= -1e-5
                && Math.Abs(less.Weight - mirrored.Weight) < 1e-5 && Math.Abs(less.Shift + mirrored.Shift) < 1e-6;
        }).CheckSeeded(500);

    [TestMethod]
    public void AtMost_ShiftsAsMuchLess()
    {
        FlatteredRate rate = new(0.5, 0.02);

        Assert.AreEqual(new FlatteredRate(0.25, 0.01), rate.AtMost(0.25));
        Assert.AreEqual(rate, rate.AtMost(0.5));
        Assert.AreEqual(new FlatteredRate(0, 0), new FlatteredRate(0, 0).AtMost(0));
    }

    private static FlatteredRate Of(double training, int rows, double heldOut, int others, double flattery)
        => FlatteredRate.Of(RateEstimate.Proportion(training, rows), RateEstimate.Proportion(heldOut, others), Variance, flattery);
}
