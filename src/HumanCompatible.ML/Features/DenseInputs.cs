namespace HumanCompatible.ML.Features;

/// <summary>Puts the inputs of a row where they belong among all of them, which are 0 before.</summary>
internal readonly struct DenseInputs : IEntrySink
{
    public void Add(int input, float value, Span<float> target) => target[input] = value;

    public void AddRun(int start, int count, int firstBin, Span<float> target) => target.Slice(start, count).Fill(1);
}
