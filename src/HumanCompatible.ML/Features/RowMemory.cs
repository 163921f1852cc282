namespace HumanCompatible.ML.Features;

/// <summary>
/// How much memory the rows of a fit may take. Where its tables would take more, their features move to a temporary file, and what is read
/// after that goes there.
/// </summary>
internal sealed class RowMemory : IDisposable
{
    private readonly long _maximum;
    private readonly RowFile? _file;
    private readonly List<FeatureTable> _tables = [];

    /// <param name="maximum">The most bytes; null for any number.</param>
    /// <param name="folder">Where the temporary file is made; null for the folder of the system.</param>
    /// <exception cref="IOException">There is a maximum, and no temporary file can be made.</exception>
    internal RowMemory(long? maximum, string? folder)
    {
        _maximum = maximum ?? long.MaxValue;

        // Also where the rows turn out to be few: who cannot write there learns it before any row is read.
        if (maximum is not null)
            _file = new RowFile(folder ?? Path.GetTempPath());
    }

    /// <summary>Adds a table to those that share the memory.</summary>
    internal void Add(FeatureTable table) => _tables.Add(table);

    /// <summary>Moves features to the file where the tables take too much memory.</summary>
    /// <exception cref="InvalidOperationException">Without features they still do.</exception>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    internal void Check()
    {
        if (_file is null || Bytes <= _maximum)
            return;
        if (_tables.Any(table => table.FeatureBytes > 0))
        {
            _tables.ForEach(table => table.MoveTo(_file));
            Release();
        }

        if (Bytes > _maximum)
            throw TooLittle(_tables.Sum(Rows), Bytes, ", and there are more: give it more.");
    }

    /// <summary>Looks, before any is read, whether a number of rows fits in at all.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="bytesBeside">What each takes beside its features.</param>
    /// <exception cref="InvalidOperationException">It does not; the message says how much would do.</exception>
    internal void Expect(long rows, int bytesBeside)
    {
        var bytes = _tables.Sum(table => Rows(table) * table.BytesBeside) + (rows * bytesBeside);
        if (bytes > _maximum)
            throw TooLittle(_tables.Sum(Rows) + rows, bytes, ": give it as much or more.");
    }

    /// <summary>
    /// Gives back to the system what is no longer used, where rows are in the file: left to itself the collector would keep it for long, as
    /// it does not know of the maximum.
    /// </summary>
    internal void Release()
    {
        if (_tables.Exists(table => table.IsInFile))
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    public void Dispose() => _file?.Dispose();

    private long Bytes => _tables.Sum(table => table.FeatureBytes + (Rows(table) * table.BytesBeside));

    private InvalidOperationException TooLittle(long rows, long bytes, string end) => new(FormattableString.Invariant(
        $"MaximumMemory is {_maximum} bytes, but {rows} rows take {bytes} bytes without their features{end}"));

    private static long Rows(FeatureTable table) => (long)table.RowCount + table.RowsOfOthers;
}
