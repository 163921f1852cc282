using HumanCompatible.ML.Collectives;

namespace HumanCompatible.ML.Features;

/// <summary>Finds the encoding of each slot from the training rows, as <see cref="PiecewiseLinearEncoding"/> describes it.</summary>
/// <param name="table">The features: finite, or missing (NaN), which get an input of their own.</param>
/// <param name="rows">The numbers of the training rows; -1 where another member of the collective has the features.</param>
/// <param name="labels">The label of each of them, or null where no values are to be told apart by labels.</param>
/// <param name="collective">Who fits together.</param>
/// <param name="cancellation">Ends the fitting.</param>
internal sealed class SlotEncodingFitter(FeatureTable table, int[] rows, KnownLabels? labels, ICollective collective,
    CancellationToken cancellation)
{
    /// <summary>With more rows, quantiles and dominant values come from about this many, evenly spaced.</summary>
    internal const int SampleRows = 1 << 17;

    // Of the variance of a group. Capital gains and losses tell .005 and .003 of the sex in Adult; of 200 codes that a generated group has
    // at other odds, by exp(1), .05, by exp(2.4) .28, where 3 of 16 and 15 of 47 bounds that were called kept were exceeded.
    private const double LargestShareOfGroups = 0.01;

    // Of more slots the sampled rows are read several times: 32 MiB of values each.
    private const int SlotsPerPass = 64;

    /// <summary>The encoding of each slot.</summary>
    /// <param name="encoding">Valid numbers, or null to leave the features as they are.</param>
    public SlotEncoding[] Fit(PiecewiseLinearEncoding? encoding)
    {
        var slots = new SlotEncoding[table.FeatureCount];
        Array.Fill(slots, SlotEncoding.Identity);
        if (encoding is null && !HasMissing())
            return slots;

        var survey = SlotSurvey.Of(table, rows, encoding?.MaximumDirectValues ?? 1, cancellation).OfAll(collective);
        if (encoding is not null)
        {
            var sparse = SparseSlots.Find(survey, encoding, table, rows, collective);
            int[] expanded = [.. Enumerable.Range(0, slots.Length).Where(slot
                => survey.Distinct(slot) > encoding.MaximumDirectValues && sparse?.Contains(slot) != true)];
            for (var slot = 0; slot < slots.Length; slot++)
                slots[slot] = sparse?.Contains(slot) == true ? sparse.Encoding(slot) : Direct(survey, slot);
            FitPiecewise(encoding with { MaximumBins = encoding.BinsOf(expanded.Length, rows.Length) }, expanded, slots);
        }

        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (survey.HasMissing(slot))
                slots[slot] = slots[slot] with { TakesMissing = true };
        }

        return slots;
    }

    /// <summary>1 / x as a float that is neither 0 nor infinite.</summary>
    internal static float Inverse(double x) => (float)Math.Clamp(1 / x, float.Epsilon, float.MaxValue);

    private static SlotEncoding Direct(SlotSurvey survey, int slot) => survey.Distinct(slot) <= 1 ? SlotEncoding.LeftOut
        : new SlotEncoding(survey.Minimum(slot), Inverse((double)survey.Maximum(slot) - survey.Minimum(slot)), [], []);

    private void FitPiecewise(PiecewiseLinearEncoding encoding, int[] expanded, SlotEncoding[] slots)
    {
        var moments = Moments(expanded);
        var sampledLabels = labels?.Take([.. Enumerable.Range(0, Taken).Select(place => place * Step)]);
        for (var first = 0; first < expanded.Length; first += SlotsPerPass)
        {
            var some = expanded[first..Math.Min(first + SlotsPerPass, expanded.Length)];
            var (samples, start) = (Samples(some), first);
            Parallel.For(0, some.Length, new ParallelOptions { CancellationToken = cancellation }, index =>
            {
                var (dominants, boundaries) = Divide(encoding, samples.AsSpan(index * Taken, Taken), sampledLabels);
                var (mean, deviation) = moments[start + index];
                slots[some[index]] = new SlotEncoding((float)mean, Inverse(deviation), dominants, boundaries);
            });
        }
    }

    private static (float[] Dominants, float[] Boundaries) Divide(PiecewiseLinearEncoding encoding, Span<float> rows, KnownLabels? labels)
    {
        var sample = WithoutMissing(rows.ToArray());
        RadixSort.Sort(sample);
        List<float> dominants = [];
        var kept = 0;
        for (var start = 0; start < sample.Length;)
        {
            var value = sample[start];
            var end = start + 1;
            while (end < sample.Length && sample[end] == value)
                end++;
            if (end - start > encoding.DominantShare * sample.Length)
            {
                dominants.Add(value);
            }
            else
            {
                sample[start..end].CopyTo(sample[kept..]);
                kept += end - start;
            }

            start = end;
        }

        SortedSet<float> boundaries = [.. dominants];
        for (var i = 0; kept > 0 && i <= encoding.MaximumBins; i++)
            boundaries.Add(sample[(int)Math.Round((double)i / encoding.MaximumBins * (kept - 1))]);
        var others = Distinct(sample[..kept]);
        if (labels is not null && TellsValuesApart(others, rows, labels))
            dominants = [.. dominants.Concat(others).Order()];
        return ([.. dominants], boundaries.Count >= 2 ? [.. boundaries] : []);
    }

    // Where values tell the group, the network would learn parity of the training rows by heart.
    private static bool TellsValuesApart(float[] values, ReadOnlySpan<float> rows, KnownLabels labels)
    {
        if (ValueEffects.Share(values, rows, labels) <= 0)
            return false;
        foreach (var groups in labels.Groups)
        {
            if (ValueEffects.Share(values, rows, groups) > LargestShareOfGroups)
                return false;
        }

        return true;
    }

    // Of sorted values; at most one more than are looked at.
    private static float[] Distinct(ReadOnlySpan<float> sorted)
    {
        List<float> distinct = [];
        foreach (var value in sorted)
        {
            if (distinct.Count == 0 || value != distinct[^1])
                distinct.Add(value);
            if (distinct.Count > ValueEffects.MostValues)
                break;
        }

        return [.. distinct];
    }

    // Of the slots given, in one pass.
    private (double Mean, double Deviation)[] Moments(int[] slots)
    {
        var counts = new long[slots.Length];
        double[] means = new double[slots.Length], squares = new double[slots.Length];
        for (var place = 0; place < rows.Length; place++)
        {
            if (place % SlotSurvey.RowsBetweenChecks == 0)
                cancellation.ThrowIfCancellationRequested();
            if (rows[place] < 0)
                continue;
            var row = table[rows[place]];
            var position = 0;
            for (var index = 0; index < slots.Length; index++)
            {
                var value = row.IsDense ? row.Values[slots[index]] : row.Next(slots[index], ref position);
                if (float.IsNaN(value))
                    continue;
                counts[index]++;
                var difference = value - means[index];
                means[index] += difference / counts[index];
                squares[index] += difference * (value - means[index]);
            }
        }

        if (collective.Count > 1)
            JoinMoments(counts, means, squares);
        return [.. means.Select((mean, index) => (mean, Math.Sqrt(squares[index] / counts[index])))];
    }

    // The formula of Chan, Golub and LeVeque (1979) for the moments of two sets of numbers together.
    private void JoinMoments(long[] counts, double[] means, double[] squares)
    {
        var slots = counts.Length;
        var all = Exchange.Gather(collective, [.. counts.Select(count => (double)count), .. means, .. squares]);
        for (var slot = 0; slot < slots; slot++)
        {
            (counts[slot], means[slot], squares[slot]) = (0, 0, 0);
            foreach (var part in all.Where(part => part[slot] > 0))
            {
                double own = counts[slot], other = part[slot], difference = part[slots + slot] - means[slot];
                counts[slot] += (long)other;
                means[slot] += difference * other / counts[slot];
                squares[slot] += part[(2 * slots) + slot] + (difference * difference * own * other / counts[slot]);
            }
        }
    }

    private bool HasMissing()
    {
        double[] members = [table.HasMissing ? 1 : 0];
        collective.Sum(members);
        return members[0] > 0;
    }

    private int Step => (rows.Length + SampleRows - 1) / SampleRows;

    private int Taken => (rows.Length + Step - 1) / Step;

    // The values of the sampled rows in some slots, slot after slot.
    private float[] Samples(int[] slots)
    {
        cancellation.ThrowIfCancellationRequested();
        var (all, taken) = (new float[slots.Length * Taken], Taken);
        for (var place = 0; place < taken; place++)
        {
            if (rows[place * Step] < 0)
                continue;
            var row = table[rows[place * Step]];
            var position = 0;
            for (var index = 0; index < slots.Length; index++)
                all[(index * taken) + place] = row.IsDense ? row.Values[slots[index]] : row.Next(slots[index], ref position);
        }

        if (collective.Count > 1)
            collective.Sum(all);
        return all;
    }

    private static Span<float> WithoutMissing(Span<float> sample)
    {
        var count = 0;
        foreach (var value in sample)
        {
            if (!float.IsNaN(value))
                sample[count++] = value;
        }

        return sample[..count];
    }
}
