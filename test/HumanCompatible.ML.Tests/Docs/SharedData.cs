namespace HumanCompatible.ML.Tests.Docs;

/// <summary>Public tables, where they are on this machine.</summary>
internal static class SharedData
{
    /// <summary>A file of them; where it is not here, the test is skipped.</summary>
    internal static string File(string path)
    {
        var folder = Environment.GetEnvironmentVariable("HUMANCOMPATIBLE_DATA") is { Length: > 0 } named ? named
            : Path.Combine(Checkout.Folder ?? "", "..", "shared", "data");
        var file = Path.Combine(folder, path);
        if (!System.IO.File.Exists(file))
            Assert.Inconclusive($"The data {path} are not here.");
        return file;
    }
}
