using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The first 256 bytes of every Model.key: where model, string table and loader's assembly name lie, and who can load it.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct ModelHeader
{
    public const int Size = 0x100;
    public const ulong SignatureValue = 0x4C45444F4D004C4DUL;
    public const ulong TailSignatureValue = 0x4D4C004D4F44454CUL;
    private const uint Version = 0x00010002;
    private const uint OldestVersion = 0x00010001;

    [FieldOffset(0x00)]
    public ulong Signature;
    [FieldOffset(0x08)]
    public uint VerWritten;
    [FieldOffset(0x0C)]
    public uint VerReadable;
    [FieldOffset(0x10)]
    public long FpModel;
    [FieldOffset(0x18)]
    public long CbModel;
    [FieldOffset(0x20)]
    public long FpStringTable;
    [FieldOffset(0x28)]
    public long CbStringTable;
    [FieldOffset(0x30)]
    public long FpStringChars;
    [FieldOffset(0x38)]
    public long CbStringChars;
    [FieldOffset(0x40)]
    public ulong ModelSignature;
    [FieldOffset(0x48)]
    public uint ModelVerWritten;
    [FieldOffset(0x4C)]
    public uint ModelVerReadable;
    [FieldOffset(0x50)]
    public LoaderName LoaderSignature;
    [FieldOffset(0x68)]
    public LoaderName LoaderSignatureAlt;
    [FieldOffset(0x80)]
    public long FpTail;
    [FieldOffset(0x88)]
    public long FpLim;
    [FieldOffset(0x90)]
    public long FpAssemblyName;
    [FieldOffset(0x98)]
    public uint CbAssemblyName;

    public static void BeginWrite(BinaryWriter writer, out long fpMin, out ModelHeader header)
    {
        fpMin = writer.BaseStream.Position;
        header = new ModelHeader { Signature = SignatureValue, VerWritten = Version, VerReadable = Version, FpModel = Size };
        writer.Write(new byte[Size]);
    }

    public static void EndWrite(BinaryWriter writer, long fpMin, ref ModelHeader header, IReadOnlyList<string> strings, string loaderAssemblyName)
    {
        writer.Flush();
        var stream = writer.BaseStream;
        header.CbModel = stream.Position - fpMin - header.FpModel;
        if (strings.Count > 0)
        {
            header.FpStringTable = stream.Position - fpMin;
            header.CbStringTable = strings.Count * sizeof(long);
            header.FpStringChars = header.FpStringTable + header.CbStringTable;
            foreach (var text in strings)
                writer.Write(header.CbStringChars += text.Length * sizeof(char));
            writer.Write(Encoding.Unicode.GetBytes(string.Concat(strings)));
        }
        if (!string.IsNullOrEmpty(loaderAssemblyName))
        {
            header.FpAssemblyName = stream.Position - fpMin;
            header.CbAssemblyName = (uint)(loaderAssemblyName.Length * sizeof(char));
            writer.Write(Encoding.Unicode.GetBytes(loaderAssemblyName));
        }
        header.FpTail = stream.Position - fpMin;
        writer.Write(TailSignatureValue);
        header.FpLim = stream.Position - fpMin;
        stream.Position = fpMin;
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ModelHeader>(in header)));
        writer.Flush();
        stream.Position = fpMin + header.FpLim;
    }

    public static void BeginRead(out long fpMin, out ModelHeader header, out string[] strings, out string loaderAssemblyName, BinaryReader reader)
    {
        var stream = reader.BaseStream;
        fpMin = stream.Position;
        var bytes = reader.ReadBytes(Size);
        Contracts.CheckDecode(bytes.Length == Size);
        header = MemoryMarshal.Read<ModelHeader>(bytes);
        header.Validate(stream.Length - fpMin);
        strings = header.FpStringTable == 0 ? null : ReadStrings(header, fpMin, reader);
        stream.Position = fpMin + header.FpAssemblyName;
        loaderAssemblyName = header.FpAssemblyName == 0 ? null : Encoding.Unicode.GetString(reader.ReadBytes((int)header.CbAssemblyName));
        stream.Position = fpMin + header.FpTail;
        Contracts.CheckDecode(reader.ReadUInt64() == TailSignatureValue, "Corrupt model file tail");
        stream.Position = fpMin + header.FpModel;
    }

    public static void EndRead(long fpMin, ref ModelHeader header, BinaryReader reader)
    {
        Contracts.CheckDecode(header.FpModel + header.CbModel == reader.BaseStream.Position - fpMin);
        reader.BaseStream.Position = fpMin + header.FpLim;
    }

    public static void SetVersionInfo(ref ModelHeader header, VersionInfo ver)
    {
        header.ModelSignature = ver.ModelSignature;
        header.ModelVerWritten = ver.VerWrittenCur;
        header.ModelVerReadable = ver.VerReadableCur;
        header.LoaderSignature = LoaderName.Of(ver.LoaderSignature);
        header.LoaderSignatureAlt = LoaderName.Of(ver.LoaderSignatureAlt);
    }

    public static void CheckVersionInfo(ref ModelHeader header, VersionInfo ver)
    {
        var product = typeof(VersionInfo).Assembly.GetName().Version;
        Contracts.CheckDecode(header.ModelSignature == ver.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(header.ModelVerReadable <= header.ModelVerWritten, "Corrupt file header");
        Contracts.CheckDecode(header.ModelVerReadable <= ver.VerWrittenCur,
            $"Cause: ML.NET {product} cannont read component '{ver.LoaderSignature}' of the model, because the model is too new.\nSuggestion: Make sure the model is trained with ML.NET {product} or older.\nDebug details: Maximum expected version {header.ModelVerReadable}, got {ver.VerWrittenCur}.");
        Contracts.CheckDecode(header.ModelVerWritten >= ver.VerWeCanReadBack,
            $"Cause: ML.NET {product} cannot read component '{ver.LoaderSignature}' of the model, because the model is too old.\nSuggestion: Make sure the model is trained with ML.NET {product}.\nDebug details: Minimum expected version {header.ModelVerReadable}, got {ver.VerWrittenCur}.");
    }

    private static string[] ReadStrings(ModelHeader header, long fpMin, BinaryReader reader)
    {
        reader.BaseStream.Position = fpMin + header.FpStringTable;
        var ends = new long[header.CbStringTable / sizeof(long)];
        for (var i = 0; i < ends.Length; i++)
            ends[i] = reader.ReadInt64();
        var characters = reader.ReadBytes((int)header.CbStringChars);
        var strings = new string[ends.Length];
        for (int i = 0, start = 0; i < ends.Length; start = (int)ends[i++])
        {
            Contracts.CheckDecode(start <= ends[i] && ends[i] <= characters.Length && ends[i] % sizeof(char) == 0);
            strings[i] = Encoding.Unicode.GetString(characters, start, (int)ends[i] - start);
        }
        return strings;
    }

    private readonly void Validate(long size)
    {
        Contracts.CheckDecode(Signature == SignatureValue, "Wrong file type");
        Contracts.CheckDecode(VerReadable <= VerWritten, "Corrupt file header");
        Contracts.CheckDecode(VerReadable <= Version, "File is too new");
        Contracts.CheckDecode(VerWritten >= OldestVersion, "File is too old");
        Contracts.CheckDecode(FpModel == Size && CbModel >= 0);
        var end = FpModel + CbModel;
        Contracts.CheckDecode(FpStringTable == 0 || (FpStringTable == end && CbStringTable > 0 && FpStringChars == end + CbStringTable && CbStringChars >= 0));
        end += FpStringTable == 0 ? 0 : CbStringTable + CbStringChars;
        Contracts.CheckDecode(FpAssemblyName == 0 || (FpAssemblyName == end && CbAssemblyName % sizeof(char) == 0));
        end += FpAssemblyName == 0 ? 0 : CbAssemblyName;
        Contracts.CheckDecode(FpTail == end && FpLim == end + sizeof(ulong) && size >= FpLim);
    }

    /// <summary>Up to 24 one-byte characters, in place.</summary>
    [System.Runtime.CompilerServices.InlineArray(Length)]
    public struct LoaderName
    {
        public const int Length = 24;
        private byte _first;

        public static LoaderName Of(string name)
        {
            var result = default(LoaderName);
            Contracts.Check((name?.Length ?? 0) <= Length);
            Span<byte> bytes = result;
            for (var i = 0; i < (name?.Length ?? 0); i++)
            {
                Contracts.Check(name[i] <= 0xFF);
                bytes[i] = (byte)name[i];
            }
            return result;
        }

        public override readonly string ToString() => Encoding.Latin1.GetString(this).TrimEnd('\0');
    }
}
