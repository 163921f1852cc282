namespace HumanCompatible.ML.Samples.Data;

/// <summary>
/// The columns of the census table, in the order of the files that the samples load: one row a person, who earns more than 50,000 a year or
/// not.
/// </summary>
internal static class CensusColumns
{
    public const string Income = "income";
    public const string Sex = "sex";
    public const string Race = "race";
    public const string Features = "Features";

    public static readonly IReadOnlyList<string> Numbers = ["age", "education-num", "capital-gain", "capital-loss", "hours-per-week"];

    public static readonly IReadOnlyList<string> Categories =
        ["workclass", "education", "marital-status", "occupation", "relationship", Race, Sex, "native-country"];

    /// <summary>Numbers, then categories, then the label.</summary>
    public static readonly IReadOnlyList<string> InFileOrder = [.. Numbers, .. Categories, Income];
}
