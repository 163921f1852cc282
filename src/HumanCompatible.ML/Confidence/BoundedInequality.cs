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
    /// Whether it compares two rates of one metric, the first with a coefficient of at least 0 and the second with one of at most 0, as
    /// parity constraints do.
    /// </summary>
    internal bool IsDifference => Terms.Count == 2
        && Terms[0].Metric == Terms[1].Metric && Terms[0].Group != Terms[1].Group
        && Terms[0].Coefficient >= 0 && Terms[1].Coefficient <= 0 && _atOne.Terms[0].Coefficient >= 0 && _atOne.Terms[1].Coefficient <= 0;

    internal static IEnumerable<BoundedInequality> Of(FairnessConstraint constraint, IReadOnlyList<string> groupNames)
        => (constraint with { Bound = 0 }).Inequalities(groupNames)
            .Zip((constraint with { Bound = 1 }).Inequalities(groupNames), (atZero, atOne) => new BoundedInequality(atZero, atOne));

    internal double Coefficient(int term, double bound) => Between(_atZero.Terms[term].Coefficient, _atOne.Terms[term].Coefficient, bound);

    internal double Bound(double bound) => Between(_atZero.Bound, _atOne.Bound, bound);

    private static double Between(double atZero, double atOne, double bound) => atZero + bound * (atOne - atZero);
}
