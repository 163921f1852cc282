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

        Assert.IsTrue(Matter(Values, rows, new(labels, classCount)));
        Assert.IsFalse(Matter(Values, rows, new(new float[rows.Length], classCount)), "all labels are 0");
    }

    [TestMethod]
    public void Matter_NumbersThatFollowCodes_AreTold()
    {
        var (rows, labels) = Draw(1000, 2, (code, random) => (10 * (code * 7 % 3)) + random.Next(20));

        Assert.IsTrue(Matter(Values, rows, new(labels, 0)));
        Assert.IsTrue(Matter(Values, rows, new([.. labels.Select(label => (1e6f * label) + 1e8f)], 0)), "in other units");
    }

    [TestMethod]
    public void Matter_LabelsThatRiseWithTheValue_AreNotTold()
    {
        var told = Enumerable.Range(0, 200).Count(seed =>
        {
            var (rows, labels) = Draw(2000, seed, (code, random) => random.NextDouble() < code / (double)Codes ? 1 : 0);
            return Matter(Values, rows, new(labels, 0));
        });

        Assert.AreEqual(0, told);
    }

    [TestMethod]
    public void Matter_LabelsOfChance_AreNotTold()
    {
        var told = Enumerable.Range(0, 200).Count(seed =>
        {
            var (rows, labels) = Draw(200 + (20 * seed), seed, (_, random) => random.Next(3));
            return Matter(Values, rows, new(labels, 3)) || Matter(Values, rows, new(labels, 0));
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

        Assert.IsFalse(Matter(Values, [.. rows, .. others], new([.. labels, .. ones], 0)));
    }

    [TestMethod]
    [DataRow(4, false)]
    [DataRow(ValueEffects.MostValues, true)]
    [DataRow(ValueEffects.MostValues + 1, false)]
    public void Matter_NumberOfValues_IsBounded(int count, bool expected)
    {
        float[] values = [.. Enumerable.Range(0, count).Select(value => (float)value)];
        float[] rows = [.. Enumerable.Range(0, 20 * count).Select(row => (float)(row % count))];

        Assert.AreEqual(expected, Matter(values, rows, new([.. rows.Select(value => value % 2)], 0)));
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
    public void Fit_CodesThatTellTheGroup_HaveNone()
    {
        var (codes, labels) = Draw(3000, 7, (code, random) => random.NextDouble() < (code * 7 % 3 == 0 ? 0.9 : 0.1) ? 1 : 0);
        var random = new Random(8);
        FeatureEncoder Fit(Func<float, int> group) => FeatureEncoder.Fit(new(), FeatureTable.Of(codes, 1), Numbers(3000), new(labels, 0)
        {
            Groups = [new([.. codes.Select(code => (float)group(code))], 2)],
        });

        CollectionAssert.AreEqual(Values, Fit(_ => random.Next(2)).Slots[0].Dominants);
        CollectionAssert.AreEqual(Values, Fit(code => random.Next(Codes) < code ? 1 : 0).Slots[0].Dominants, "a slope");
        CollectionAssert.AreEqual(Values, Fit(_ => -1).Slots[0].Dominants, "rows of no group");
        Assert.IsEmpty(Fit(code => random.NextDouble() < (code * 11 % 4 == 0 ? 0.8 : 0.3) ? 1 : 0).Slots[0].Dominants);
    }

    [TestMethod]
    public void Matter_StepsOfOneSlope_AreNotTold()
    {
        foreach (var count in new[] { 3, 4, 5, 8, 11 })
        {
            float[] values = [.. Values.Take(count)];
            var (random, rows) = (new Random(count), new float[20_000]);
            for (var row = 0; row < rows.Length; row++)
                rows[row] = random.Next(count);
            float[] labels = [.. rows.Select(value => random.NextDouble() < (value + 0.5) / count ? 1f : 0)];

            Assert.IsFalse(Matter(values, rows, new(labels, 0)), $"{count} values");
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void Share_LabelsThatTheValueDecides_IsMostOfTheirVariance(int classCount)
    {
        var (rows, labels) = Draw(20_000, 12, (code, _) => code % 2);

        // Of the five values next to each other three have its label: the square error falls from .4^2 to 0, of a variance of .25.
        Assert.AreEqual(0.64 * (Codes - 4) / Codes, ValueEffects.Share(Values, rows, new(labels, classCount)), 0.03);
    }

    [TestMethod]
    public void Matter_Weights_CountAsRows()
    {
        var (rows, labels) = Draw(2000, 9, (code, random) => random.NextDouble() < (code * 7 % 3 == 0 ? 0.8 : 0.2) ? 1 : 0);
        var (others, noise) = Draw(6000, 10, (code, random) => random.NextDouble() < (code * 7 % 3 == 0 ? 0.3 : 0.5) ? 1 : 0);
        float[] all = [.. rows, .. others], both = [.. labels, .. noise];
        bool Weighted(float ofRows, float ofOthers) => Matter(Values, all,
            new(both, 0, [.. labels.Select(_ => ofRows), .. noise.Select(_ => ofOthers)]));

        Assert.IsFalse(Weighted(0, 0));
        Assert.IsTrue(Weighted(1, 0));
        Assert.IsTrue(Weighted(1000, 0), "the unit of weights does not matter");
        Assert.IsFalse(Matter(Values, rows, new([.. Draw(2000, 11, (_, random) => random.Next(2)).Labels], 0, labels)));
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

    private static bool Matter(float[] values, float[] rows, KnownLabels labels) => ValueEffects.Share(values, rows, labels) > 0;

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
