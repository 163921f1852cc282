namespace HumanCompatible.ML.Features;

/// <summary>Finds the encoding of each slot from the training rows, as <see cref="PiecewiseLinearEncoding"/> describes it.</summary>
internal static class SlotEncodingFitter
{
    /// <summary>With more rows, quantiles and dominant values come from about this many, evenly spaced.</summary>
    internal const int SampleRows = 1 << 17;

    /// <summary>The encoding of each slot.</summary>
    /// <param name="encoding">Valid numbers.</param>
    /// <param name="rows">Finite values, row-major, <c>[rows, slots]</c>.</param>
    /// <param name="slotCount">The number of slots.</param>
    public static SlotEncoding[] Fit(PiecewiseLinearEncoding encoding, ReadOnlySpan<float> rows, int slotCount)
    {
        var distinct = CountDistinct(rows, slotCount, encoding.MaximumDirectValues);
        var slots = new SlotEncoding[slotCount];
        float[] sample = [];
        var expanded = distinct.Count(count => count > encoding.MaximumDirectValues);
        encoding = encoding with { MaximumBins = encoding.BinsOf(expanded, rows.Length / slotCount) };
        for (var slot = 0; slot < slotCount; slot++)
        {
            if (distinct[slot] <= 1)
            {
                slots[slot] = SlotEncoding.LeftOut;
            }
            else if (distinct[slot] <= encoding.MaximumDirectValues)
            {
                slots[slot] = FitDirect(rows, slotCount, slot);
            }
            else
            {
                var count = Sample(rows, slotCount, slot, ref sample);
                slots[slot] = FitPiecewise(encoding, rows, slotCount, slot, sample.AsSpan(0, count));
            }
        }

        return slots;
    }

    /// <summary>
    /// The number of distinct values of each slot, not counting past <paramref name="limit"/> + 1. One pass in memory order.
    /// </summary>
    private static int[] CountDistinct(ReadOnlySpan<float> rows, int slotCount, int limit)
    {
        var counts = new int[slotCount];
        var seen = new float[slotCount][];
        for (var slot = 0; slot < slotCount; slot++)
            seen[slot] = new float[2];
        for (var start = 0; start < rows.Length; start += slotCount)
        {
            for (var slot = 0; slot < slotCount; slot++)
            {
                var count = counts[slot];
                var value = rows[start + slot];
                if (count > limit || seen[slot].AsSpan(0, count).Contains(value))
                    continue;
                if (count == seen[slot].Length)
                    Array.Resize(ref seen[slot], 2 * count);
                seen[slot][count] = value;
                counts[slot] = count + 1;
            }
        }

        return counts;
    }

    private static SlotEncoding FitDirect(ReadOnlySpan<float> rows, int slotCount, int slot)
    {
        float minimum = float.PositiveInfinity, maximum = float.NegativeInfinity;
        for (var i = slot; i < rows.Length; i += slotCount)
        {
            minimum = Math.Min(minimum, rows[i]);
            maximum = Math.Max(maximum, rows[i]);
        }

        return new SlotEncoding(minimum, Inverse((double)maximum - minimum), [], []);
    }

    private static SlotEncoding FitPiecewise(PiecewiseLinearEncoding encoding, ReadOnlySpan<float> rows, int slotCount, int slot,
        Span<float> sample)
    {
        (var mean, var deviation) = Moments(rows, slotCount, slot);
        sample.Sort();
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
        return new SlotEncoding((float)mean, Inverse(deviation), [.. dominants], boundaries.Count >= 2 ? [.. boundaries] : []);
    }

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<float> rows, int slotCount, int slot)
    {
        double mean = 0, squares = 0;
        long count = 0;
        for (var i = slot; i < rows.Length; i += slotCount)
        {
            count++;
            var difference = rows[i] - mean;
            mean += difference / count;
            squares += difference * (rows[i] - mean);
        }

        return (mean, Math.Sqrt(squares / count));
    }

    private static int Sample(ReadOnlySpan<float> rows, int slotCount, int slot, ref float[] sample)
    {
        var count = rows.Length / slotCount;
        var step = (count + SampleRows - 1) / SampleRows;
        var taken = (count + step - 1) / step;
        if (sample.Length < taken)
            sample = new float[taken];
        for (var i = 0; i < taken; i++)
            sample[i] = rows[i * step * slotCount + slot];
        return taken;
    }

    /// <summary>1 / x as a float that is neither 0 nor infinite.</summary>
    private static float Inverse(double x) => (float)Math.Clamp(1 / x, float.Epsilon, float.MaxValue);
}
