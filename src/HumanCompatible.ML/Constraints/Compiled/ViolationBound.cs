namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>The bound behind a violation.</summary>
/// <param name="Bound">b, as declared.</param>
/// <param name="Margin">m, at least 0: how much stricter b is for now.</param>
/// <param name="IsTwoSided">Whether the violation is one side of a difference |d| of at most b, whose other side is another
/// violation.</param>
internal readonly record struct ViolationBound(double Bound, double Margin, bool IsTwoSided);
