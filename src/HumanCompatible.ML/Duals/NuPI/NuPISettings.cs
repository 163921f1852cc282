namespace HumanCompatible.ML.Duals;

/// <summary>The settings of one nuPI group.</summary>
internal sealed record NuPISettings(double Nu, double IntegralGain, double ProportionalGain, InequalityPenalty InequalityPenalty)
{
    public void Validate(Problems problems)
    {
        problems.UnitInterval("nu", Nu);
        problems.NotNegative("integralGain", IntegralGain);
        problems.NotNegative("proportionalGain", ProportionalGain);
        problems.Defined("inequalityPenalty", InequalityPenalty);
    }

    public void Save(DualStateWriter writer)
    {
        writer.Value("nu", Nu);
        writer.Value("integralGain", IntegralGain);
        writer.Value("proportionalGain", ProportionalGain);
        writer.Choice("inequalityPenalty", InequalityPenalty);
    }

    public static NuPISettings Load(DualStateReader reader)
    {
        var settings = new NuPISettings(
            reader.Value("nu"), reader.Value("integralGain"), reader.Value("proportionalGain"),
                reader.Choice<InequalityPenalty>("inequalityPenalty"));
        settings.Validate(reader.Problems);
        return settings;
    }
}
