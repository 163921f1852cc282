using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Auditing;

/// <summary>The SHA-256 of what is audited of rows.</summary>
internal sealed class RowHash : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly SHA256 _hash = SHA256.Create();
    private readonly Stream _stream;

    internal RowHash() => _stream = new BufferedStream(new CryptoStream(Stream.Null, _hash, CryptoStreamMode.Write), BufferSize);

    /// <param name="codes">The code of the row in each column of groups.</param>
    /// <param name="row">The row.</param>
    internal void Add(ReadOnlySpan<int> codes, in AuditRow row)
    {
        _stream.Write(MemoryMarshal.AsBytes(codes));
        ReadOnlySpan<double> values = [row.Label, row.Prediction, row.Weight, row.Score, row.Probability];
        _stream.Write(MemoryMarshal.AsBytes(values));
        _stream.Write(MemoryMarshal.AsBytes<float>(row.ClassScores));
    }

    /// <summary>The hash, in hexadecimal, of the rows and of what their codes stand for.</summary>
    /// <param name="columns">Of each column its values: the codes of the rows are their numbers.</param>
    internal string Finish(IEnumerable<GroupColumn> columns)
    {
        foreach (var column in columns)
        {
            var names = column.CodeOfRow.Select(code => column.GroupNames[code]);
            _stream.Write(Encoding.UTF8.GetBytes(string.Join('\0', [column.Name, .. names])));
        }

        _stream.Dispose();
        return Convert.ToHexStringLower(_hash.Hash!);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
    }
}
