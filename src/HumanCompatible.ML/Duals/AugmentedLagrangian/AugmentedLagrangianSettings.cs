namespace HumanCompatible.ML.Duals;

/// <summary>The settings of one group of the augmented Lagrangian method.</summary>
internal sealed record AugmentedLagrangianSettings(
    double LearningRate, double Momentum, double Dampening, bool Restart, double Tolerance, InequalityPenalty InequalityPenalty)
{
    public void Validate(Problems problems)
    {
        problems.NotNegative("learningRate", LearningRate);
        problems.UnitInterval("momentum", Momentum);
        if (Dampening != Momentum)
            problems.UnitInterval("dampening", Dampening);
        problems.NotNegative("tolerance", Tolerance);
        problems.Defined("inequalityPenalty", InequalityPenalty);
    }

    public void Save(DualStateWriter writer)
    {
        writer.Value("learningRate", LearningRate);
        writer.Value("momentum", Momentum);
        writer.Value("dampening", Dampening);
        writer.Flag("restart", Restart);
        writer.Value("tolerance", Tolerance);
        writer.Choice("inequalityPenalty", InequalityPenalty);
    }

    public static AugmentedLagrangianSettings Load(DualStateReader reader)
    {
        var settings = new AugmentedLagrangianSettings(
            reader.Value("learningRate"), reader.Value("momentum"), reader.Value("dampening"), reader.Flag("restart"),
                reader.Value("tolerance"),
            reader.Choice<InequalityPenalty>("inequalityPenalty"));
        settings.Validate(reader.Problems);
        return settings;
    }
}
