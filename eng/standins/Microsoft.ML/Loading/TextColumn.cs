using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column of a text loader, with its source indices resolved: which fields of a line it is made of.</summary>
internal sealed class TextColumn
{
    /// <summary>Stands for the end of a range that ends with its line.</summary>
    public const int EndOfLine = int.MaxValue;

    private TextColumn(string name, PrimitiveDataViewType itemType, (int Min, int Lim, bool ForceVector)[] segments)
    {
        var sorted = segments.OrderBy(segment => segment.Min).ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i - 1].Lim > sorted[i].Min)
                throw Contracts.ExceptUserArg(nameof(TextLoader.Column.Source), $"Intervals specified for column '{name}' overlap");
        }
        (Name, ItemType, Segments) = (name, itemType, segments);
        IsVariable = segments.Any(segment => segment.Lim == EndOfLine);
        FixedSize = segments.Where(segment => segment.Lim != EndOfLine).Sum(segment => segment.Lim - segment.Min);
        Type = IsVariable ? new VectorDataViewType(itemType)
            : FixedSize > 1 || segments[0].ForceVector ? new VectorDataViewType(itemType, FixedSize)
            : itemType;
    }

    public string Name { get; }

    public PrimitiveDataViewType ItemType { get; }

    public DataViewType Type { get; }

    public (int Min, int Lim, bool ForceVector)[] Segments { get; }

    /// <summary>Whether one segment ends with its line, so that every row has its own size.</summary>
    public bool IsVariable { get; }

    /// <summary>The number of fields in the segments that do not end with their line.</summary>
    public int FixedSize { get; }

    /// <summary>One past the last source index that the column needs.</summary>
    public int SourceLim => Segments.Max(segment => segment.Lim);

    /// <summary>Resolves the columns of a loader.</summary>
    /// <param name="columns">What the user asked for.</param>
    /// <param name="inputSize">Gives the number of fields of a line; asked only where a range is open.</param>
    public static TextColumn[] Resolve(TextLoader.Column[] columns, Func<int> inputSize)
    {
        foreach (var column in columns)
            Contracts.CheckUserArg(column.Source?.Length > 0, nameof(column.Source), "Must specify some source column indices");
        var size = columns.Any(column => column.Source.Any(range => range.AutoEnd && range.Max == null)) ? inputSize() : 0;
        var others = columns.Where(column => column.Source.Any(range => range.AllOther)).ToArray();
        Contracts.CheckUserArg(others.Sum(column => column.Source.Count(range => range.AllOther)) <= 1, nameof(TextLoader.Range.AllOther), "At most one all other range can be specified");
        var taken = columns.SelectMany(column => column.Source).Where(range => !range.AllOther).Select(range => Segment(range, size)).ToArray();
        return [.. columns.Select(column =>
        {
            var segments = column.Source.SelectMany(range => range.AllOther ? Remaining(Segment(range, size), taken) : [Segment(range, size)]).ToArray();
            Contracts.CheckUserArg(segments.Length > 0, nameof(TextLoader.Range.AllOther), "No index is selected as all other indexes.");
            return new TextColumn(Contracts.CheckNonWhiteSpace(column.Name, nameof(column.Name)).Trim(), column.DataKind.ToType(column.KeyCount), segments);
        })];
    }

    private static (int Min, int Lim, bool ForceVector) Segment(TextLoader.Range range, int inputSize)
    {
        Contracts.CheckUserArg(range.Min is >= 0 and < EndOfLine - 1, nameof(range.Min));
        if (range.Max is { } max)
        {
            Contracts.CheckUserArg(range.Min <= max && max < EndOfLine - 1, nameof(range.Max));
            return (range.Min, max + 1, range.ForceVector);
        }
        if (range.AutoEnd)
        {
            Contracts.CheckUserArg(range.Min < inputSize, nameof(range.Min), $"Column #{range.Min} not found in the dataset (it only has {inputSize} columns)");
            return (range.Min, inputSize, true);
        }
        return range.VariableEnd ? (range.Min, EndOfLine, true) : (range.Min, range.Min + 1, range.ForceVector);
    }

    /// <summary>The parts of a segment that no other one has taken.</summary>
    private static IEnumerable<(int Min, int Lim, bool ForceVector)> Remaining((int Min, int Lim, bool ForceVector) segment, (int Min, int Lim, bool)[] taken)
    {
        var min = segment.Min;
        foreach (var (takenMin, takenLim, _) in taken.OrderBy(other => other.Min))
        {
            if (min >= segment.Lim)
                yield break;
            if (min < takenMin)
                yield return (min, Math.Min(takenMin, segment.Lim), true);
            min = Math.Max(min, takenLim);
        }
        if (min < segment.Lim)
            yield return (min, segment.Lim, true);
    }
}
