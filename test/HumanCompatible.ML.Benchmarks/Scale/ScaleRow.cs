using Microsoft.ML.Data;

namespace HumanCompatible.ML.Benchmarks.Scale;

/// <summary>A row of the generated table.</summary>
internal sealed class ScaleRow
{
    internal const int FeatureCount = 20;

    public bool Label { get; set; }

    /// <summary>"a" or "b".</summary>
    public string Group { get; set; } = "";

    [VectorType(FeatureCount)]
    public float[] Features { get; set; } = new float[FeatureCount];
}
