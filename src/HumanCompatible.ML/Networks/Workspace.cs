using HumanCompatible.ML.Features;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The memory of a thread for the row that it scores. It stays as large as the thread's largest row and network needed it: to rent it for
/// each row would take longer than a small network does.
/// </summary>
internal sealed class Workspace
{
    [ThreadStatic]
    private static Workspace? _own;

    private int[] _columns = [];
    private float[] _values = [];
    private float[] _row = [];
    private float[] _sums = [];

    private Workspace()
    {
    }

    /// <summary>The workspace of the current thread.</summary>
    internal static Workspace Own => _own ??= new Workspace();

    /// <summary>Room for the columns and values of terms. What was there is lost where there is too little.</summary>
    internal (int[] Columns, float[] Values) Terms(int count)
    {
        if (_columns.Length < count)
            (_columns, _values) = (new int[count], new float[count]);
        return (_columns, _values);
    }

    /// <summary>The values of all slots of a row of which some are given.</summary>
    internal ReadOnlySpan<float> Dense(FeatureRow row)
    {
        var values = Reserve(ref _row, row.Count);
        values.Clear();
        for (var position = 0; position < row.Values.Length; position++)
            values[row.Indices[position]] = row.Values[position];
        return values;
    }

    /// <summary>Room for the sums of the units of layers.</summary>
    internal Span<float> Sums(int count) => Reserve(ref _sums, count);

    private static Span<float> Reserve(ref float[] array, int count)
    {
        if (array.Length < count)
            array = new float[count];
        return array.AsSpan(0, count);
    }
}
