using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Networks;

/// <summary>Writes what an encoded row adds to the sums of the first layer, one term after the other.</summary>
/// <param name="columns">Receives the column of each term.</param>
/// <param name="values">Receives its value.</param>
/// <param name="count">The terms that are there.</param>
internal struct TermWriter(int[] columns, float[] values, int count) : IEntrySink
{
    static bool IEntrySink.TakesLines => true;

    /// <summary>As many terms as are there.</summary>
    public int Count { get; private set; } = count;

    public void Add(int input, float value, Span<float> target)
    {
        columns[Count] = input;
        values[Count++] = value;
    }

    public void AddRun(int start, int count, int firstBin, Span<float> target)
    {
        for (var input = start; input < start + count; input++)
            Add(input, 1, target);
    }

    public void AddLine(BrokenLine line, float value) => Count = line.Write(value, columns, values, Count);
}
