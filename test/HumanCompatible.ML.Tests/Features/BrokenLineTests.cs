using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class BrokenLineTests
{
    private const int Start = 3;
    private const int Sums = 5;
    private const int FirstColumn = 40;

    [TestMethod]
    [DataRow(Sums, 1)]
    [DataRow(1, 5)]
    public void Write_AnyValue_GivesTheWeightedSumsOfTheInputs(int ofColumn, int ofSum)
    {
        var slot = new SlotEncoding(0.5f, 2, [1, 2.5f], [-1, 0, 1, 2.5f, 7]);
        var line = new BrokenLine(slot, 2, Start, FirstColumn);
        var inputCount = Start + slot.Width + 2;
        var random = new Random(1);
        float[] weights = [.. Enumerable.Range(0, Sums * inputCount).Select(_ => random.NextSingle() - 0.5f)];
        Assert.AreEqual((5, FirstColumn, 2), (line.ColumnCount, line.FirstColumn, line.Slot));
        var columns = new float[line.ColumnCount * Sums];

        line.Draw(weights, inputCount, columns, ofColumn, ofSum);

        foreach (var value in new[] { -50, -1, -0.5f, 0, 0.999f, 1, 1.7f, 2.5f, MathF.BitDecrement(7), 7, 1000 })
        {
            var inputs = new float[inputCount];
            slot.Encode(value, inputs.AsSpan(Start, slot.Width));
            var terms = Terms(line, value);
            for (var sum = 0; sum < Sums; sum++)
            {
                var own = weights[(sum * inputCount)..((sum + 1) * inputCount)];
                var expected = own.Zip(inputs).Sum(pair => (double)pair.First * pair.Second);
                var actual = terms.Sum(term => (double)term.Value * (term.Column < FirstColumn ? own[term.Column]
                    : columns[((term.Column - FirstColumn) * ofColumn) + (sum * ofSum)]));
                Assert.AreEqual(expected, actual, 1e-5 * (1 + Math.Abs(value)), $"{value}, sum {sum}");
            }
        }
    }

    [TestMethod]
    [DataRow(-3, FirstColumn, 1f, Start, -4f)]
    [DataRow(-1, FirstColumn, 1f, FirstColumn + 1, 0f)]
    [DataRow(-0.25f, FirstColumn, 0.25f, FirstColumn + 1, 0.75f)]
    [DataRow(7, FirstColumn + 4, 1f, Start, 0f)]
    [DataRow(8, FirstColumn + 4, 1f, Start, 2f)]
    public void Write_InAndBeyondTheBoundaries_GivesTwoTerms(float value, int column, float part, int other, float otherPart)
    {
        var line = new BrokenLine(new SlotEncoding(0.5f, 2, [], [-1, 0, 1, 2.5f, 7]), 2, Start, FirstColumn);
        CollectionAssert.AreEqual(new[] { (column, part), (other, otherPart) }, Terms(line, value));
    }

    [TestMethod]
    public void Write_LargeValues_StaysFinite()
    {
        var line = new BrokenLine(new SlotEncoding(0, 1e10f, [], [0, float.Epsilon]), 0, 0, 2);
        foreach (var value in new[] { float.MinValue, 0, float.Epsilon, float.MaxValue })
        {
            var terms = Terms(line, value);
            Assert.HasCount(2, terms);
            Assert.IsTrue(Array.TrueForAll(terms, term => float.IsFinite(term.Value)), $"{value}");
        }
    }

    [TestMethod]
    public void Write_MissingValue_GivesItsIndicator()
    {
        var slot = new SlotEncoding(0, 1, [1], [0, 2]);
        var missing = slot with { TakesMissing = true };

        CollectionAssert.AreEqual(new[] { (Start + 3, 1f) }, Terms(new BrokenLine(missing, 2, Start, FirstColumn), float.NaN));
        CollectionAssert.AreEqual(new[] { (Start, float.NaN) }, Terms(new BrokenLine(slot, 2, Start, FirstColumn), float.NaN));
        CollectionAssert.AreEqual(new[] { (FirstColumn, 0.5f), (FirstColumn + 1, 0.5f), (Start + 1, 1f) },
            Terms(new BrokenLine(missing, 2, Start, FirstColumn), 1));
    }

    // After one that is there.
    private static (int Column, float Value)[] Terms(BrokenLine line, float value)
    {
        var (columns, values) = (new int[5], new float[5]);
        var count = line.Write(value, columns, values, 1);
        Assert.AreEqual((0, 0f), (columns[0], values[0]));
        return [.. columns.Zip(values).Take(count).Skip(1)];
    }
}
