namespace HumanCompatible.ML.Duals;

/// <summary>
/// The penalty-barrier function φ of <see cref="PenaltyBarrier"/>: quadratic near and above 0, a barrier-like branch below; φ(0) = 0,
/// φ'(0) = 1, twice continuously differentiable.
/// </summary>
internal enum BarrierFunction
{
    /// <summary>t + t²/2 for t ≥ -1/2, else -ln(-2t)/4 - 3/8.</summary>
    QuadraticLogarithmic,

    /// <summary>t + t²/2 for t ≥ -1/3, else (32/27)/(1 - t) - 7/6.</summary>
    QuadraticReciprocal,
}
