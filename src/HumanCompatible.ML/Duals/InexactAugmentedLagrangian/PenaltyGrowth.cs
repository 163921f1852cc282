namespace HumanCompatible.ML.Duals;

/// <summary>On which occasions the penalty parameter beta grows by sigma.</summary>
public enum PenaltyGrowth
{
    /// <summary>Whenever the growth schedule says.</summary>
    Always,

    /// <summary>
    /// Only where the last update of the block saw a violation above the tolerance (Nocedal and Wright 2006, algorithm 17.4).
    /// </summary>
    WhileInfeasible,
}
