namespace HumanCompatible.ML.Duals;

/// <summary>On which occasions the penalty parameter beta grows by sigma.</summary>
public enum PenaltyGrowth
{
    /// <summary>At every step of the sigma schedule.</summary>
    Always,

    /// <summary>
    /// Only where the last dual update of the group saw a violation above the group's tolerance (Nocedal and Wright 2006, algorithm 17.4).
    /// </summary>
    WhileInfeasible,
}
