namespace HumanCompatible.ML.Duals;

/// <summary>The settings of one iALM group.</summary>
internal sealed record InexactAugmentedLagrangianSettings(
    double Beta, double Sigma, double Gamma, double BetaMax, double Momentum, double Dampening, double Tolerance,
        InequalityPenalty InequalityPenalty)
{
    public void Validate(Problems problems)
    {
        problems.NotNegative("beta", Beta);
        problems.Positive("sigma", Sigma);
        problems.NotNegativeOrInfinite("gamma", Gamma);
        if (double.IsFinite(Beta))
            problems.Require(BetaMax >= Beta, "betaMax", BetaMax, $"at least beta, which is {Problems.Text(Beta)}");
        problems.UnitInterval("momentum", Momentum);
        if (Dampening != Momentum)
            problems.UnitInterval("dampening", Dampening);
        problems.NotNegative("tolerance", Tolerance);
        problems.Defined("inequalityPenalty", InequalityPenalty);
    }

    public void Save(DualStateWriter writer)
    {
        writer.Value("beta", Beta);
        writer.Value("sigma", Sigma);
        writer.Value("gamma", Gamma);
        writer.Value("betaMax", BetaMax);
        writer.Value("momentum", Momentum);
        writer.Value("dampening", Dampening);
        writer.Value("tolerance", Tolerance);
        writer.Choice("inequalityPenalty", InequalityPenalty);
    }

    public static InexactAugmentedLagrangianSettings Load(DualStateReader reader)
    {
        var settings = new InexactAugmentedLagrangianSettings(
            reader.Value("beta"), reader.Value("sigma"), reader.Value("gamma"), reader.Value("betaMax"),
            reader.Value("momentum"), reader.Value("dampening"), reader.Value("tolerance"),
                reader.Choice<InequalityPenalty>("inequalityPenalty"));
        settings.Validate(reader.Problems);
        return settings;
    }
}
