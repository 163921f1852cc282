using System.Buffers.Binary;
using System.IO.Compression;
using HumanCompatible.ML.Persistence;

namespace HumanCompatible.ML.Tests.Persistence;

[TestClass]
public sealed class EntryArchiveTests
{
    [TestMethod]
    [DataRow("folder/a", "folder")]
    [DataRow("folder\\a", "folder")]
    [DataRow("over\\folder/a", "over/folder")]
    [DataRow("over/folder/a", "over\\folder")]
    [DataRow("a", "")]
    public void Read_AnEntryOfTheFolder_GivesItsBytes(string path, string folder)
    {
        using var zip = Zip((path, [1, 2, 3]), ("folders/a", [4]));

        var archive = new EntryArchive(zip, folder);

        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, archive.Read("a", 3));
        Assert.IsNull(archive.Read("b", 3));
    }

    [TestMethod]
    public void Read_ALongerEntry_GivesOneByteMoreThanItMayHave()
    {
        using var zip = Zip(("a", new byte[1000]));

        Assert.HasCount(11, new EntryArchive(zip).Read("a", 10)!);
        Assert.HasCount(1, new EntryArchive(zip).Read("a", -1)!);
        Assert.HasCount(1000, new EntryArchive(zip).Read("a", long.MaxValue)!);
    }

    [TestMethod]
    public void Read_AnEntryThatIsThereTwice_IsRefused()
    {
        using var zip = Zip(("x/a", [1]), ("x\\a", [2]));

        Assert.AreEqual("it is there twice.",
            Assert.ThrowsExactly<InvalidDataException>(() => new EntryArchive(zip, "x").Read("a", 1)).Message);
    }

    [TestMethod]
    public void Read_MoreThanTheFileCanPlausiblyHold_IsRefusedBeforeItIsInflated()
    {
        using var zip = Zip(("a", new byte[40_000_000]));
        var compressed = zip.Entries.Single().CompressedLength;
        Assert.IsLessThan(60_000, compressed);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.ThrowsExactly<InvalidDataException>(() => new EntryArchive(zip).Read("a", 40_000_000));

        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual($"it has 40000000 bytes, more than the {(4 << 20) + (256 * compressed)} that a file of this length may have.",
            error.Message);
        Assert.HasCount(40_000_000, new EntryArchive(zip, length: 1_000_000).Read("a", 40_000_000)!);
    }

    // Where the length of the file is not known, what it declares of other entries takes no memory either.
    [TestMethod]
    [DataRow("a", "it has 2147483647 bytes, more than the *")]
    [DataRow("b", "*")]
    public void Read_WithDeclaredLengthsThatAreNot_IsRefusedBeforeMemoryIsTaken(string name, string message)
    {
        using var written = Written(("a", new byte[1000]), ("b", new byte[1000]));
        var bytes = written.ToArray();
        Declare(bytes, 0, 24, int.MaxValue);
        Declare(bytes, 1, 20, int.MaxValue);
        Declare(bytes, 1, 24, int.MaxValue);
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        var archive = new EntryArchive(zip);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.ThrowsExactly<InvalidDataException>(() => archive.Read(name, int.MaxValue));

        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        MessageAssert.Like(message, error.Message);
    }

    [TestMethod]
    public void Check_AWholeZip_LeavesThePosition()
    {
        using var stream = Written(("a/Model.key", [1, 2]), ("b", []));
        stream.Position = 3;

        ArchiveCheck.Check(stream, ["x", "a/Model.key"]);

        Assert.AreEqual(3, stream.Position);
        StringAssert.EndsWith(Assert.ThrowsExactly<FormatException>(() => ArchiveCheck.Check(stream, ["x", "y"])).Message,
            "it is no model of ML.NET's: it has no entry 'x'.");
    }

    // The check value of CRC-32/ISO-HDLC is that of "123456789".
    [TestMethod]
    public void Check_TheChecksum_IsCrc32()
    {
        using var zip = Zip(("a", "123456789"u8.ToArray()));

        Assert.AreEqual(0xCBF43926, zip.Entries.Single().Crc32);
        using var stream = Written(("a", "123456789"u8.ToArray()));
        ArchiveCheck.Check(stream, ["a"]);
    }

    [TestMethod]
    public void Check_AnyByteOfAnEntryAltered_IsRefusedByName()
    {
        var random = new Random(1);
        var content = new byte[200];
        random.NextBytes(content);
        using var written = Written(("a", content));
        var bytes = written.ToArray();
        var start = bytes.AsSpan().IndexOf(content.AsSpan(0, 20)); // stored, for it does not shrink
        Assert.IsGreaterThan(0, start);

        for (var index = 0; index < content.Length; index++)
        {
            byte[] altered = [.. bytes];
            altered[start + index] ^= (byte)(1 << random.Next(8));
            Assert.AreEqual("The model file cannot be read: the entry 'a' cannot be read: it was altered after it was written: its "
                + "checksum differs.",
                Assert.ThrowsExactly<FormatException>(() => ArchiveCheck.Check(new MemoryStream(altered), ["a"])).Message);
        }
    }

    [TestMethod]
    public void Check_ANameThatIsThereTwice_IsRefused()
    {
        using var stream = Written(("x/a", [1]), ("x\\a", [2]));

        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => ArchiveCheck.Check(stream, ["x/a"])).Message,
            "the entry 'x/a' cannot be read: it is there twice.");
    }

    // Of an entry of the central directory, which begins with PK 1 2: at 20 its compressed length, at 24 its length.
    private static void Declare(byte[] zip, int entry, int offset, int value)
    {
        var start = -1;
        for (var found = 0; found <= entry; found++)
            start += 1 + zip.AsSpan(start + 1).IndexOf("PK\x01\x02"u8);
        BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(start + offset), value);
    }

    private static ZipArchive Zip(params (string Name, byte[] Bytes)[] entries)
        => new(Written(entries), ZipArchiveMode.Read);

    private static MemoryStream Written(params (string Name, byte[] Bytes)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var content = zip.CreateEntry(name).Open();
                content.Write(bytes);
            }
        }

        return stream;
    }
}
