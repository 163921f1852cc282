using System.Globalization;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// What a built-in network takes in memory while it is trained; asking libtorch for more than there is can end the process.
/// </summary>
internal static class NetworkMemory
{
    /// <summary>The most weights of a layer: more are no longer seen as one span of bytes.</summary>
    internal const long MostWeights = int.MaxValue / sizeof(float);

    // Weights, gradient, two moments, average, the best candidate, and those put aside while the average is measured.
    private const int CopiesOfWeights = 7;

    // What a layer gives for the rows that are measured at a time, and what is computed from it; of a block also what it began with.
    private const int CopiesOfOutputs = 2;
    private const int CopiesOfBlocks = 3;
    private const int Rows = 8192;

    /// <summary>Throws where a network is too large.</summary>
    /// <param name="architecture">Its layers.</param>
    /// <exception cref="InvalidOperationException">It is; the message says how large it is and what to do.</exception>
    internal static void Check(LayeredArchitecture architecture) => Check(architecture, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <inheritdoc cref="Check(LayeredArchitecture)"/>
    /// <param name="architecture">Its layers.</param>
    /// <param name="available">The bytes that the process may use.</param>
    internal static void Check(LayeredArchitecture architecture, long available)
    {
        int[] widths = [architecture.Layers[0].InputCount, .. architecture.Layers.Select(layer => layer.Width)];
        long weights = 0;
        for (var layer = 0; layer < architecture.LayerCount; layer++)
        {
            var own = (long)widths[layer] * widths[layer + 1];
            if (own > MostWeights)
            {
                throw TooLarge(widths, string.Create(CultureInfo.InvariantCulture,
                    $"layer {layer} has {own:N0} weights, of which {MostWeights:N0} are possible"));
            }

            weights += own + ((long)widths[layer + 1] * PerUnit(architecture.Layers[layer].Normalization));
        }

        var outputs = (architecture.HasBlocks ? CopiesOfBlocks : CopiesOfOutputs) * (long)Rows * widths.Skip(1).Max();
        var bytes = sizeof(float) * ((CopiesOfWeights * weights) + outputs);
        if (bytes > available)
        {
            throw TooLarge(widths, string.Create(CultureInfo.InvariantCulture,
                $"{weights:N0} weights take about {Gigabytes(bytes)} to train, of {Gigabytes(available)} that there are"));
        }
    }

    // A bias; gain and shift; mean and variance.
    private static int PerUnit(Normalization normalization) => normalization switch
    {
        Normalization.Batch => 5,
        Normalization.Layer => 3,
        _ => 1,
    };

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB";

    private static InvalidOperationException TooLarge(int[] widths, string what)
        => new($"The network [{string.Join(", ", widths)}] is too large for this machine: {what}. Give Network fewer hidden units.");
}
