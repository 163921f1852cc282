using HumanCompatible.ML.Constraints;

namespace HumanCompatible.ML.Samples.Demo;

/// <summary>What the main job is asked to do.</summary>
/// <param name="DataFolder">The folder that holds Adult; null to search, and to generate rows where it is not found.</param>
/// <param name="Constraint">The constraint that the second training keeps.</param>
/// <param name="Bound">Its bound.</param>
/// <param name="GroupColumn">The column of the groups it compares.</param>
/// <param name="NumberOfEpochs">Passes over the training rows.</param>
/// <param name="Seed">Of the split, the weights, the shuffling, and of generated rows.</param>
/// <param name="ModelPath">Where the constrained model is saved.</param>
/// <param name="ReportPath">Where the page about it is written.</param>
internal sealed record DemoOptions(
    string? DataFolder,
    DemoConstraint Constraint,
    double Bound,
    string GroupColumn,
    int NumberOfEpochs,
    int Seed,
    string ModelPath,
    string ReportPath)
{
    public FairnessConstraint DeclaredConstraint => Constraint == DemoConstraint.DemographicParity
        ? Fairness.DemographicParity(GroupColumn, Bound)
        : Fairness.EqualizedOdds(GroupColumn, Bound);
}
