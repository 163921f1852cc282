namespace HumanCompatible.ML.Duals;

/// <summary>The settings of one group of the penalty-barrier method.</summary>
internal sealed record PenaltyBarrierSettings(
    double PenaltyMultiplier, double Gamma, double Delta, BarrierPenaltyUpdate PenaltyUpdate, BarrierFunction Barrier,
    double PenaltyLower, double PenaltyUpper, bool GammaAnnealing, bool PenaltyAnnealing, double Rho)
{
    public void Validate(Problems problems)
    {
        problems.Require(PenaltyMultiplier is >= 0 and < 1, "penaltyMultiplier", PenaltyMultiplier, "at least 0 and below 1");
        problems.Require(Gamma is >= 0 and < 1, "gamma", Gamma, "at least 0 and below 1");
        problems.Positive("delta", Delta);
        problems.Defined("penaltyUpdate", PenaltyUpdate);
        problems.Defined("barrier", Barrier);
        problems.Positive("penaltyRange.Lower", PenaltyLower);
        problems.Require(double.IsFinite(PenaltyUpper) && PenaltyUpper >= PenaltyLower, "penaltyRange.Upper", PenaltyUpper,
            "a finite number of at least the lower end");
        problems.Positive("rho", Rho);
    }

    public void Save(DualStateWriter writer)
    {
        writer.Value("penaltyMultiplier", PenaltyMultiplier);
        writer.Value("gamma", Gamma);
        writer.Value("delta", Delta);
        writer.Choice("penaltyUpdate", PenaltyUpdate);
        writer.Choice("barrier", Barrier);
        writer.Value("penaltyLowerBound", PenaltyLower);
        writer.Value("penaltyUpperBound", PenaltyUpper);
        writer.Flag("gammaAnnealing", GammaAnnealing);
        writer.Flag("penaltyAnnealing", PenaltyAnnealing);
        writer.Value("rho", Rho);
    }

    public static PenaltyBarrierSettings Load(DualStateReader reader)
    {
        var settings = new PenaltyBarrierSettings(
            reader.Value("penaltyMultiplier"), reader.Value("gamma"), reader.Value("delta"),
                reader.Choice<BarrierPenaltyUpdate>("penaltyUpdate"),
            reader.Choice<BarrierFunction>("barrier"), reader.Value("penaltyLowerBound"), reader.Value("penaltyUpperBound"),
            reader.Flag("gammaAnnealing"), reader.Flag("penaltyAnnealing"), reader.Value("rho"));
        settings.Validate(reader.Problems);
        return settings;
    }
}
