namespace HumanCompatible.ML.Features;

/// <summary>Finds the encoding of each slot from the training rows, as <see cref="PiecewiseLinearEncoding"/> describes it.</summary>
/// <param name="table">The features: finite, or missing (NaN), which get an input of their own.</param>
/// <param name="rows">The numbers of the training rows.</param>
internal sealed class SlotEncodingFitter(FeatureTable table, int[] rows)
{
    /// <summary>With more rows, quantiles and dominant values come from about this many, evenly spaced.</summary>
    internal const int SampleRows = 1 << 17;

    /// <summary>The encoding of each slot.</summary>
    /// <param name="encoding">Valid numbers, or null to leave the features as they are.</param>
    public SlotEncoding[] Fit(PiecewiseLinearEncoding? encoding)
    {
        var slots = new SlotEncoding[table.FeatureCount];
        Array.Fill(slots, SlotEncoding.Identity);
        if (encoding is null && !table.HasMissing)
            return slots;

        var survey = SlotSurvey.Of(table, rows, encoding?.MaximumDirectValues ?? 1);
        if (encoding is not null)
        {
            var sparse = SparseSlots.Find(survey, encoding, table, rows);
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
        float[] sample = [];
        foreach (var (index, slot) in expanded.Index())
        {
            var count = Sample(slot, ref sample);
            var (dominants, boundaries) = Divide(encoding, sample.AsSpan(0, count));
            slots[slot] = new SlotEncoding((float)moments[index].Mean, Inverse(moments[index].Deviation), dominants, boundaries);
        }
    }

    private static (float[] Dominants, float[] Boundaries) Divide(PiecewiseLinearEncoding encoding, Span<float> sample)
    {
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
        return ([.. dominants], boundaries.Count >= 2 ? [.. boundaries] : []);
    }

    // Of the slots given, in one pass.
    private (double Mean, double Deviation)[] Moments(int[] slots)
    {
        var counts = new long[slots.Length];
        double[] means = new double[slots.Length], squares = new double[slots.Length];
        foreach (var number in rows)
        {
            var row = table[number];
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

        return [.. means.Select((mean, index) => (mean, Math.Sqrt(squares[index] / counts[index])))];
    }

    private int Sample(int slot, ref float[] sample)
    {
        var step = (rows.Length + SampleRows - 1) / SampleRows;
        var taken = (rows.Length + step - 1) / step;
        if (sample.Length < taken)
            sample = new float[taken];
        var count = 0;
        for (var i = 0; i < taken; i++)
        {
            var value = table[rows[i * step]][slot];
            if (!float.IsNaN(value))
                sample[count++] = value;
        }

        return count;
    }
}
