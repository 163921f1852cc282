using System.Numerics.Tensors;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Training;

/// <summary>
/// The choice of what to ship. The candidate of an epoch is the average of the weights, which has less of the noise of the last batches;
/// the weights themselves where none is taken.
/// </summary>
internal sealed class CandidateSearch
{
    private const int RememberedEpochs = 5;

    private readonly Learner _learner;
    private readonly EncodedRows _training;
    private readonly EncodedRows _validation;
    private readonly MarginRule _margins;
    private readonly TrainingSettings _settings;
    private readonly CancellationToken _cancellation;
    private readonly List<IReadOnlyList<double>> _multipliers;
    private CandidateSelection _selection = new();
    private TrainedCandidate? _given;

    /// <param name="learner">What is trained.</param>
    /// <param name="training">The rows it is trained on.</param>
    /// <param name="validation">The rows that choose the epoch; the same where none are held out.</param>
    /// <param name="margins">The margins of the inequalities.</param>
    /// <param name="settings">The settings, with the candidate that training resumes from.</param>
    /// <param name="cancellation">Ends the measuring of a candidate.</param>
    internal CandidateSearch(Learner learner, EncodedRows training, EncodedRows validation, MarginRule margins, TrainingSettings settings,
        CancellationToken cancellation = default)
    {
        (_learner, _training, _validation, _margins) = (learner, training, validation, margins);
        (_settings, _cancellation) = (settings, cancellation);
        Best = settings.Start.Best;
        _multipliers = [.. settings.Start.History.Select(epoch => epoch.Duals)];
    }

    /// <summary>The best candidate so far.</summary>
    internal TrainedCandidate? Best { get; private set; }

    /// <inheritdoc cref="CandidateSelection.Gap"/>
    internal double ObjectiveGap => _selection.Gap;

    /// <summary>
    /// Measures the candidate that training resumes from on the rows of this training; call it first. It is not canceled: who cancels gets
    /// it back.
    /// </summary>
    internal void Start()
    {
        if (Best is null)
            return;
        if (_settings is { FitLinear: not null, Given: { Unmixed: { } network } given })
        {
            _given = MeasuredAnew(given);
            if (Best.Epoch == given.Epoch)
                Best = Best with { Weights = network, Unmixed = null };
        }

        Best = MeasuredAnew(Best);
        _selection = new CandidateSelection(Best.Evaluation, _settings.Start.State?.ObjectiveGap ?? 0);
    }

    /// <summary>
    /// Measures the candidate of an epoch, and makes it <see cref="Best"/> where it is. The multipliers get its margins.
    /// </summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <returns>How it does; null where its loss is not finite.</returns>
    internal Evaluation? Consider(int epoch)
    {
        using var inPlace = _learner.Average?.InPlaceOfWeights();
        using var statistics = inPlace is not null && _learner.Network.HasStatistics
            ? AverageStatistics.InPlace(_learner.Network, _training, _settings.BatchSize, EpochSeed.Statistics(_settings.Seed, epoch),
                _cancellation)
            : null;
        _multipliers.Add(_learner.Multipliers?.Values ?? []);
        var candidate = Evaluate(epoch, _cancellation);
        if (!double.IsFinite(candidate.Loss))
            return null;
        _learner.Multipliers?.SetMargins(candidate.TrainingMargins);
        if (_selection.Takes(candidate))
            Best = _learner.Candidate(epoch, candidate);
        return candidate;
    }

    /// <summary>
    /// Gives logistic regression the share in the best candidate that has the least loss; none where the network alone has, or where too
    /// few held-out rows count. Call it last.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was canceled; nothing has changed.</exception>
    internal void MixWithLinear()
    {
        // What the model that training goes on from is without its share may not be known: it stays what it is where no epoch is better.
        if (Best is not { } network || _settings.FitLinear is null || (_given is null && network.Epoch == _settings.Given?.Epoch))
            return;
        if (network.Evaluation.OnValidation!.Overall.Estimate(GroupMetric.MeanLoss).Size < LinearPath.FewestHeldOutRows
            || _settings.FitLinear(_training.Source, _cancellation) is not { } function)
        {
            GiveBackStart();
            return;
        }

        var best = network;
        foreach (var share in LinearPath.Shares)
        {
            var weights = LinearPath.Mix(network.Weights, function, share);
            _learner.Network.Load(weights);
            var mixed = Evaluate(network.Epoch, _cancellation);
            if (mixed.Loss < best.Evaluation.Loss && mixed.Loss <= network.Evaluation.Loss - LinearPath.LeastGain)
                best = network with { Weights = weights, Evaluation = mixed, Unmixed = network.Weights };
        }

        Best = best;
    }

    /// <summary>
    /// Takes back the candidate that training resumed from with the share that logistic regression had in it, where none has less loss.
    /// Call it last where no share is looked for.
    /// </summary>
    internal void GiveBackStart()
    {
        if (_given is not null && !(Best!.Evaluation.Loss < _given.Evaluation.Loss))
            Best = _given;
    }

    private Evaluation Evaluate(int epoch, CancellationToken cancellation)
    {
        var onValidation = Measurement.Of(_learner.Network, _validation, cancellation);
        if (_training.Constraints is null || !double.IsFinite(onValidation.Loss))
        {
            return new Evaluation(onValidation.Loss, onValidation.Accuracy, [], [], [])
            {
                OnTraining = _training == _validation ? onValidation : null,
                OnValidation = onValidation,
            };
        }

        var onTraining = _training == _validation ? onValidation : Measurement.Of(_learner.Network, _training, cancellation);
        return _margins.Evaluate(onTraining, onValidation, new TrainingPush(AverageMultipliers(epoch), epoch,
            _learner.Network.ParameterCount, onTraining.Overall.RowCount, onTraining.OptimismBeside(onValidation)));
    }

    // Over the last epochs, as they swing, and what was learned by heart in one of them is not forgotten in the next.
    private double[] AverageMultipliers(int epoch)
    {
        double[] average = [.. _multipliers[0]];
        for (var index = 1; index < epoch; index++)
        {
            var rate = Math.Max(1.0 / (index + 1), 1.0 / RememberedEpochs);
            TensorPrimitives.Lerp(average, _multipliers[index].ToArray(), rate, average);
        }

        return average;
    }

    // On the rows of this training, which need not be those that the model was chosen on.
    private TrainedCandidate MeasuredAnew(TrainedCandidate best)
    {
        var network = _learner.Network;
        var weights = network.Snapshot();
        network.Load(best.Weights);
        network.Eval();
        var evaluation = Evaluate(best.Epoch, CancellationToken.None);
        network.Load(weights);
        return best with { Evaluation = evaluation };
    }
}
