using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Trainers;

/// <summary>
/// Tells of training where ML.NET's users look for it: the log and the progress channel of the context, and the caller's own receiver.
/// </summary>
internal sealed class TrainingLog
{
    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private readonly IProgress<TrainingProgress>? _receiver;
    private readonly IReadOnlyList<FairnessConstraint> _constraints;
    private int _lastEpoch;
    private readonly string _accuracy;
    private readonly HashSet<string> _told = [];
    private EpochHistory? _last;

    /// <param name="channel">The log of the context.</param>
    /// <param name="progress">The progress channel of the context.</param>
    /// <param name="receiver">The caller's own receiver, or null.</param>
    /// <param name="constraints">The constraints.</param>
    /// <param name="task">What is learned.</param>
    internal TrainingLog(IChannel channel, IProgressChannel progress, IProgress<TrainingProgress>? receiver,
        IReadOnlyList<FairnessConstraint> constraints, LearningTask task)
    {
        _accuracy = TrainingSummary.AccuracyName(task);
        _channel = channel;
        _progress = progress;
        _receiver = receiver;
        _constraints = constraints;
        string[] metrics = ["loss", _accuracy, .. constraints.Select(constraint => constraint.Name)];
        progress.SetHeader(new ProgressHeader(metrics, ["epochs"]), entry =>
        {
            if (_last is null)
                return;
            entry.SetProgress(0, _last.Epoch, _lastEpoch);
            entry.SetMetric(0, _last.TrainingLoss);
            entry.SetMetric(1, _last.ValidationAccuracy);
            for (var index = 0; index < _last.AuditedValues.Count; index++)
                entry.SetMetric(2 + index, _last.AuditedValues[index]);
        });
    }

    /// <param name="data">What is trained on.</param>
    /// <param name="warnings">What the user should know besides its warnings.</param>
    /// <param name="lastEpoch">The number of the last epoch, from 1.</param>
    /// <param name="resumed">The epochs that a checkpoint has; null where training begins.</param>
    internal void Start(TrainingSplits data, IEnumerable<string> warnings, int lastEpoch, int? resumed)
    {
        _lastEpoch = lastEpoch;
        foreach (var warning in data.Warnings.Concat(warnings))
        {
            _told.Add(warning);
            _channel.Warning(MessageSensitivity.UserData, warning);
        }

        var heldOut = data.IsHeldOut
            ? string.Create(CultureInfo.InvariantCulture, $"{data.Validation.Count} rows choose the epoch") : "no row is held out";
        if (data.Safety is not null)
            heldOut += string.Create(CultureInfo.InvariantCulture, $", {data.Safety.Count} safety rows test it");
        var under = string.Create(CultureInfo.InvariantCulture, $"under {_constraints.Count} constraint(s); {heldOut}");
        Info($"Training on {data.Training.Count} rows of {data.Training.InputCount} inputs {under}.");
        if (resumed is { } epochs)
            Info($"Training resumes from its checkpoint after epoch {epochs}.");
    }

    internal void Epoch(EpochHistory epoch, int best)
    {
        _last = epoch;
        var values = string.Concat(_constraints.Select((constraint, index)
            => string.Create(CultureInfo.InvariantCulture,
            $", {constraint.Name} {epoch.AuditedValues[index]:0.0000} (bound {constraint.Bound})")));
        var figures = string.Create(
            CultureInfo.InvariantCulture, $"loss {epoch.TrainingLoss:0.0000}, {_accuracy} {epoch.ValidationAccuracy:0.0000}{values}");
        Info($"Epoch {epoch.Epoch} of {_lastEpoch}: {figures}; best is epoch {best}.");
        double?[] numbers = [epoch.TrainingLoss, epoch.ValidationAccuracy, .. epoch.AuditedValues.Select(value => (double?)value),
            epoch.Epoch];
        _progress.Checkpoint(numbers);
        _receiver?.Report(new TrainingProgress(epoch, _lastEpoch, best));
    }

    /// <param name="summary">What training came to.</param>
    /// <param name="isMixed">Whether logistic regression has a share in the network.</param>
    internal void End(TrainingSummary summary, bool isMixed)
    {
        if (isMixed)
            Info($"Logistic regression has a share in the model: held-out rows have less loss with it.");
        foreach (var constraint in summary.Constraints
            .Where(constraint => !constraint.IsWithinBound || constraint.UnmeasurableGroups.Count > 0))
        {
            _channel.Warning(MessageSensitivity.UserData, $"{constraint}.");
        }

        foreach (var warning in summary.Warnings.Except(_told))
            _channel.Warning(MessageSensitivity.UserData, warning);

        foreach (var conflict in summary.Conflicts)
            _channel.Warning(MessageSensitivity.UserData, $"{conflict}.");
        foreach (var constraint in summary.Constraints.Where(constraint => constraint.HoldsWithConfidence == false))
            _channel.Warning(MessageSensitivity.UserData, $"{constraint.Name}: {summary.ConfidenceOf(constraint)}.");
        _channel.Info(MessageSensitivity.UserData, summary.ToString());
    }

    private void Info(FormattableString message) => _channel.Info(MessageSensitivity.UserData, FormattableString.Invariant(message));
}
