using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Features;

/// <summary>Rows given by their entries are encoded as the same rows given dense.</summary>
[TestClass]
[DoNotParallelize]
public sealed class SparseEncodingTests
{
    private const int Rows = 400;

    [TestMethod]
    public void Encode_BothForms_GiveTheSameInputsAndEntries()
    {
        var (values, slots) = Mixed();
        var encoder = FeatureEncoder.Fit(new() { RowsPerBin = 1 }, values, slots);
        for (var row = 0; row < Rows; row++)
        {
            var dense = values.AsSpan(row * slots, slots);
            float[] expected = new float[encoder.OutputCount], inputs = new float[encoder.OutputCount];
            encoder.Encode(FeatureRow.Dense(dense), expected);
            Array.Fill(inputs, 7);
            var entries = Entries(dense);
            encoder.Encode(entries, inputs);
            CollectionAssert.AreEqual(expected, inputs);

            Recorder ofDense = new([]), ofEntries = new([]);
            encoder.Encode(FeatureRow.Dense(dense), ref ofDense);
            encoder.Encode(entries, ref ofEntries);
            CollectionAssert.AreEqual(ofDense.Taken, ofEntries.Taken);
            var back = new float[encoder.OutputCount];
            foreach (var (start, count, value) in ofEntries.Taken)
                back.AsSpan(start, count).Fill(value);
            CollectionAssert.AreEqual(expected, back);
            Assert.IsTrue(ofEntries.Taken.Zip(ofEntries.Taken.Skip(1)).All(pair => pair.First.Start < pair.Second.Start));
        }
    }

    [TestMethod]
    public void EncodeOthers_WithPlainRunsAndLines_GivesAllInputs()
    {
        var (values, slots) = Mixed();
        var encoder = new FeatureEncoder([.. FeatureEncoder.Fit(new() { RowsPerBin = 1 }, values, slots).Slots,
            .. Enumerable.Repeat(SlotEncoding.Identity, 20), SlotEncoding.LeftOut, SlotEncoding.Identity]);
        var run = encoder.PlainRuns.ToArray().Single();
        Assert.AreEqual((20, encoder.OutputCount - 21), (run.Count, run.Start));
        for (var row = 0; row < Rows; row++)
        {
            float[] features = [.. values.AsSpan(row * slots, slots), .. Enumerable.Range(0, 22).Select(index => (index + row) % 3f)];
            float[] expected = new float[encoder.OutputCount], inputs = new float[encoder.OutputCount];
            encoder.Encode(features.AsSpan(), expected);
            Recorder others = new([]);

            encoder.EncodeOthers(features, ref others);

            foreach (var (start, count, value) in others.Taken)
                inputs.AsSpan(start, count).Fill(value);
            features.AsSpan(run.Slot, run.Count).CopyTo(inputs.AsSpan(run.Start));
            foreach (var line in encoder.Lines)
            {
                var start = encoder.Slots.Take(line.Slot).Sum(slot => slot.Width);
                encoder.Slots[line.Slot].Encode(features[line.Slot], inputs.AsSpan(start, encoder.Slots[line.Slot].Width));
            }

            CollectionAssert.AreEqual(expected, inputs);
            Assert.IsLessThanOrEqualTo(encoder.MostEntries(FeatureRow.Dense(features)), others.Taken.Count);
        }
    }

