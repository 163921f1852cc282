namespace HumanCompatible.ML.Networks;

/// <summary>Finds the encoding of each slot from the training rows, as <see cref="FeatureEncoding"/> describes it.</summary>
internal static class SlotEncodingFitter
{
    /// <summary>With more rows, quantiles and dominant values come from about this many, evenly spaced.</summary>
    internal const int SampleRows = 1 << 17;

    /// <summary>The encoding of each slot.</summary>
    /// <param name="options">A valid encoding other than none.</param>
    /// <param name="rows">Finite values, row-major, <c>[rows, slots]</c>.</param>
    /// <param name="slotCount">The number of slots.</param>
    public static EncodedSlot[] Fit(FeatureEncoding options, ReadOnlySpan<float> rows, int slotCount)
    {
        int[] distinct = CountDistinct(rows, slotCount, options.MaximumDirectValues);
        EncodedSlot[] slots = new EncodedSlot[slotCount];
        float[] sample = [];
        int expanded = distinct.Count(count => count > options.MaximumDirectValues);
        options = options with { MaximumBins = options.BinsOf(expanded) };
        for (int slot = 0; slot < slotCount; slot++)
        {
            if (distinct[slot] <= 1)
            {
                slots[slot] = EncodedSlot.LeftOut;
            }
            else if (distinct[slot] <= options.MaximumDirectValues)
            {
                slots[slot] = FitDirect(rows, slotCount, slot);
            }
            else
            {
                int count = Sample(rows, slotCount, slot, ref sample);
                slots[slot] = FitPiecewise(options, rows, slotCount, slot, sample.AsSpan(0, count));
            }
        }

        return slots;
    }

    /// <summary>The number of distinct values of each slot, not counting past <paramref name="limit"/> + 1. One pass in memory order.</summary>
    private static int[] CountDistinct(ReadOnlySpan<float> rows, int slotCount, int limit)
    {
        int[] counts = new int[slotCount];
        float[][] seen = new float[slotCount][];
        for (int slot = 0; slot < slotCount; slot++)
            seen[slot] = new float[2];
        for (int start = 0; start < rows.Length; start += slotCount)
        {
            for (int slot = 0; slot < slotCount; slot++)
            {
                int count = counts[slot];
                float value = rows[start + slot];
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

    private static EncodedSlot FitDirect(ReadOnlySpan<float> rows, int slotCount, int slot)
    {
        float minimum = float.PositiveInfinity, maximum = float.NegativeInfinity;
        for (int i = slot; i < rows.Length; i += slotCount)
        {
            minimum = Math.Min(minimum, rows[i]);
            maximum = Math.Max(maximum, rows[i]);
        }

        return new EncodedSlot(minimum, Inverse((double)maximum - minimum), [], []);
    }

    private static EncodedSlot FitPiecewise(FeatureEncoding options, ReadOnlySpan<float> rows, int slotCount, int slot, Span<float> sample)
    {
        (double mean, double deviation) = Moments(rows, slotCount, slot);
        sample.Sort();
        List<float> dominants = [];
        int kept = 0;
        for (int start = 0; start < sample.Length;)
        {
            float value = sample[start];
            int end = start + 1;
            while (end < sample.Length && sample[end] == value)
                end++;
            if (end - start > options.DominantShare * sample.Length)
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
        for (int i = 0; kept > 0 && i <= options.MaximumBins; i++)
            boundaries.Add(sample[(int)Math.Round((double)i / options.MaximumBins * (kept - 1))]);
        return new EncodedSlot((float)mean, Inverse(deviation), [.. dominants], boundaries.Count >= 2 ? [.. boundaries] : []);
    }

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<float> rows, int slotCount, int slot)
    {
        double mean = 0, squares = 0;
        long count = 0;
        for (int i = slot; i < rows.Length; i += slotCount)
        {
            count++;
            double difference = rows[i] - mean;
            mean += difference / count;
            squares += difference * (rows[i] - mean);
        }

        return (mean, Math.Sqrt(squares / count));
    }

    private static int Sample(ReadOnlySpan<float> rows, int slotCount, int slot, ref float[] sample)
    {
        int count = rows.Length / slotCount;
        int step = (count + SampleRows - 1) / SampleRows;
        int taken = (count + step - 1) / step;
        if (sample.Length < taken)
            sample = new float[taken];
        for (int i = 0; i < taken; i++)
            sample[i] = rows[i * step * slotCount + slot];
        return taken;
    }

    /// <summary>1 / x as a float that is neither 0 nor infinite.</summary>
    private static float Inverse(double x) => (float)Math.Clamp(1 / x, float.Epsilon, float.MaxValue);
}
