using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>A row of very many features that are nearly all 0, like the words of a text.</summary>
internal sealed class SparseRow
{
    private const int Words = 5000;

    [VectorType(Words)]
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }

    public string Sex { get; set; } = "";

    /// <summary>Draws rows: of some words, the first more often, those that begin the list make the label.</summary>
    public static IReadOnlyList<SparseRow> Draw(int count, int words, int ofLabel)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var features = new float[Words];
            for (var word = 0; word < words; word++)
                features[random.Next(random.Next(1, Words))] = 1;
            return new SparseRow { Features = features, Label = features[..ofLabel].Sum() > 1, Sex = random.Next(2) == 0 ? "a" : "b" };
        })];
    }
}
