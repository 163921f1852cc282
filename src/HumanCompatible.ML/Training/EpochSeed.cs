namespace HumanCompatible.ML.Training;

/// <summary>
/// The seeds of an epoch. They follow from the seed of the training and the number of the epoch, so training resumes at any epoch without
/// a random state.
/// </summary>
internal static class EpochSeed
{
    /// <summary>The seed of the order of the rows.</summary>
    internal static long Order(int seed, int epoch) => Mix(seed, epoch, 1);

    /// <summary>The seed of what the network draws in training (dropout).</summary>
    /// <param name="seed">The seed of the training.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="member">Of several that train together, which one.</param>
    internal static long Network(int seed, int epoch, int member = 0) => Mix(unchecked(seed + (member * 0x2545F491)), epoch, 2);

    /// <summary>The seed of the rows that the statistics of averaged weights are taken of.</summary>
    internal static long Statistics(int seed, int epoch) => Mix(seed, epoch, 3);

    // The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): neighboring inputs give unrelated outputs.
    private static long Mix(int seed, int epoch, int purpose)
    {
        unchecked
        {
            var z = ((ulong)(uint)seed << 32) + ((ulong)(uint)epoch << 2) + (ulong)purpose;
            z += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return (long)((z ^ (z >> 31)) >> 1);
        }
    }
}
