namespace HumanCompatible.ML.Features;

/// <summary>
/// Writes the entries of encoded rows one after the other: the columns of <see cref="SparseRows"/>, and their values.
/// </summary>
/// <param name="columns">Receives the columns.</param>
/// <param name="values">Receives the values.</param>
/// <param name="inputCount">The inputs of the network; a column from there on stands for the sum of a slot's first bins.</param>
/// <param name="start">Where the first goes.</param>
internal struct EntryWriter(int[] columns, float[] values, int inputCount, int start = 0) : IEntrySink
{
    /// <summary>Where the next entry goes: as many as are there.</summary>
    public int Count { get; private set; } = start;

    public void Add(int input, float value, Span<float> target)
    {
        columns[Count] = input;
        values[Count++] = value;
    }

    public void AddRun(int start, int count, int firstBin, Span<float> target) => Add(inputCount + firstBin + count - 1, 1, target);
}
