using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>The epochs that a Fit told of, at once and on its own thread.</summary>
internal sealed class ToldEpochs(Action<int>? onEpoch = null) : IProgress<TrainingProgress>
{
    public List<int> Seen { get; } = [];

    public void Report(TrainingProgress value)
    {
        Seen.Add(value.Epoch.Epoch);
        onEpoch?.Invoke(value.Epoch.Epoch);
    }
}
