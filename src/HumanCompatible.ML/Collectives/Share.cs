namespace HumanCompatible.ML.Collectives;

/// <summary>Who of a collective takes which of some rows.</summary>
internal static class Share
{
    /// <summary>The rows of a member: a run of them, about as many as of the others.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="member">The member.</param>
    internal static (int First, int End) Of(int count, ICollective member)
        => ((int)((long)count * member.Rank / member.Count), (int)((long)count * (member.Rank + 1) / member.Count));
}
