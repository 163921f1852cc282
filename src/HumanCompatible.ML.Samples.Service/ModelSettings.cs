namespace HumanCompatible.ML.Samples.Service;

/// <summary>Which model is served: section Model of the settings, such as <c>--Model:Path model.zip</c>.</summary>
internal sealed class ModelSettings
{
    /// <summary>The file.</summary>
    public string Path { get; set; } = "model.zip";

    /// <summary>How often the file is looked at.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most people of one request.</summary>
    public int LargestBatch { get; set; } = 10_000;
}
