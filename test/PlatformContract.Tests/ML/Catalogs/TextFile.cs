namespace PlatformContract.Tests.ML.Catalogs;

/// <summary>A text file that lives as long as a test.</summary>
internal sealed class TextFile : IDisposable
{
    public TextFile(params string[] lines)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"contract-{Guid.NewGuid():N}.txt");
        File.WriteAllText(Path, string.Join("\n", lines) + "\n");
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