    [TestMethod]
    public void ManagedNetwork_EitherForm_HasTheSameScore()
    {
        var (values, slots) = Mixed();
        foreach (var fitted in new PiecewiseLinearEncoding?[] { new() { RowsPerBin = 1 }, null })
        {
            var encoder = FeatureEncoder.Fit(fitted, values, slots);
            foreach (var definition in new[] { Network.Linear(), Network.MultilayerPerceptron(3), Network.MultilayerPerceptron(70, 9) })
            {
                using TrainableNetwork network = new(definition, encoder.OutputCount, 1, seed: 3, torch.CPU);
                ManagedNetwork managed = new(definition, encoder, 1, network.Snapshot());
                for (var row = 0; row < Rows; row++)
                {
                    var dense = values.AsSpan(row * slots, slots);
                    Assert.AreEqual(managed.Score(dense), managed.Score(Entries(dense)));
                }
            }
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(30)]
    [DataRow(FeatureEncoder.WideInputs)]
    public void ManagedNetwork_OfARow_ScoresItsInputs(int more)
    {
        var (values, slots) = Mixed();
        for (var row = 0; row < Rows; row += 7)
            values[(row * slots) + (row % 2 == 0 ? 2 : 23)] = float.NaN;
        FeatureEncoder encoder = new([.. FeatureEncoder.Fit(new() { RowsPerBin = 1 }, values, slots).Slots,
            .. Enumerable.Repeat(SlotEncoding.Identity, more)]);
        Assert.AreEqual(more == FeatureEncoder.WideInputs, encoder.IsWide);
        Assert.IsTrue(encoder.TakesMissing);
        foreach (var definition in new[] { Network.Linear(), Network.MultilayerPerceptron(3), Network.MultilayerPerceptron(9, 70) })
        {
            using TrainableNetwork network = new(definition, encoder.OutputCount, 1, seed: 3, torch.CPU);
            ManagedNetwork ofRows = new(definition, encoder, 1, network.Snapshot()),
                ofInputs = new(definition, encoder.OutputCount, 1, network.Snapshot());
            for (var row = 0; row < 60; row++)
            {
                float[] features = [.. values.AsSpan(row * slots, slots),
                    .. Enumerable.Range(0, more).Select(index => (index + row) % 5 == 0 ? 0.5f : 0)];
                var inputs = new float[encoder.OutputCount];
                encoder.Encode(features.AsSpan(), inputs);

                var score = ofRows.Score(features);

                Assert.AreEqual(ofInputs.Score(inputs), score, 1e-5f * (1 + Math.Abs(score)), $"{definition}, row {row}");
                Assert.AreEqual(score, ofRows.Score(Entries(features)));
            }
        }
    }

    [TestMethod]
    public void Fit_ManySlotsOfWords_KeepsTheirZerosAndBringsThemToOneMagnitude()
    {
        const int Words = 300, Large = 9, Rare = 10;
        var random = new Random(2);
        var values = new float[Rows * (Words + 1)];
        for (var row = 0; row < Rows; row++)
        {
            values[row * (Words + 1)] = random.NextSingle();
            for (var word = 1; word <= Words; word++)
                values[(row * (Words + 1)) + word] = random.Next(8) == 0 ? random.NextSingle() - 0.5f : 0;
            values[(row * (Words + 1)) + Large] *= 1000;
            values[(row * (Words + 1)) + Rare] = row < 2 ? 1 : 0;
        }

        var encoder = FeatureEncoder.Fit(new(), values, Words + 1);

        Assert.AreEqual(new PiecewiseLinearEncoding().BinsOf(1, Rows), encoder.Slots[0].BinCount);
        Assert.AreEqual(0, encoder.Slots[Rare].Width);
        Assert.IsTrue(encoder.Slots.Where((_, slot) => slot is not (0 or Rare)).All(slot => slot is { Offset: 0, Width: 1 }));

        // About 50 entries of a thousandfold size, mixed with 100 of the usual one.
        Assert.AreEqual(Math.Pow(1000, 1.0 / 3), encoder.Slots[8].Scale / encoder.Slots[Large].Scale, 3);
        var norms = Enumerable.Range(0, Rows).Select(row => Math.Sqrt(Enumerable.Range(1, Words).Where(word => word is not (Large or Rare))
            .Sum(word => Math.Pow(values[(row * (Words + 1)) + word] * encoder.Slots[word].Scale, 2))));

        // The root mean square of numbers up to 1/2 is 1.57 times their geometric mean.
        Assert.AreEqual(1.57, norms.Average(), 0.1);
    }

    [TestMethod]
    [DataRow(128, true)]
    [DataRow(129, false)]
    public void Fit_UpTo128SlotsOfWords_GivesThemBins(int words, bool binned)
    {
        var random = new Random(3);
        float[] values = [.. Enumerable.Range(0, Rows * words).Select(_ => random.Next(8) == 0 ? random.NextSingle() : 0)];
        Assert.AreEqual(binned, FeatureEncoder.Fit(new(), values, words).Bins.Count > 0);
    }

    [TestMethod]
    public void Fit_MissingValues_HaveAnInputOfTheirOwn()
    {
        // Many values, two values, one value, none.
        var random = new Random(4);
        var values = new float[Rows * 4];
        for (var row = 0; row < Rows; row++)
        {
            var missing = row % 5 == 0;
            values[row * 4] = missing ? float.NaN : random.NextSingle() + 1;
            values[(row * 4) + 1] = missing ? float.NaN : random.Next(2) + 2;
            values[(row * 4) + 2] = missing ? float.NaN : 3;
            values[(row * 4) + 3] = float.NaN;
        }

        var encoder = FeatureEncoder.Fit(new(), values, 4);
        float[] complete = [.. Enumerable.Range(0, Rows).Where(row => row % 5 != 0).Select(row => values[row * 4])];
        var alone = FeatureEncoder.Fit(new() { MaximumBins = encoder.Slots[0].BinCount, RowsPerBin = 1 }, complete, 1).Slots[0];
        CollectionAssert.AreEqual(alone.Boundaries, encoder.Slots[0].Boundaries);
        Assert.AreEqual((alone.Offset, alone.Scale), (encoder.Slots[0].Offset, encoder.Slots[0].Scale));
        CollectionAssert.AreEqual(new[] { alone.Width + 1, 2, 1, 1 }, encoder.Slots.Select(slot => slot.Width).ToArray());

        var inputs = new float[encoder.OutputCount];
        encoder.Encode(values.AsSpan(0, 4), inputs);
        float[] expected = [.. new float[alone.Width], 1, 0, 1, 1, 1];
        CollectionAssert.AreEqual(expected, inputs);
        encoder.Encode([1.5f, 3, 3, float.NaN], inputs);
        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 1 }, inputs[alone.Width..]);
    }

    [TestMethod]
    public void CanEncode_MissingValueWhereNoneWas_IsFalse()
    {
        var encoder = FeatureEncoder.Fit(null, [1, 2, float.NaN, 4], 2);
        Assert.IsTrue(encoder.TakesMissing);
        Assert.IsTrue(encoder.CanEncode(FeatureRow.Dense([float.NaN, 1])));
        Assert.IsFalse(encoder.CanEncode(FeatureRow.Dense([1, float.NaN])));
        Assert.IsFalse(encoder.CanEncode(new FeatureRow(2, [float.PositiveInfinity], [0])));
    }

    // Slots of every kind, most of them 0 in most rows.
    private static (float[] Values, int Slots) Mixed()
    {
        const int Slots = 24;
        var random = new Random(1);
        var values = new float[Rows * Slots];
        for (var row = 0; row < Rows; row++)
        {
            var of = values.AsSpan(row * Slots, Slots);
            of[2] = random.Next(4) == 0 ? random.Next(1, 500) : 0;
            of[7] = random.Next(3) - 1;
            of[8 + random.Next(10)] = 1;
            of[20] = random.Next(9) == 0 ? -random.NextSingle() : 0;
            of[23] = random.NextSingle() + 1;
        }

        return (values, Slots);
    }

    private static FeatureRow Entries(ReadOnlySpan<float> dense)
    {
        List<int> slots = [];
        List<float> values = [];
        for (var slot = 0; slot < dense.Length; slot++)
        {
            if (dense[slot] == 0)
                continue;
            slots.Add(slot);
            values.Add(dense[slot]);
        }

        return new FeatureRow(dense.Length, values.ToArray(), slots.ToArray());
    }

    private readonly record struct Recorder(List<(int Start, int Count, float Value)> Taken) : IEntrySink
    {
        public void Add(int input, float value, Span<float> target) => Taken.Add((input, 1, value));

        public void AddRun(int start, int count, int firstBin, Span<float> target) => Taken.Add((start, count, 1));
    }
}
