namespace HumanCompatible.ML.Features;

/// <summary>
/// Takes the inputs of an encoded row that are not 0, slot by slot. What it writes to is handed on to it, as .NET 8 has no generics over
/// types that hold a span.
/// </summary>
internal interface IEntrySink
{
    /// <summary>Whether it takes a slot with bins by its <see cref="BrokenLine"/>, whose columns come after the inputs.</summary>
    static virtual bool TakesLines => false;

    /// <summary>An input.</summary>
    /// <param name="input">Its number.</param>
    /// <param name="value">Its value.</param>
    /// <param name="target">What the caller of the encoder wants written; empty where the sink keeps its own.</param>
    void Add(int input, float value, Span<float> target);

    /// <summary>A run of inputs that are 1: the full bins of a slot.</summary>
    /// <param name="start">The first, which is the slot's first bin.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="firstBin">The number of the slot's first bin among the bins of all slots.</param>
    /// <param name="target">As of <see cref="Add"/>.</param>
    void AddRun(int start, int count, int firstBin, Span<float> target);

    /// <summary>A slot with bins. It is called only where <see cref="TakesLines"/>.</summary>
    /// <param name="line">What the slot gives to a weighted sum.</param>
    /// <param name="value">Its value.</param>
    void AddLine(BrokenLine line, float value) => throw new NotSupportedException();
}
