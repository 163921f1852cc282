namespace HumanCompatible.ML.Duals;

/// <summary>One group's part of the quadratic term: (Coefficient/2)·‖q‖², q = [c]₊ where ViolationOnly, else c.</summary>
internal readonly record struct QuadraticPenalty(double Coefficient, bool ViolationOnly);
