namespace HumanCompatible.ML.Features;

/// <summary>What one pass over the entries of training rows tells of each slot.</summary>
internal sealed class SlotSurvey
{
    private readonly int _rows;
    private readonly int _limit;
    private readonly int[] _nonzero;
    private readonly int[] _missing;
    private readonly float[] _minimum;
    private readonly float[] _maximum;

    // The different values other than 0, up to one more than the limit.
    private readonly float[][] _seen;
    private readonly int[] _seenCount;

    private SlotSurvey(int slots, int rows, int limit)
    {
        (_rows, _limit) = (rows, limit);
        (_nonzero, _missing, _seenCount) = (new int[slots], new int[slots], new int[slots]);
        (_minimum, _maximum, _seen) = (new float[slots], new float[slots], new float[slots][]);
        Array.Fill(_minimum, float.PositiveInfinity);
        Array.Fill(_maximum, float.NegativeInfinity);
        Array.Fill(_seen, []);
    }

    /// <summary>The number of slots.</summary>
    public int Count => _nonzero.Length;

    /// <param name="table">The features.</param>
    /// <param name="rows">The numbers of the rows.</param>
    /// <param name="limit">How many different values of a slot are counted, and one more.</param>
    public static SlotSurvey Of(FeatureTable table, int[] rows, int limit)
    {
        var survey = new SlotSurvey(table.FeatureCount, rows.Length, limit);
        foreach (var number in rows)
        {
            var row = table[number];
            for (var position = 0; position < row.Values.Length; position++)
            {
                if (row.Values[position] != 0)
                    survey.Add(row.SlotAt(position), row.Values[position]);
            }
        }

        return survey;
    }

    /// <summary>The number of different values, counted up to one more than the limit.</summary>
    public int Distinct(int slot) => Math.Min(_seenCount[slot] + (HasZero(slot) ? 1 : 0), _limit + 1);

    /// <summary>Whether more than a share of the rows are 0.</summary>
    public bool HasZeros(int slot, double share) => Zeros(slot) > share * _rows;

    /// <summary>The rows that are neither 0 nor missing.</summary>
    public int Nonzero(int slot) => _nonzero[slot];

    /// <summary>Whether a row has no value.</summary>
    public bool HasMissing(int slot) => _missing[slot] > 0;

    /// <summary>The smallest value.</summary>
    public float Minimum(int slot) => HasZero(slot) ? Math.Min(0, _minimum[slot]) : _minimum[slot];

    /// <summary>The largest value.</summary>
    public float Maximum(int slot) => HasZero(slot) ? Math.Max(0, _maximum[slot]) : _maximum[slot];

    private int Zeros(int slot) => _rows - _nonzero[slot] - _missing[slot];

    private bool HasZero(int slot) => Zeros(slot) > 0;

    private void Add(int slot, float value)
    {
        if (float.IsNaN(value))
        {
            _missing[slot]++;
            return;
        }

        _nonzero[slot]++;
        _minimum[slot] = Math.Min(_minimum[slot], value);
        _maximum[slot] = Math.Max(_maximum[slot], value);
        var count = _seenCount[slot];
        if (count > _limit || _seen[slot].AsSpan(0, count).Contains(value))
            return;
        if (count == _seen[slot].Length)
            Array.Resize(ref _seen[slot], Math.Max(2, 2 * count));
        _seen[slot][count] = value;
        _seenCount[slot] = count + 1;
    }
}
