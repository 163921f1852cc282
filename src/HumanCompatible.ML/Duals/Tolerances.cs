using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// The constraint vector as the optimizer sees it: c - tolerance for inequalities, c - clamp(c, -tolerance, tolerance) for equalities.
/// </summary>
internal static class Tolerances
{
    public static bool IsZero(IReadOnlyList<DualConstraintGroup> groups)
    {
        for (var g = 0; g < groups.Count; g++)
        {
            if (groups[g].ToleranceInUse != 0)
                return false;
        }

        return true;
    }

    /// <summary>A new tensor [m] in the graph of <paramref name="constraints"/>.</summary>
    public static Tensor Apply(Tensor constraints, IReadOnlyList<DualConstraintGroup> groups)
    {
        using var flat = constraints.reshape(-1);
        var parts = new Tensor[groups.Count];
        try
        {
            for (var g = 0; g < parts.Length; g++)
                parts[g] = Apply(flat, groups[g]);
            return cat(parts);
        }
        finally
        {
            foreach (var part in parts)
                part?.Dispose();
        }
    }

    private static Tensor Apply(Tensor flat, DualConstraintGroup group)
    {
        var tolerance = group.ToleranceInUse;
        var slice = flat.narrow(0, group.Offset, group.Count);
        if (tolerance == 0)
            return slice;
        using (slice)
        {
            if (group.IsInequality)
                return slice.sub(Scalars.Of(tolerance));
            using var inside = slice.clamp(Scalars.Of(-tolerance), Scalars.Of(tolerance));
            return slice.sub(inside);
        }
    }
}
