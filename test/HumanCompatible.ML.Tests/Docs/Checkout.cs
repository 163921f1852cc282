namespace HumanCompatible.ML.Tests.Docs;

/// <summary>The checkout that the tests run in.</summary>
internal static class Checkout
{
    /// <summary>Its root folder; null where the tests run somewhere else.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HumanCompatible.ML.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder;
    }
}
