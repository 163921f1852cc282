namespace HumanCompatible.ML.Duals;

/// <summary>
/// A group of constraints that a trainer hands to <see cref="DualOptimizerOptions"/>: its name, how many constraints, and of which kind.
/// </summary>
internal sealed record DualGroupDeclaration(string Name, int Count, bool IsInequality);
