namespace HumanCompatible.ML.Features;

/// <summary>Takes the inputs of an encoded row that are not 0, slot by slot.</summary>
internal interface IEntrySink
{
    /// <summary>An input.</summary>
    /// <param name="input">Its number.</param>
    /// <param name="value">Its value.</param>
    void Add(int input, float value);

    /// <summary>A run of inputs that are 1: the full bins of a slot.</summary>
    /// <param name="start">The first, which is the slot's first bin.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="firstBin">The number of the slot's first bin among the bins of all slots.</param>
    void AddRun(int start, int count, int firstBin);
}
