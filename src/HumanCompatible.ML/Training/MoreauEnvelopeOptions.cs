using System.Globalization;

namespace HumanCompatible.ML.Training;

/// <summary>
/// The settings of a <see cref="MoreauEnvelope"/> around the weights: each step is pulled towards a center that follows slowly, which
/// steadies training.
/// </summary>
/// <param name="Mu">The weight of the pull, at least 0.</param>
/// <param name="Beta">The share of the way that the center moves towards the weights in each step, 0 to 1.</param>
public sealed record MoreauEnvelopeOptions(double Mu = 2, double Beta = 0.5)
{
    internal void Validate(ICollection<string> problems)
    {
        if (!(Mu >= 0 && double.IsFinite(Mu)))
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"MoreauEnvelope.Mu must be at least 0 and finite, got {Mu}."));
        if (!(Beta >= 0 && Beta <= 1))
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"MoreauEnvelope.Beta must be from 0 to 1, got {Beta}."));
    }
}
