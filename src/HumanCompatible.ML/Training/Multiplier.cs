namespace HumanCompatible.ML.Training;

/// <summary>The multiplier of one inequality or equality of a constraint.</summary>
/// <param name="Constraint">The name of the constraint.</param>
/// <param name="Inequality">The inequality or equality it belongs to, with the groups in it.</param>
/// <param name="Value">The multiplier, lambda: how much the loss would fall per unit by which the bound is relaxed.</param>
public sealed record Multiplier(string Constraint, string Inequality, double Value);
