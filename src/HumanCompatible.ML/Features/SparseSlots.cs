using HumanCompatible.ML.Collectives;

namespace HumanCompatible.ML.Features;

/// <summary>
/// The slots of which there are so many, each 0 in many rows, that their zeros must stay zeros: the words of texts. They get no bins;
/// x becomes s x, and slots that hardly a training row has are left out.
/// </summary>
/// <remarks>
/// The scale brings the entries of each slot to the magnitude that gives rows a norm of about 1:
/// s = (entries / rows)^(-1/2) / exp(m), m = (sum of log |x| over the slot's n entries + k M) / (n + k), where M is the mean of log |x|
/// over all entries and k = 100: what few entries say of their own magnitude counts little. Measured on generated texts through ML.NET's
/// FeaturizeText (4,000 with 121,000 slots, 20,000 with 410,000), default network without weight decay, one seed: against x / max |x|,
/// which makes every rare word as large as can be, test accuracy .731 against .701 (.790 against .772), and the same as with one scale for
/// all; bins, standardized values and indicators for slots that are 0 in fewer than half of the rows cost one to two points; leaving out
/// slots of one and two rows costs nothing and halves the memory.
/// </remarks>
internal sealed class SparseSlots
{
    private const double LeastZeros = 0.05;
    private const double MostlyZero = 0.5;
    private const int FewestRows = 3;
    private const double SharedEntries = 100;

    private readonly SlotSurvey _survey;
    private readonly double[] _logSums;
    private readonly double _entries;
    private readonly double _logMean;
    private readonly double _magnitude;

    private SparseSlots(SlotSurvey survey, FeatureTable table, int[] rows, ICollective collective)
    {
        _survey = survey;
        _logSums = new double[survey.Count];
        foreach (var number in rows.Where(number => number >= 0))
        {
            var row = table[number];
            for (var position = 0; position < row.Values.Length; position++)
            {
                var (slot, value) = (row.SlotAt(position), row.Values[position]);
                if (value == 0 || float.IsNaN(value) || !Contains(slot))
                    continue;
                _logSums[slot] += Math.Log(Math.Abs((double)value));
                _entries++;
            }
        }

        double[] entries = [_entries];
        collective.Sum(_logSums);
        collective.Sum(entries);
        _entries = entries[0];
        _logMean = _logSums.Sum() / _entries;
        _magnitude = Math.Sqrt(rows.Length / _entries);
    }

    /// <summary>The slots, or null where there are too few of them to matter.</summary>
    /// <param name="survey">What is known of the slots of the rows.</param>
    /// <param name="encoding">The numbers of the encoding of other slots.</param>
    /// <param name="table">The features.</param>
    /// <param name="rows">The numbers of the rows.</param>
    /// <param name="collective">Who fits together.</param>
    public static SparseSlots? Find(SlotSurvey survey, PiecewiseLinearEncoding encoding, FeatureTable table, int[] rows,
        ICollective collective)
    {
        var moved = Enumerable.Range(0, survey.Count).Count(slot => survey.HasZeros(slot, MostlyZero)
            && (survey.Distinct(slot) > encoding.MaximumDirectValues || survey.Minimum(slot) < 0));
        return moved > encoding.MostExpandedSlots ? new SparseSlots(survey, table, rows, collective) : null;
    }

    /// <summary>Whether a slot is one of them.</summary>
    public bool Contains(int slot) => _survey.HasZeros(slot, LeastZeros);

    /// <summary>The encoding of one of them.</summary>
    public SlotEncoding Encoding(int slot)
    {
        if (_survey.Nonzero(slot) < FewestRows)
            return SlotEncoding.LeftOut;
        var logMagnitude = (_logSums[slot] + (SharedEntries * _logMean)) / (_survey.Nonzero(slot) + SharedEntries);
        return new SlotEncoding(0, SlotEncodingFitter.Inverse(Math.Exp(logMagnitude) / _magnitude), [], []);
    }
}
