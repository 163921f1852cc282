using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Trainers;

/// <summary>The settings of <see cref="ConstrainedBinaryClassificationTrainer"/>.</summary>
public sealed class ConstrainedBinaryClassificationOptions : ConstrainedTrainerOptions
{
    internal override LearningTask Task => LearningTask.BinaryClassification;

    internal ConstrainedBinaryClassificationOptions Clone()
    {
        var copy = (ConstrainedBinaryClassificationOptions)MemberwiseClone();
        copy.Detach();
        return copy;
    }
}
