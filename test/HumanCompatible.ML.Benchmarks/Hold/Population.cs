using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>
/// All rows there are, of which tables are drawn. What holds on the rows that were not drawn is what holds on data nobody has seen.
/// </summary>
internal sealed class Population
{
    internal const string Label = "Label";
    internal const string Features = "Features";

    private readonly PopulationRows _table;
    private readonly IDataView _view;
    private readonly bool _hasMissingNumbers;

    internal Population(PopulationRows table)
    {
        _table = table;
        _hasMissingNumbers = table.Rows.Any(row => row.AsSpan(0, table.Numbers.Count).Contains(""));
        var ml = new MLContext(seed: 1);
        _view = ml.Data.Cache(ml.Data.CreateTextLoader(LoaderOptions()).Load(new InMemoryText(Encoding.UTF8.GetBytes(Text()))));
    }

    public int Count => _table.Rows.Count;

    /// <summary>Numbers as they are (a missing one is the mean), text one-hot, all scaled: the caller fits it to the drawn rows.</summary>
    public IEstimator<ITransformer> Featurize(MLContext ml)
    {
        InputOutputColumnPair[] encoded = [.. _table.Categories.Select(name => new InputOutputColumnPair(name + "-encoded", name))];
        InputOutputColumnPair[] filled = [.. _table.Numbers.Select(name => new InputOutputColumnPair(name + "-filled", name))];
        IEstimator<ITransformer> pipeline = ml.Transforms.Categorical.OneHotEncoding(encoded);
        if (_hasMissingNumbers)
            pipeline = pipeline.Append(ml.Transforms.ReplaceMissingValues(filled, MissingValueReplacingEstimator.ReplacementMode.Mean));
        string[] numbers = [.. filled.Select(pair => _hasMissingNumbers ? pair.OutputColumnName : pair.InputColumnName)];
        return pipeline
            .Append(ml.Transforms.Concatenate(Features, [.. numbers, .. encoded.Select(pair => pair.OutputColumnName)]))
            .Append(ml.Transforms.NormalizeMeanVariance(Features));
    }

    /// <summary>The rows of a draw: the same number draws the same rows, and a smaller table is part of a larger one.</summary>
    /// <returns>For each row of the population whether it is drawn.</returns>
    public bool[] Draw(int rows, int draw)
    {
        var random = new Random(draw);
        int[] order = [.. Enumerable.Range(0, Count)];
        var drawn = new bool[Count];
        for (var index = 0; index < rows; index++)
        {
            var other = random.Next(index, Count);
            (order[index], order[other]) = (order[other], order[index]);
            drawn[order[index]] = true;
        }

        return drawn;
    }

    /// <summary>The rows that are drawn, or all others.</summary>
    public IDataView Part(MLContext ml, bool[] drawn, bool isDrawn)
        => ml.Data.FilterByCustomPredicate<RowNumber>(_view, row => drawn[row.Row] != isDrawn);

    /// <summary>The positives and negatives of each group among the drawn rows; rows without a value are of no group.</summary>
    public IReadOnlyDictionary<string, (int Positives, int Negatives)> GroupSizes(IReadOnlyList<string> groups, bool[] drawn)
    {
        int[] columns = [.. groups.Select(name => _table.Numbers.Count + _table.Categories.ToList().IndexOf(name))];
        var sizes = new Dictionary<string, (int Positives, int Negatives)>();
        foreach (var (index, row) in _table.Rows.Index())
        {
            if (!drawn[index] || columns.Any(column => row[column].Length == 0))
                continue;
            var name = string.Join(", ", columns.Select(column => row[column]));
            var (positives, negatives) = sizes.GetValueOrDefault(name);
            sizes[name] = row[^1] == "1" ? (positives + 1, negatives) : (positives, negatives + 1);
        }

        return sizes;
    }

    private string Text()
    {
        var text = new StringBuilder();
        foreach (var (index, row) in _table.Rows.Index())
            text.Append(index.ToString(CultureInfo.InvariantCulture)).Append('\t').AppendJoin('\t', row).Append('\n');
        return text.ToString();
    }

    private TextLoader.Options LoaderOptions()
    {
        string[] names = [.. _table.Numbers, .. _table.Categories];
        return new TextLoader.Options
        {
            Separators = ['\t'],
            Columns =
            [
                new(nameof(RowNumber.Row), DataKind.Int32, 0),
                .. names.Select((name, index) => new TextLoader.Column(name,
                    index < _table.Numbers.Count ? DataKind.Single : DataKind.String, index + 1)),
                new(Label, DataKind.Boolean, names.Length + 1),
            ],
        };
    }

    private sealed class RowNumber
    {
        public int Row { get; set; }
    }
}
