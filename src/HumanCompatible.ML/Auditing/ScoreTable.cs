namespace HumanCompatible.ML.Auditing;

/// <summary>
/// The weights of positives and negatives by score, in memory that does not grow with the rows. Every score is kept apart while there are
/// at most <see cref="Limit"/> different ones. Beyond that neighboring scores are put together: those that agree in all but the last
/// <see cref="Shift"/> bits of their double, with the smallest shift that leaves few enough. So the order of rows does not matter.
/// </summary>
internal sealed class ScoreTable
{
    /// <summary>The most different scores of a table that stands alone.</summary>
    internal const int LargestLimit = 1 << 15;

    private const ulong Hash = 0x9E3779B97F4A7C15;

    private readonly bool _isWeighted;
    private ulong[] _keys = new ulong[16]; // 0 is an empty slot
    private ScoreSlot[] _slots = new ScoreSlot[16];
    private WeightedSlot[] _weighted = [];
    private int _count;

    /// <param name="isWeighted">Whether weights may be other than 1, so that rows and squares are counted, too.</param>
    internal ScoreTable(bool isWeighted)
    {
        _isWeighted = isWeighted;
        if (isWeighted)
            _weighted = new WeightedSlot[16];
    }

    /// <summary>The most different scores that are kept apart.</summary>
    internal int Limit { get; set; } = LargestLimit;

    /// <summary>How many of the last bits of a score are not kept; 0 where all scores are as they were.</summary>
    internal int Shift { get; private set; }

    /// <summary>Counts a row.</summary>
    /// <param name="score">Its score.</param>
    /// <param name="label">Whether it is positive.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="probability">Its probability; NaN for none.</param>
    internal void Add(double score, bool label, double weight, double probability = double.NaN)
    {
        var slot = SlotOf((KeyOf(score) >> Shift) + 1);
        if (probability < _slots[slot].Probability)
            _slots[slot].Probability = probability;
        if (label)
            _slots[slot].Positive += weight;
        else
            _slots[slot].Negative += weight;
        if (_isWeighted)
            _weighted[slot].Add(label, weight);
        if (_count > Limit)
            Coarsen(Shift + 1);
    }

    internal void Add(ScoreTable other)
    {
        if (Shift < other.Shift)
            Coarsen(other.Shift);
        for (var index = 0; index < other._keys.Length; index++)
        {
            if (other._keys[index] != 0)
            {
                Add(Coarser(other._keys[index], Shift - other.Shift), other._slots[index],
                    other._isWeighted ? other._weighted[index] : default);
            }
        }

        if (_count > Limit)
            Coarsen(Shift + 1);
    }

    /// <summary>What was counted at each score, from the lowest.</summary>
    internal ScoredWeight[] Ordered()
    {
        var result = new ScoredWeight[_count];
        var at = 0;
        for (var index = 0; index < _keys.Length; index++)
        {
            if (_keys[index] == 0)
                continue;
            var (positive, negative) = (_slots[index].Positive, _slots[index].Negative);
            result[at++] = new ScoredWeight(_keys[index], ScoreOf((_keys[index] - 1) << Shift), positive, negative, _isWeighted
                ? _weighted[index] : new WeightedSlot(positive, negative, positive, negative), _slots[index].Probability);
        }

        Array.Sort(result, (first, second) => first.Key.CompareTo(second.Key));
        return result;
    }

    private void Add(ulong key, ScoreSlot weights, WeightedSlot weighted)
    {
        var slot = SlotOf(key);
        _slots[slot].Positive += weights.Positive;
        _slots[slot].Negative += weights.Negative;
        _slots[slot].Probability = Math.Min(_slots[slot].Probability, weights.Probability);
        if (_isWeighted)
            _weighted[slot].Add(weighted);
    }

    private int SlotOf(ulong key)
    {
        var mask = _keys.Length - 1;
        var slot = (int)((key * Hash) >> 40) & mask;
        while (_keys[slot] != key)
        {
            if (_keys[slot] == 0)
            {
                if (2 * (_count + 1) > _keys.Length)
                {
                    Rebuild(2 * _keys.Length, 0);
                    return SlotOf(key);
                }

                _keys[slot] = key;
                _slots[slot].Probability = double.PositiveInfinity;
                _count++;
                return slot;
            }

            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Coarsen(int shift)
    {
        Rebuild(_keys.Length, shift - Shift);
        Shift = shift;
        while (_count > Limit)
        {
            Rebuild(_keys.Length, 1);
            Shift++;
        }
    }

    private void Rebuild(int size, int shift)
    {
        var (keys, slots, weighted) = (_keys, _slots, _weighted);
        (_keys, _slots, _weighted, _count) = (new ulong[size], new ScoreSlot[size], _isWeighted ? new WeightedSlot[size] : [], 0);
        for (var index = 0; index < keys.Length; index++)
        {
            if (keys[index] != 0)
                Add(Coarser(keys[index], shift), slots[index], _isWeighted ? weighted[index] : default);
        }
    }

    private static ulong Coarser(ulong key, int shift) => ((key - 1) >> shift) + 1;

    // Larger scores have larger keys.
    private static ulong KeyOf(double score)
    {
        var bits = BitConverter.DoubleToInt64Bits(score + 0.0); // -0 is 0
        return bits < 0 ? (ulong)~bits : (ulong)bits | 0x8000000000000000;
    }

    private static double ScoreOf(ulong key)
        => BitConverter.Int64BitsToDouble(key >= 0x8000000000000000 ? (long)(key & 0x7FFFFFFFFFFFFFFF) : ~(long)key);

    private struct ScoreSlot
    {
        internal double Positive;
        internal double Negative;
        internal double Probability;
    }
}

/// <summary>The rows and the squares of weights at one score.</summary>
internal record struct WeightedSlot(double PositiveRows, double NegativeRows, double PositiveSquares, double NegativeSquares)
{
    internal void Add(bool label, double weight) => Add(label
        ? new WeightedSlot(1, 0, weight * weight, 0) : new WeightedSlot(0, 1, 0, weight * weight));

    internal void Add(WeightedSlot other)
    {
        PositiveRows += other.PositiveRows;
        NegativeRows += other.NegativeRows;
        PositiveSquares += other.PositiveSquares;
        NegativeSquares += other.NegativeSquares;
    }
}

/// <summary>What was counted at one score, or at neighboring scores.</summary>
/// <param name="Key">What orders the scores.</param>
/// <param name="Score">The score; the lowest of several.</param>
/// <param name="Positive">The weight of positive rows.</param>
/// <param name="Negative">The weight of negative rows.</param>
/// <param name="Rows">The rows and squares of weights.</param>
/// <param name="Probability">The lowest probability; infinite where there is none.</param>
internal readonly record struct ScoredWeight(ulong Key, double Score, double Positive, double Negative, WeightedSlot Rows,
    double Probability);
