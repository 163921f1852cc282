using System.Text;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>Text in memory as ML.NET's text loader reads it.</summary>
internal sealed class InMemoryText(byte[] utf8) : IMultiStreamSource
{
    public int Count => 1;

    public string? GetPathOrNull(int index) => null;

    public Stream Open(int index) => new MemoryStream(utf8, writable: false);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index), Encoding.UTF8);
}
