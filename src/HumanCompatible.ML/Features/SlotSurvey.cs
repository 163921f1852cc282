using HumanCompatible.ML.Collectives;

namespace HumanCompatible.ML.Features;

/// <summary>What one pass over the entries of training rows tells of each slot.</summary>
internal sealed class SlotSurvey
{
    /// <summary>So many rows are gone through between two looks at whether to stop.</summary>
    internal const int RowsBetweenChecks = 1 << 14;

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
    /// <param name="cancellation">Ends the counting.</param>
    public static SlotSurvey Of(FeatureTable table, int[] rows, int limit, CancellationToken cancellation)
    {
        var survey = new SlotSurvey(table.FeatureCount, rows.Length, limit);
        for (var place = 0; place < rows.Length; place++)
        {
            if (place % RowsBetweenChecks == 0)
                cancellation.ThrowIfCancellationRequested();
            if (rows[place] < 0)
                continue;
            var row = table[rows[place]];
            for (var position = 0; position < row.Values.Length; position++)
            {
                if (row.Values[position] != 0)
                    survey.Add(row.SlotAt(position), row.Values[position]);
            }
        }

        return survey;
    }

    /// <summary>This survey with what the other members of a collective have seen.</summary>
    /// <param name="collective">The collective.</param>
    public SlotSurvey OfAll(ICollective collective)
    {
        if (collective.Count == 1)
            return this;
        var all = Exchange.Gather(collective, [.. _nonzero.Zip(_missing, (rows, missing) => new double[] { rows, missing })
            .Zip(_minimum.Zip(_maximum), (counts, ends) => new[] { counts[0], counts[1], ends.First, ends.Second })
            .Zip(_seen.Zip(_seenCount), (numbers, seen) => (double[])[.. numbers, seen.Second,
                .. seen.First.Take(seen.Second).Select(value => (double)value)])
            .SelectMany(numbers => numbers)]);
        var joined = new SlotSurvey(Count, _rows, _limit);
        foreach (var part in all)
        {
            var next = 0;
            for (var slot = 0; slot < Count; slot++)
            {
                joined._nonzero[slot] += (int)part[next++];
                joined._missing[slot] += (int)part[next++];
                joined._minimum[slot] = Math.Min(joined._minimum[slot], (float)part[next++]);
                joined._maximum[slot] = Math.Max(joined._maximum[slot], (float)part[next++]);
                for (var end = next + 1 + (int)part[next++]; next < end; next++)
                    joined.See(slot, (float)part[next]);
            }
        }

        return joined;
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
        See(slot, value);
    }

    private void See(int slot, float value)
    {
        var count = _seenCount[slot];
        if (count > _limit || _seen[slot].AsSpan(0, count).Contains(value))
            return;
        if (count == _seen[slot].Length)
            Array.Resize(ref _seen[slot], Math.Max(2, 2 * count));
        _seen[slot][count] = value;
        _seenCount[slot] = count + 1;
    }
}
