namespace HumanCompatible.ML.Features;

/// <summary>Neighboring slots that each become one input, as they are.</summary>
/// <param name="Slot">The first slot.</param>
/// <param name="Start">Its input.</param>
/// <param name="Count">How many.</param>
internal sealed record PlainRun(int Slot, int Start, int Count)
{
    /// <summary>The runs among slots.</summary>
    internal static IEnumerable<PlainRun> Of(PlacedSlot[] slots)
    {
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var first = slot;
            while (slot < slots.Length && slots[slot].IsPlain)
                slot++;
            if (slot > first)
                yield return new PlainRun(first, slots[first].Start, slot - first);
        }
    }
}
