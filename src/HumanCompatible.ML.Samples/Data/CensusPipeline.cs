using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Data;

/// <summary>How the samples load the census table and turn its columns into one feature vector.</summary>
internal static class CensusPipeline
{
    public static IDataView Load(MLContext ml, string path)
    {
        TextLoader.Column Column(string name, int index) => new(name, KindOf(name), index);

        return ml.Data.LoadFromTextFile(path, new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            TrimWhitespace = true,
            Columns = [.. CensusColumns.InFileOrder.Select(Column)],
        });
    }

    /// <summary>
    /// Text columns one-hot (a missing value, <c>?</c>, is a category of its own), numbers as they are, all of them scaled.
    /// </summary>
    public static IEstimator<ITransformer> Featurize(MLContext ml)
    {
        InputOutputColumnPair[] encoded = [.. CensusColumns.Categories.Select(name => new InputOutputColumnPair(Encoded(name), name))];
        return ml.Transforms.Categorical.OneHotEncoding(encoded)
            .Append(ml.Transforms.Concatenate(CensusColumns.Features,
                [.. CensusColumns.Numbers, .. encoded.Select(pair => pair.OutputColumnName)]))
            .Append(ml.Transforms.NormalizeMeanVariance(CensusColumns.Features));
    }

    /// <summary>The column of the table behind each column that makes the features.</summary>
    public static IReadOnlyDictionary<string, string> FeatureNames => CensusColumns.Numbers.Select(name => (Column: name, name))
        .Concat(CensusColumns.Categories.Select(name => (Column: Encoded(name), name)))
        .ToDictionary(pair => pair.Column, pair => pair.name);

    private static string Encoded(string name) => name + "-encoded";

    private static DataKind KindOf(string column) => column switch
    {
        CensusColumns.Income => DataKind.Boolean,
        _ when CensusColumns.Numbers.Contains(column) => DataKind.Single,
        _ => DataKind.String,
    };
}
