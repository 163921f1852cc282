namespace HumanCompatible.ML.Training;

/// <summary>
/// The choice of what to ship. The candidate of an epoch is the average of the weights, which has less of the noise of the last batches;
/// the weights themselves where none is taken.
/// </summary>
internal sealed class CandidateSearch
{
    private readonly Learner _learner;
    private readonly EncodedRows _training;
    private readonly EncodedRows _validation;
    private readonly MarginRule _margins;
    private readonly TrainingSettings _settings;

    /// <param name="learner">What is trained.</param>
    /// <param name="training">The rows it is trained on.</param>
    /// <param name="validation">The rows that choose the epoch; the same where none are held out.</param>
    /// <param name="margins">The margins of the inequalities.</param>
    /// <param name="settings">The settings, with the candidate that training resumes from.</param>
    internal CandidateSearch(Learner learner, EncodedRows training, EncodedRows validation, MarginRule margins, TrainingSettings settings)
    {
        (_learner, _training, _validation, _margins, _settings) = (learner, training, validation, margins, settings);
        Best = settings.Start.Best is { } best ? MeasuredAnew(best) : null;
    }

    /// <summary>The best candidate so far.</summary>
    internal TrainedCandidate? Best { get; private set; }

    /// <summary>
    /// Measures the candidate of an epoch, and makes it <see cref="Best"/> where it is. The multipliers get its margins.
    /// </summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <returns>How it does; null where its loss is not finite.</returns>
    internal Evaluation? Consider(int epoch)
    {
        using var inPlace = _learner.Average?.InPlaceOfWeights();
        using var statistics = inPlace is not null && _learner.Network.HasStatistics
            ? AverageStatistics.InPlace(_learner.Network, _training, _settings.BatchSize, EpochSeed.Statistics(_settings.Seed, epoch))
            : null;
        var candidate = Evaluate();
        if (!double.IsFinite(candidate.Loss))
            return null;
        _learner.Multipliers?.SetMargins(candidate.Margins);
        if (Best is null || CandidateSelection.IsBetter(candidate, Best.Evaluation))
            Best = _learner.Candidate(epoch, candidate);
        return candidate;
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
