using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class ExtensionsCatalog
{
    public static MissingValueIndicatorEstimator IndicateMissingValues(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null)
        => new(catalog.GetEnvironment(), (outputColumnName, inputColumnName ?? outputColumnName));

    public static MissingValueIndicatorEstimator IndicateMissingValues(this TransformsCatalog catalog, InputOutputColumnPair[] columns)
        => new(catalog.GetEnvironment(), Pairs(catalog.GetEnvironment(), columns));

    public static MissingValueReplacingEstimator ReplaceMissingValues(this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName = null,
        MissingValueReplacingEstimator.ReplacementMode replacementMode = MissingValueReplacingEstimator.Defaults.Mode,
        bool imputeBySlot = MissingValueReplacingEstimator.Defaults.ImputeBySlot)
        => new(catalog.GetEnvironment(), [(outputColumnName, inputColumnName ?? outputColumnName)], replacementMode, imputeBySlot);

    public static MissingValueReplacingEstimator ReplaceMissingValues(this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        MissingValueReplacingEstimator.ReplacementMode replacementMode = MissingValueReplacingEstimator.Defaults.Mode,
        bool imputeBySlot = MissingValueReplacingEstimator.Defaults.ImputeBySlot)
        => new(catalog.GetEnvironment(), Pairs(catalog.GetEnvironment(), columns), replacementMode, imputeBySlot);

    internal static (string Output, string Input)[] Pairs(IHostEnvironment env, InputOutputColumnPair[] columns)
        => [.. env.CheckRef(columns, nameof(columns)).Select(column => (column.OutputColumnName, column.InputColumnName))];
}
