namespace HumanCompatible.ML.Collectives;

/// <summary>
/// Members that train one model together, each on its part of every batch: threads of a process, or processes. All do the same in the same
/// order; what they compute of their rows is added up here, so that all have the same weights and multipliers, bit by bit.
/// </summary>
public interface ICollective
{
    /// <summary>The number of this member, from 0. The first tells of progress.</summary>
    int Rank { get; }

    /// <summary>The number of members, at least 1.</summary>
    int Count { get; }

    /// <summary>
    /// Replaces numbers by their sums over all members, which are the same bits for all. Each member calls it with as many numbers; the
    /// same numbers, in the same number of members, give the same sums.
    /// </summary>
    /// <param name="values">This member's numbers; receives the sums.</param>
    void Sum(float[] values);

    /// <inheritdoc cref="Sum(float[])"/>
    void Sum(double[] values);

    /// <summary>Ends all members, as this one cannot go on and the others must not wait for it.</summary>
    /// <param name="reason">Why.</param>
    void Abort(Exception reason);
}
