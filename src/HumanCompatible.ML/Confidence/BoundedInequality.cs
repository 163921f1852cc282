using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;

namespace HumanCompatible.ML.Confidence;

/// <summary>
/// An inequality of a constraint as a function of the declared bound, in which its coefficients and its own bound are linear: read off at
/// the bounds 0 and 1.
/// </summary>
internal sealed class BoundedInequality
{
    private readonly LinearInequality _atZero;
    private readonly LinearInequality _atOne;

    private BoundedInequality(LinearInequality atZero, LinearInequality atOne)
    {
        _atZero = atZero;
        _atOne = atOne;
    }

    internal IReadOnlyList<RateTerm> Terms => _atZero.Terms;

    /// <summary>
    /// Whether it compares the rates of one metric of two groups, as parity constraints do: the first has a coefficient of at least 0 at
    /// every bound and the second one of at most 0.
    /// </summary>
    internal bool IsDifference => Terms.Count == 2;

    internal static IEnumerable<BoundedInequality> Of(FairnessConstraint constraint, IReadOnlyList<string> groupNames)
        => (constraint with { Bound = 0 }).Inequalities(groupNames)
            .Zip((constraint with { Bound = 1 }).Inequalities(groupNames), (atZero, atOne) => new BoundedInequality(atZero, atOne));

    internal double Coefficient(int term, double bound) => Between(_atZero.Terms[term].Coefficient, _atOne.Terms[term].Coefficient, bound);

    internal double Bound(double bound) => Between(_atZero.Bound, _atOne.Bound, bound);

    private static double Between(double atZero, double atOne, double bound) => atZero + bound * (atOne - atZero);
}
