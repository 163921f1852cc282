using FsCheck.Fluent;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class FeatureEncoderTests
{
    [TestMethod]
    public void Options_Defaults_AreTheMeasuredOnes()
    {
        var encoding = new PiecewiseLinearEncoding();
        Assert.AreEqual(64, encoding.MaximumBins);
        Assert.AreEqual(10, encoding.MaximumDirectValues);
        Assert.AreEqual(0.1, encoding.DominantShare);
        Assert.AreEqual(512, encoding.MaximumTotalBins);
        Assert.AreEqual(20, encoding.RowsPerBin);
    }

    [TestMethod]
    public void Options_EverythingWrong_ReportsEveryProblem()
    {
        List<string> problems = [];
        PiecewiseLinearEncoding wrong = new()
        {
            MaximumBins = 1,
            MaximumDirectValues = 0,
            DominantShare = double.NaN,
            MaximumTotalBins = 3,
            RowsPerBin = 0,
        };
        wrong.Validate(new(problems));
        CollectionAssert.AreEqual(
            new[]
            {
                "MaximumBins must be in [2, 1024], got 1.",
                "MaximumDirectValues must be in [1, 1024], got 0.",
                "DominantShare must be in (0, 1], got NaN.",
                "MaximumTotalBins must be at least 4, got 3.",
                "RowsPerBin must be at least 1, got 0.",
            },
            problems);
        problems.Clear();
        new PiecewiseLinearEncoding { MaximumBins = 1024, MaximumDirectValues = 1024, DominantShare = 1 }.Validate(new(problems));
        Assert.IsEmpty(problems);
    }

    [TestMethod]
    public void Encode_None_GivesTheFeatures()
    {
        var encoder = FeatureEncoder.Fit(null, [1, 1, 5, 1, 7, 1], 2);
        CollectionAssert.AreEqual(new float[] { 3.25f, -8 }, Encode(encoder, 3.25f, -8));
    }

    [TestMethod]
    public void Encode_ManyValues_GivesStandardisedValueAndBins()
    {
        float[] rows = [.. Enumerable.Range(0, 101).Select(i => (float)i)];
        var encoder = FeatureEncoder.Fit(new() { MaximumBins = 4 }, rows, 1);
        CollectionAssert.AreEqual(new float[] { 0, 25, 50, 75, 100 }, encoder.Slots[0].Boundaries);
        var deviation = MathF.Sqrt(850);
        Near([-50 / deviation, 0, 0, 0, 0], Encode(encoder, 0));
        Near([-40 / deviation, 0.4f, 0, 0, 0], Encode(encoder, 10));
        Near([-25 / deviation, 1, 0, 0, 0], Encode(encoder, 25));
        Near([10 / deviation, 1, 1, 0.4f, 0], Encode(encoder, 60));
        Near([50 / deviation, 1, 1, 1, 1], Encode(encoder, 100));
    }

    [TestMethod]
    public void Encode_BeyondTheTrainingRange_BoundsTheBinsAndContinuesTheStandardisedValue()
    {
        var encoder = FeatureEncoder.Fit(new() { MaximumBins = 4 },
            [.. Enumerable.Range(0, 101).Select(i => (float)i)], 1);
        var deviation = MathF.Sqrt(850);
        Near([(-1000 - 50) / deviation, 0, 0, 0, 0], Encode(encoder, -1000));
        Near([950 / deviation, 1, 1, 1, 1], Encode(encoder, 1000));
        Assert.IsTrue(Encode(encoder, float.MaxValue).All(float.IsFinite));
    }

    [TestMethod]
    public void Fit_DominantValue_HasAnIndicatorAndTheQuantilesAreOfTheRest()
    {
        // 900 zeros, as in capital gains, and 1..100: with plain quantiles all but a few boundaries would be 0.
        float[] rows = [.. Enumerable.Repeat(0f, 900), .. Enumerable.Range(0, 101).Select(i => 1f + i)];
        var encoder = FeatureEncoder.Fit(new() { MaximumBins = 4 }, rows, 1);
        CollectionAssert.AreEqual(new float[] { 0 }, encoder.Slots[0].Dominants);
        CollectionAssert.AreEqual(new float[] { 0, 1, 26, 51, 76, 101 }, encoder.Slots[0].Boundaries);
        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 0, 0, 0 }, Encode(encoder, 0)[1..]);
        CollectionAssert.AreEqual(new float[] { 0, 1, 1, 0, 0, 0 }, Encode(encoder, 26)[1..]);
    }

    [TestMethod]
    public void Fit_DominantShareOne_TreatsNoValueApart()
    {
        float[] rows = [.. Enumerable.Repeat(0f, 900), .. Enumerable.Range(1, 100).Select(i => (float)i)];
        Assert.IsEmpty(FeatureEncoder.Fit(new() { MaximumBins = 4, DominantShare = 1 }, rows, 1).Slots[0].Dominants);
    }

    [TestMethod]
    public void Encode_TwoNormalizedValues_AreZeroAndOne()
    {
        var encoder = FeatureEncoder.Fit(new(), [-0.31f, 3.22f, -0.31f, -0.31f], 1);
        Near([0], Encode(encoder, -0.31f));
        Near([1], Encode(encoder, 3.22f));
        Near([2], Encode(encoder, 6.75f));
    }

    [TestMethod]
    public void Fit_ConstantSlot_IsLeftOut()
    {
        var encoder = FeatureEncoder.Fit(new(), [5, 1, 5, 2], 2);
        Assert.AreEqual(1, encoder.OutputCount);
        CollectionAssert.AreEqual(new float[] { 1 }, Encode(encoder, 99, 2));
        Assert.AreEqual(0, FeatureEncoder.Fit(new(), [5, 5, 5], 1).OutputCount);
    }

    [TestMethod]
    [DataRow(10, 1)]
    [DataRow(11, 66)]
    public void Fit_DistinctValues_DecideBetweenDirectAndPiecewise(int distinct, int outputs)
    {
        float[] rows = [.. Enumerable.Range(0, 20000).Select(i => i < 19000 || distinct == 10 ? i % 10 : (float)(10 + i % 100))];
        var width = FeatureEncoder.Fit(new() { DominantShare = 1 }, rows, 1).OutputCount;
        Assert.IsTrue(distinct == 10 ? width == 1 : width > 5 && width < outputs, $"got {width}");
    }

    [TestMethod]
    public void Fit_ScaledAndShiftedSlot_GivesTheSameInputs()
    {
        Random random = new(3);
        float[] rows = [.. Enumerable.Range(0, 2000).Select(i => i % 3 == 0 ? 0 : (float)random.Next(1, 4000))];
        float[] scaled = [.. rows.Select(value => value * 0.25f - 8)];
        FeatureEncoder plain = FeatureEncoder.Fit(new(), rows, 1),
            other = FeatureEncoder.Fit(new(), scaled, 1);
        Assert.AreEqual(plain.OutputCount, other.OutputCount);
        float[] expected = plain.Encode(rows, 2000), actual = other.Encode(scaled, 2000);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-4f);
    }

    [TestMethod]
    public void Fit_MoreRowsThanTheSample_StillFindsQuantilesAndDominants()
    {
        Random random = new(5);
        var count = 3 * SlotEncodingFitter.SampleRows + 17;
        var rows = new float[2 * count];
        for (var i = 0; i < count; i++)
            (rows[2 * i], rows[2 * i + 1]) = (random.NextSingle(), random.NextSingle() < 0.5f ? 7 : random.NextSingle());
        var encoder = FeatureEncoder.Fit(new() { MaximumBins = 10 }, rows, 2);
        for (var i = 0; i <= 10; i++)
            Assert.AreEqual(i / 10f, encoder.Slots[0].Boundaries[i], 0.01f);
        CollectionAssert.AreEqual(new float[] { 7 }, encoder.Slots[1].Dominants);
    }

    [TestMethod]
    public void Encode_AnyFiniteValues_AreFiniteAndBinsAreAUnaryCode()
    {
        Prop.ForAll<float[], float>((values, other) =>
        {
            float[] rows = [.. values.Where(float.IsFinite), 0, 1];
            if (!float.IsFinite(other))
                return;
            var encoder = FeatureEncoder.Fit(new() { MaximumBins = 8, MaximumDirectValues = 3, DominantShare = 0.3 }, rows, 1);
            foreach (var value in rows.Append(other))
            {
                var encoded = Encode(encoder, value);
                Assert.IsTrue(encoded.All(float.IsFinite));
                ReadOnlySpan<float> bins = encoded.AsSpan(Math.Min(encoded.Length, 1 + encoder.Slots[0].Dominants.Length));
                for (var i = 0; i < bins.Length; i++)
                {
                    Assert.IsTrue(bins[i] is >= 0 and <= 1);
                    Assert.IsTrue(i == 0 || bins[i] == 0 || bins[i - 1] == 1, "a bin is reached before the one below is full");
                }
            }
        }).CheckSeeded();
    }

    [TestMethod]
    [DataRow(1, 64)]
    [DataRow(8, 64)]
    [DataRow(16, 32)]
    [DataRow(100, 5)]
    [DataRow(1000, 4)]
    public void BinsOf_ManySlots_ShareTheTotal(int slots, int expected)
        => Assert.AreEqual(expected, new PiecewiseLinearEncoding().BinsOf(slots, rows: 1_000_000));

    [TestMethod]
    [DataRow(1, 1280, 64)]
    [DataRow(1, 1279, 63)]
    [DataRow(5, 6400, 64)]
    [DataRow(10, 10_000, 50)]
    [DataRow(10, 10_240, 51)]
    [DataRow(10, 800, 4)]
    [DataRow(16, 800, 2)]
    [DataRow(10, 20, 2)]
    [DataRow(0, 800, 40)]
    [DataRow(1000, 20_000, 2)]
    public void BinsOf_FewRows_ShareOneBinForTwenty(int slots, int rows, int expected)
        => Assert.AreEqual(expected, new PiecewiseLinearEncoding().BinsOf(slots, rows));

    [TestMethod]
    public void Fit_FewRows_HasABinForEveryTwenty()
    {
        Random random = new(6);
        float[] rows = [.. Enumerable.Range(0, 800 * 10).Select(_ => (float)random.NextDouble())];
        Assert.AreEqual(10 * (1 + 4), FeatureEncoder.Fit(new(), rows, 10).OutputCount);
        Assert.AreEqual(10 * (1 + 8), FeatureEncoder.Fit(new() { RowsPerBin = 10 }, rows, 10).OutputCount);
    }

    [TestMethod]
    public void Fit_ManySlots_GivesEachItsShareOfTheBins()
    {
        Random random = new(5);
        float[] rows = [.. Enumerable.Range(0, 1200 * 32).Select(_ => (float)random.NextDouble())];
        var encoder = FeatureEncoder.Fit(new() { RowsPerBin = 1 }, rows, 32);
        Assert.IsTrue(encoder.Slots.All(slot => slot.Width == 1 + 16), string.Join(" ", encoder.Slots.Select(slot => slot.Width)));
        Assert.AreEqual(1 + 1024, FeatureEncoder.Fit(new() { MaximumBins = 1024, RowsPerBin = 1 }, rows, 1).OutputCount);
    }

    [TestMethod]
    public void Encode_BatchForms_AgreeWithOneRow()
    {
        Random random = new(4);
        float[] rows = [.. Enumerable.Range(0, 300).Select(i => (float)random.Next(i % 3 == 0 ? 2 : 40))];
        var encoder = FeatureEncoder.Fit(new() { MaximumBins = 8 }, rows, 3);
        var all = encoder.Encode(rows, 100);
        var picked = new TrainingRows(encoder, FeatureTable.Of(rows, 3), [99, 0, 99], new float[3], null, []).Inputs();
        CollectionAssert.AreEqual(Encode(encoder, rows[297..]), all[^encoder.OutputCount..]);
        CollectionAssert.AreEqual(all[^encoder.OutputCount..], picked[..encoder.OutputCount]);
        CollectionAssert.AreEqual(all[..encoder.OutputCount], picked[encoder.OutputCount..^encoder.OutputCount]);
        CollectionAssert.AreEqual(all[^encoder.OutputCount..], picked[^encoder.OutputCount..]);
    }

    [TestMethod]
    public void WrongLengths_Throw()
    {
        Assert.ThrowsExactly<ArgumentException>(() => FeatureEncoder.Fit(null, [], 2));
        Assert.ThrowsExactly<ArgumentException>(() => FeatureEncoder.Fit(null, [1, 2, 3], 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => FeatureEncoder.Fit(null, [1], 0));
        var encoder = FeatureEncoder.Fit(null, [1, 2], 2);
        Assert.ThrowsExactly<ArgumentException>(() => encoder.Encode(new float[1].AsSpan(), new float[2]));
        Assert.ThrowsExactly<ArgumentException>(() => encoder.Encode(new float[2].AsSpan(), new float[3]));
    }

    [TestMethod]
    public void ManagedNetwork_WithEncoder_EqualsTorchOnEncodedRows()
    {
        Random random = new(9);
        float[] rows = [.. Enumerable.Range(0, 5000)
            .Select(i => (float)(i % 5 == 0 ? random.Next(2) : i % 5 == 1
            ? Math.Max(0, random.Next(-300, 100)) : random.NextDouble() * 20 - 10))];
        var encoder = FeatureEncoder.Fit(new(), rows, 5);
        using TrainableNetwork network = new(Network.MultilayerPerceptron(64, 64), encoder.OutputCount, 1, seed: 2, torch.CPU);
        using torch.Tensor encoded = torch.tensor(encoder.Encode(rows, 1000), [1000, encoder.OutputCount]),
            result = network.Forward(encoded);
        var expected = result.data<float>().ToArray();
        ManagedNetwork managed = new(network.Definition, encoder, 1, network.Snapshot());
        Assert.AreEqual(5, managed.InputCount);
        for (var row = 0; row < 1000; row++)
            Assert.AreEqual(expected[row], managed.Score(rows.AsSpan(5 * row, 5)), 1e-5f);
    }

    private static float[] Encode(FeatureEncoder encoder, params float[] row)
    {
        var encoded = new float[encoder.OutputCount];
        encoder.Encode(row.AsSpan(), encoded);
        return encoded;
    }

    private static void Near(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5f, $"element {i}");
    }
}
