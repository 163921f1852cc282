using HumanCompatible.ML.Constraints.Compiled;
namespace HumanCompatible.ML.Metrics;

/// <summary>A column of the matrix of row quantities.</summary>
/// <param name="Quantity">The quantity.</param>
/// <param name="Class">The class whose y and p it is made of, or <see cref="ConstraintTask.NoClass"/>.</param>
internal readonly record struct QuantityKey(RowQuantity Quantity, int Class)
{
    /// <summary>A quantity of a metric within a class; the number of rows is of no class even then.</summary>
    internal static QuantityKey Of(RowQuantity quantity, GroupMetric metric, int @class) =>
        new(quantity, quantity == RowQuantity.One ? ConstraintTask.NoClass : ConstraintTask.ClassOf(metric, @class));
}
