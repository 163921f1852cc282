namespace HumanCompatible.ML.Training;

/// <summary>The choice of what to ship. The candidate of an epoch is the better of the weights and their average.</summary>
internal sealed class CandidateSearch
{
    private readonly Learner _learner;
    private readonly EncodedRows _training;
    private readonly EncodedRows _validation;
    private readonly MarginRule _margins;

    /// <param name="learner">What is trained.</param>
    /// <param name="training">The rows it is trained on.</param>
    /// <param name="validation">The rows that choose the epoch; the same where none are held out.</param>
    /// <param name="margins">The margins of the inequalities.</param>
    /// <param name="best">The candidate that training resumes from, or null.</param>
    internal CandidateSearch(Learner learner, EncodedRows training, EncodedRows validation, MarginRule margins, TrainedCandidate? best)
    {
        (_learner, _training, _validation, _margins) = (learner, training, validation, margins);
        Best = best is null ? null : MeasuredAnew(best);
        BestAccuracy = Best?.Evaluation.Accuracy ?? 0;
    }

    /// <summary>The best candidate so far.</summary>
    internal TrainedCandidate? Best { get; private set; }

    /// <summary>The best accuracy on the validation rows of any candidate, whatever the bounds.</summary>
    internal double BestAccuracy { get; private set; }

    /// <summary>
    /// Finds the candidate of an epoch, and makes it <see cref="Best"/> where it is. The multipliers get the margins of the average.
    /// </summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <returns>How it does; null where the loss of the weights is not finite.</returns>
    internal Evaluation? Consider(int epoch)
    {
        var ofWeights = Evaluate();
        if (!double.IsFinite(ofWeights.Loss))
            return null;
        var (best, isAverage, steady) = (ofWeights, false, ofWeights);
        if (_learner.Average is { } average)
        {
            using (average.InPlaceOfWeights())
                steady = Evaluate();
            if (double.IsFinite(steady.Loss) && CandidateSelection.IsBetter(steady, ofWeights))
                (best, isAverage) = (steady, true);
        }

        _learner.Multipliers?.SetMargins(steady.Margins);
        BestAccuracy = Math.Max(BestAccuracy, Math.Max(ofWeights.Accuracy, steady.Accuracy));
        if (Best is null || CandidateSelection.IsBetter(best, Best.Evaluation))
            Best = _learner.Candidate(epoch, isAverage, best);
        return best;
    }

    private Evaluation Evaluate()
    {
        var onValidation = Measurement.Of(_learner.Network, _validation);
        if (_training.Constraints is null || !double.IsFinite(onValidation.Loss))
            return new Evaluation(onValidation.Loss, onValidation.Accuracy, [], [], []);
        return _margins.Evaluate(onValidation,
            _training == _validation ? onValidation : Measurement.Of(_learner.Network, _training).With(onValidation));
    }

    // On the rows of this training, which need not be those that the model was chosen on.
    private TrainedCandidate MeasuredAnew(TrainedCandidate best)
    {
        var network = _learner.Network;
        var weights = network.Snapshot();
        network.Load(best.Weights);
        network.Eval();
        var evaluation = Evaluate();
        network.Load(weights);
        return best with { Evaluation = evaluation };
    }
}
