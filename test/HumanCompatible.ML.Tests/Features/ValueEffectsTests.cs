using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class ValueEffectsTests
{
    private const int Codes = 50;

    private static readonly float[] Values = [.. Enumerable.Range(0, Codes).Select(value => (float)value)];

    [TestMethod]
    [DataRow(0, DisplayName = "0 and 1")]
    [DataRow(2, DisplayName = "two classes")]
    [DataRow(5, DisplayName = "five classes, of which two occur")]
    public void Matter_LabelsThatFollowCodes_AreTold(int classCount)
    {
        var (rows, labels) = Draw(1000, 1, (code, random) => random.NextDouble() < (code * 7 % 3 == 0 ? 0.8 : 0.2) ? 1 : 0);

        Assert.IsTrue(ValueEffects.Matter(Values, rows, new(labels, classCount)));
        Assert.IsFalse(ValueEffects.Matter(Values, rows, new(new float[rows.Length], classCount)), "all labels are 0");
    }

    [TestMethod]
    public void Matter_NumbersThatFollowCodes_AreTold()
    {
        var (rows, labels) = Draw(1000, 2, (code, random) => (10 * (code * 7 % 3)) + random.Next(20));

        Assert.IsTrue(ValueEffects.Matter(Values, rows, new(labels, 0)));
        Assert.IsTrue(ValueEffects.Matter(Values, rows, new([.. labels.Select(label => (1e6f * label) + 1e8f)], 0)), "in other units");
    }

    [TestMethod]
    public void Matter_LabelsThatRiseWithTheValue_AreNotTold()
    {
        var told = Enumerable.Range(0, 200).Count(seed =>
        {
            var (rows, labels) = Draw(2000, seed, (code, random) => random.NextDouble() < code / (double)Codes ? 1 : 0);
            return ValueEffects.Matter(Values, rows, new(labels, 0));
        });

        Assert.AreEqual(0, told);
    }

    [TestMethod]
    public void Matter_LabelsOfChance_AreNotTold()
    {
        var told = Enumerable.Range(0, 200).Count(seed =>
        {
            var (rows, labels) = Draw(200 + (20 * seed), seed, (_, random) => random.Next(3));
            return ValueEffects.Matter(Values, rows, new(labels, 3)) || ValueEffects.Matter(Values, rows, new(labels, 0));
        });

        Assert.AreEqual(0, told);
    }

    [TestMethod]
    public void Matter_RowsOfOtherValuesAndMissingOnes_ArePassedOver()
    {
        var (rows, labels) = Draw(1000, 3, (code, random) => random.NextDouble() < code / (double)Codes ? 1 : 0);

        // Were the others counted as rows of the values next to them, these would differ.
        float[] others = [.. rows.Select((value, row) => row % 2 == 0 ? float.NaN : (value * 7 % 3) + value + 0.5f)];
        float[] ones = [.. others.Select(value => value % 2 < 1 ? 1f : 0)];

        Assert.IsFalse(ValueEffects.Matter(Values, [.. rows, .. others], new([.. labels, .. ones], 0)));
    }

    [TestMethod]
    [DataRow(2, false)]
    [DataRow(ValueEffects.MostValues, true)]
    [DataRow(ValueEffects.MostValues + 1, false)]
    public void Matter_NumberOfValues_IsBounded(int count, bool expected)
    {
        float[] values = [.. Enumerable.Range(0, count).Select(value => (float)value)];
        float[] rows = [.. Enumerable.Range(0, 20 * count).Select(row => (float)(row % count))];

        Assert.AreEqual(expected, ValueEffects.Matter(values, rows, new([.. rows.Select(value => value % 2)], 0)));
    }

    [TestMethod]
    public void Fit_CodesBesideADominantValue_HaveAnIndicatorEach()
    {
        var (codes, labels) = Draw(2000, 4, (code, random) => random.NextDouble() < (code * 7 % 3 == 0 ? 0.9 : 0.1) ? 1 : 0);
        float[] rows = [.. codes.SelectMany(code => new[] { code, 70f })];
        float[] doubled = [.. labels.SelectMany(label => new[] { label, label })], other = [.. doubled.Select((_, row) => row / 2 % 2)];
        FeatureEncoder Fit(KnownLabels? known) => FeatureEncoder.Fit(new(), FeatureTable.Of(rows, 1), Numbers(rows.Length), known);

        CollectionAssert.AreEqual((float[])[.. Values, 70], Fit(new(doubled, 0)).Slots[0].Dominants);
        CollectionAssert.AreEqual(new float[] { 70 }, Fit(null).Slots[0].Dominants);
        CollectionAssert.AreEqual(new float[] { 70 }, Fit(new(other, 0)).Slots[0].Dominants);
    }

    [TestMethod]
    public void Fit_FewCodes_HaveAnIndicatorEach_ButNotOfTwoOrWithoutEffect()
    {
        var random = new Random(7);
        int[] codes = [.. Enumerable.Range(0, 900).Select(_ => random.Next(6))];
        float[] rows = [.. codes.SelectMany(code => new float[] { code, code % 2, random.Next(6), code == 5 ? float.NaN : code })];
        float[] labels = [.. codes.Select(code => (float)(code % 2))];
        var encoder = FeatureEncoder.Fit(new(), FeatureTable.Of(rows, 4), Numbers(900), new(labels, 0));

        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 3, 4, 5 }, encoder.Slots[0].Dominants);
        Assert.IsEmpty(encoder.Slots[1].Dominants);
        Assert.IsEmpty(encoder.Slots[2].Dominants);
        CollectionAssert.AreEqual(new float[] { 0, 1, 2, 3, 4 }, encoder.Slots[3].Dominants);
        CollectionAssert.AreEqual(new[] { 7, 1, 1, 7 }, encoder.Slots.Select(slot => slot.Width).ToArray());
        var encoded = new float[encoder.OutputCount];
        encoder.Encode([3, 1, 5, float.NaN], encoded);
        CollectionAssert.AreEqual(new float[] { 0.6f, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1 }, encoded);
    }

    [TestMethod]
    public void Fit_MembersOfACollective_FindWhatOneAloneFinds()
    {
        const int Members = 3;
        var (rows, labels) = Draw(1500, 5, (code, random) => random.NextDouble() < (code * 7 % 3 == 0 ? 0.9 : 0.1) ? 1 : 0);
        var alone = FeatureEncoder.Fit(new(), FeatureTable.Of(rows, 1), Numbers(rows.Length), new(labels, 0));

        var part = rows.Length / Members;
        var fitted = Collectives.Members.Together(Members, member => FeatureEncoder.Fit(new(),
            FeatureTable.Of(rows.AsSpan(member.Rank * part, part), 1),
            [.. Numbers(rows.Length).Select(row => row / part == member.Rank ? row % part : -1)], new(labels, 0), member));

        CollectionAssert.AreEqual(Values, alone.Slots[0].Dominants);
        foreach (var encoder in fitted)
            CollectionAssert.AreEqual(Values, encoder.Slots[0].Dominants);
    }

    [TestMethod]
    public void Train_CodesThatDecide_AreLearnedWithAndWithoutConstraints()
    {
        var ml = new MLContext(1);
        var random = new Random(6);
        var rows = Enumerable.Range(0, 6000).Select(_ =>
        {
            var code = random.Next(200);
            return new Row
            {
                Features = [code, (float)random.NextDouble()],
                Label = code * 7919 % 17 < 8,
                Group = random.Next(2) == 0 ? "a" : "b",
            };
        }).ToList();
        var (train, test) = (ml.Data.LoadFromEnumerable(rows.Take(5000)), ml.Data.LoadFromEnumerable(rows.Skip(5000)));

        foreach (var constraints in new FairnessConstraint[][] { [], [Fairness.DemographicParity("Group", 0.2)] })
        {
            var model = ml.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
            {
                Constraints = [.. constraints],
                Seed = 1,
            }).Fit(train);

            var accuracy = ml.BinaryClassification.Evaluate(model.Transform(test)).Accuracy;
            Assert.IsGreaterThan(0.97, accuracy, $"{constraints.Length} constraints");
        }
    }

    private static (float[] Rows, float[] Labels) Draw(int count, int seed, Func<int, Random, double> label)
    {
        var random = new Random(seed);
        int[] codes = [.. Enumerable.Range(0, count).Select(_ => random.Next(Codes))];
        return ([.. codes.Select(code => (float)code)], [.. codes.Select(code => (float)label(code, random))]);
    }

    private static int[] Numbers(int count) => [.. Enumerable.Range(0, count)];

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public string Group { get; set; } = "";
    }
}
