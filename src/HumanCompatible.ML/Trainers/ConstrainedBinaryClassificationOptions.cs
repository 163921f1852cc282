namespace HumanCompatible.ML;

/// <summary>The settings of <see cref="ConstrainedBinaryClassificationTrainer"/>.</summary>
public sealed class ConstrainedBinaryClassificationOptions : ConstrainedTrainerOptions
{
    internal ConstrainedBinaryClassificationOptions Clone()
    {
        var copy = (ConstrainedBinaryClassificationOptions)MemberwiseClone();
        copy.Detach();
        return copy;
    }
}
