using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class RowMemoryTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Check_TablesWithinTheMaximum_StayInMemory()
    {
        using var memory = new RowMemory(maximum: 2 * 100 * (40 + 7), _folder);
        var (first, second) = (Table(memory, 100, beside: 7), Table(memory, 100, beside: 7));
        Assert.IsFalse(first.IsInFile);
        Assert.IsFalse(second.IsInFile);
    }

    [TestMethod]
    public void Check_SecondTableThatIsTooMuch_MovesBoth()
    {
        using var memory = new RowMemory(maximum: (2 * 100 * (40 + 7)) - 1, _folder);
        var first = Table(memory, 100, beside: 7);
        Assert.IsFalse(first.IsInFile);
        var second = Table(memory, 100, beside: 7);
        foreach (var table in new[] { first, second })
        {
            Assert.IsTrue(table.IsInFile);
            Assert.AreEqual(0, table.FeatureBytes);
            Assert.AreEqual(4000, table.Size);
            for (var row = 0; row < 100; row++)
                CollectionAssert.AreEqual(Row(row), table[row].Values.ToArray());
        }
    }

    [TestMethod]
    public void Check_RowsThatAreTooManyWithoutFeatures_AreRefused()
    {
        using var memory = new RowMemory(maximum: 699, _folder);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Table(memory, 100, beside: 7));
        Assert.AreEqual("MaximumMemory is 699 bytes, but 100 rows take 700 bytes without their features, and there are more: give it more.",
            error.Message);
    }

    [TestMethod]
    public void Expect_RowsThatDoNotFitIn_SaysHowMuchWould()
    {
        using var memory = new RowMemory(maximum: 1000, _folder);
        memory.Expect(100, bytesBeside: 10);
        Table(memory, 30, beside: 7);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => memory.Expect(80, bytesBeside: 10));
        Assert.AreEqual("MaximumMemory is 1000 bytes, but 110 rows take 1010 bytes without their features: give it as much or more.",
            error.Message);
        using var any = new RowMemory(maximum: null, null);
        any.Expect(long.MaxValue / 100, bytesBeside: 100);
    }

    [TestMethod]
    public void AddRowsOfOthers_WhoTakeMemory_MovesTheFeaturesOrIsRefused()
    {
        using var memory = new RowMemory(maximum: 300 * 7, _folder);
        var table = Table(memory, 30, beside: 7);
        Assert.IsFalse(table.IsInFile);
        table.AddRowsOfOthers(270);
        Assert.IsTrue(table.IsInFile);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => table.AddRowsOfOthers(271));
        StringAssert.StartsWith(error.Message, "MaximumMemory is 2100 bytes, but 301 rows take 2107 bytes without their features");
    }

    [TestMethod]
    public void Dispose_TableInFile_CanNoLongerBeRead()
    {
        var memory = new RowMemory(maximum: 700, _folder);
        var table = Table(memory, 100, beside: 7);
        memory.Dispose();
        memory.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => table[3].Values.ToArray());
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }

    [TestMethod]
    public void Create_OnUnix_FileHasNoName()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("On Windows the system deletes it when it is closed.");
        using var memory = new RowMemory(maximum: 700, _folder);
        Table(memory, 100, beside: 7);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }

    [TestMethod]
    public void Create_FolderThatIsNotThere_SaysWhatToSet()
    {
        var folder = Path.Combine(_folder, "no");
        var error = Assert.ThrowsExactly<IOException>(() => new RowMemory(1, folder));
        StringAssert.StartsWith(error.Message, $"MaximumMemory needs a temporary file in '{folder}', which cannot be made: ");
        StringAssert.EndsWith(error.Message, " Set TemporaryFolder to a folder that can be written.");
    }

    private static FeatureTable Table(RowMemory memory, int rows, int beside)
    {
        var table = new FeatureTable(10, memory, beside);
        for (var row = 0; row < rows; row++)
            table.Add(FeatureRow.Dense(Row(row)));
        table.Complete();
        return table;
    }

    private static float[] Row(int row) => [.. Enumerable.Range(1, 10).Select(slot => (float)((row * 10) + slot))];
}
