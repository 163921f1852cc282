using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class BrokenLineTests
{
    private const int Start = 3;
    private const int Sums = 5;
    private const int FirstPiece = 4;

    [TestMethod]
    [DataRow(Sums, 1)]
    [DataRow(1, 12)]
    public void Encode_AnyValue_GivesTheWeightedSumsOfTheInputs(int ofColumn, int ofSum)
    {
        var slot = new SlotEncoding(0.5f, 2, [1, 2.5f], [-1, 0, 1, 2.5f, 7]);
        var line = new BrokenLine(slot, Start, FirstPiece);
        var inputCount = Start + slot.Width + 2;
        var random = new Random(1);
        float[] weights = [.. Enumerable.Range(0, Sums * inputCount).Select(_ => random.NextSingle() - 0.5f)];
        Assert.AreEqual((6, FirstPiece), (line.PieceCount, line.FirstPiece));
        var columns = new float[2 * line.PieceCount * Sums];

        line.Draw(weights, inputCount, columns, ofColumn, ofSum);

        foreach (var value in new[] { -50, -1, -0.5f, 0, 0.999f, 1, 1.7f, 2.5f, MathF.BitDecrement(7), 7, 1000 })
        {
            var inputs = new float[inputCount];
            slot.Encode(value, inputs.AsSpan(Start, slot.Width));
            var terms = new Recorder([], []);
            line.Encode(value, ref terms);
            var (piece, part) = terms.Points.Single();
            for (var sum = 0; sum < Sums; sum++)
            {
                var own = weights[(sum * inputCount)..((sum + 1) * inputCount)];
                var place = (2 * (piece - FirstPiece) * ofColumn) + (sum * ofSum);
                var expected = own.Zip(inputs).Sum(pair => (double)pair.First * pair.Second);
                var actual = columns[place] + ((double)part * columns[place + ofColumn]) + terms.Indicators.Sum(input => own[input]);
                Assert.AreEqual(expected, actual, 1e-5 * (1 + Math.Abs(value)), $"{value}, sum {sum}");
            }
        }
    }

    [TestMethod]
    public void Encode_LargeValues_StaysFinite()
    {
        var line = new BrokenLine(new SlotEncoding(0, 1e10f, [], [0, float.Epsilon]), 0, 0);
        foreach (var value in new[] { float.MinValue, 0, float.Epsilon, float.MaxValue })
        {
            var terms = new Recorder([], []);
            line.Encode(value, ref terms);
            Assert.IsTrue(float.IsFinite(terms.Points.Single().Part), $"{value}");
        }
    }

    private readonly record struct Recorder(List<(int Piece, float Part)> Points, List<int> Indicators) : IEntrySink
    {
        static bool IEntrySink.TakesPoints => true;

        public void Add(int input, float value, Span<float> target)
        {
            Assert.AreEqual(1, value);
            Indicators.Add(input);
        }

        public void AddRun(int start, int count, int firstBin, Span<float> target) => Assert.Fail("A slot with bins is a line.");

        public void AddPoint(int piece, float part) => Points.Add((piece, part));
    }
}
