using HumanCompatible.ML.Confidence;

namespace HumanCompatible.ML.Training;

/// <summary>
/// The choice of what to ship. The candidate of an epoch is the better of the weights and their average; while none keeps the bounds,
/// points
/// between the two are tried as well: the weights may miss a bound to one side and their average to the other.
/// </summary>
internal sealed class CandidateSearch
{
    // Of the average in the weights that are tried; those below 1 only while no candidate keeps the bounds.
    private static readonly double[] Shares = [1, 0.5, 0.25, 0.75];

    private readonly Learner _learner;
    private readonly EncodedRows _validation;
    private readonly SafetyTest? _safety;

    /// <param name="learner">What is trained.</param>
    /// <param name="validation">The rows that choose the epoch.</param>
    /// <param name="safety">The test that the shipped model is to pass; null where no confidence is asked for.</param>
    /// <param name="best">The candidate that training resumes from, or null.</param>
    internal CandidateSearch(Learner learner, EncodedRows validation, SafetyTest? safety, TrainedCandidate? best)
    {
        (_learner, _validation, _safety) = (learner, validation, safety);
        Best = best is null || safety is null ? best : WithMargin(best, safety);
    }

    /// <summary>The best candidate so far.</summary>
    internal TrainedCandidate? Best { get; private set; }

    /// <summary>
    /// Finds the candidate of an epoch, and makes it <see cref="Best"/> where it is. Measures the generalization gap in passing.
    /// </summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <returns>How it does on the rows that choose the epoch; null where the loss of the weights is not finite.</returns>
    internal Evaluation? Consider(int epoch)
    {
        var isFeasible = Best is { Validation.Violation: <= 0 };
        var ofWeights = Measurement.Of(_learner.Network, _validation);
        if (!double.IsFinite(ofWeights.Loss))
            return null;
        (Evaluation Validation, double Share) best = (Evaluate(ofWeights), 0);
        if (_learner.Average is { } average)
        {
            foreach (var share in Shares.TakeWhile(share => share == 1 || !(isFeasible || best.Validation.Violation <= 0)))
            {
                using var inPlace = average.InPlaceOfWeights(share);
                var measured = Measurement.Of(_learner.Network, _validation);
                if (share == 1)
                    _learner.Multipliers?.MeasureGap(epoch, isFeasible, _learner.Network, measured);
                var validation = Evaluate(measured);
                if (double.IsFinite(validation.Loss) && CandidateSelection.IsBetter(validation, best.Validation))
                    best = (validation, share);
            }
        }
        else
        {
            _learner.Multipliers?.MeasureGap(epoch, isFeasible, _learner.Network, ofWeights);
        }

        if (Best is null || CandidateSelection.IsBetter(best.Validation, Best.Validation))
            Best = _learner.Candidate(epoch, best.Share, best.Validation);
        return best.Validation;
    }

    private Evaluation Evaluate(Measurement measured)
    {
        var validation = measured.Evaluate(_validation.Constraints);
        return _safety is null ? validation
            : validation with { MarginInWidths = _safety.MarginInWidths(_validation.Source, measured.Logits) };
    }

    // A model does not keep its margin, for it depends on the safety rows.
    private TrainedCandidate WithMargin(TrainedCandidate best, SafetyTest safety)
    {
        var network = _learner.Network;
        var weights = network.Snapshot();
        network.Load(best.Weights);
        network.Eval();
        var margin = safety.MarginInWidths(_validation.Source, Measurement.Of(network, _validation).Logits);
        network.Load(weights);
        return best with { Validation = best.Validation with { MarginInWidths = margin } };
    }
}
