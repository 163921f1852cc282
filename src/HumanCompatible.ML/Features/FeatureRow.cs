namespace HumanCompatible.ML.Features;

/// <summary>One row of features: the values of all slots, or those of some, the others being 0.</summary>
internal readonly ref struct FeatureRow
{
    /// <param name="count">The number of slots.</param>
    /// <param name="values">A value for each slot; or one for each of <paramref name="indices"/>, which are then fewer.</param>
    /// <param name="indices">The slots of the values, increasing; empty where all are given.</param>
    public FeatureRow(int count, ReadOnlySpan<float> values, ReadOnlySpan<int> indices)
    {
        Count = count;
        Values = values;
        Indices = indices;
    }

    /// <summary>The number of slots.</summary>
    public int Count { get; }

    /// <summary>The values.</summary>
    public ReadOnlySpan<float> Values { get; }

    /// <summary>The slots of the values where they are not all.</summary>
    public ReadOnlySpan<int> Indices { get; }

    /// <summary>Whether the values are those of all slots.</summary>
    public bool IsDense => Values.Length == Count;

    /// <summary>The value of a slot.</summary>
    public float this[int slot]
    {
        get
        {
            if (IsDense)
                return Values[slot];
            var position = Indices.BinarySearch(slot);
            return position < 0 ? 0 : Values[position];
        }
    }

    /// <summary>The value of a slot of a row that is not dense, where slots are asked for in rising order.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="position">Where the last search ended; 0 at first.</param>
    public float Next(int slot, ref int position)
    {
        while (position < Indices.Length && Indices[position] < slot)
            position++;
        return position < Indices.Length && Indices[position] == slot ? Values[position] : 0;
    }

    /// <summary>A row by the values of all slots.</summary>
    public static FeatureRow Dense(ReadOnlySpan<float> values) => new(values.Length, values, []);

    /// <summary>The slot of a value.</summary>
    /// <param name="position">Where it is among <see cref="Values"/>.</param>
    public int SlotAt(int position) => IsDense ? position : Indices[position];
}
