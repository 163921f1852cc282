using System.Globalization;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How often each class (row: the truth) was predicted as each class (column).</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _names;
    private readonly bool _isBinary;
    private string _formatted;

    internal ConfusionMatrix(double[][] counts, IEnumerable<ReadOnlyMemory<char>> names, bool isBinary)
    {
        (_names, _isBinary) = ([.. names.Select(name => name.ToString())], isBinary);
        NumberOfClasses = counts.Length;
        Counts = Array.ConvertAll(counts, row => (IReadOnlyList<double>)Array.AsReadOnly(row));
        PerClassRecall = [.. counts.Select((row, i) => Share(row[i], row.Sum()))];
        PerClassPrecision = [.. counts.Select((row, i) => Share(row[i], counts.Sum(other => other[i])))];
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses { get; }

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        const string Message = "Invalid index. Should be non-negative, less than the number of classes.";
        Contracts.CheckParam(predictedClassIndicatorIndex >= 0 && predictedClassIndicatorIndex < NumberOfClasses, nameof(predictedClassIndicatorIndex), Message);
        Contracts.CheckParam(actualClassIndicatorIndex >= 0 && actualClassIndicatorIndex < NumberOfClasses, nameof(actualClassIndicatorIndex), Message);
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    public string GetFormattedConfusionTable() => _formatted ??= Format();

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;

    private static string Number(double value, string format, int width) => value.ToString(format, CultureInfo.CurrentCulture).PadLeft(width);

    /// <summary>The table with one row per true class. Names that are too long for the columns' heads are numbered there.</summary>
    private string Format()
    {
        var width = NumberOfClasses == 2 ? 8 : 5;
        var longest = _names.Max(name => name.Length);
        var numbered = longest > width;
        var digits = (NumberOfClasses - 1).ToString(CultureInfo.InvariantCulture).Length;
        var labelWidth = Math.Max("PREDICTED".Length, longest + (numbered ? digits + 2 : 0));
        string Head(string text) => text.PadRight("PREDICTED".Length + 1) + new string(' ', labelWidth - "PREDICTED".Length) + "||";
        string RowLabel(int i) => numbered ? $"{i.ToString(CultureInfo.InvariantCulture).PadLeft(digits)}. {_names[i].PadLeft(labelWidth - digits - 2)} ||" : $"{_names[i].PadLeft(labelWidth)} ||";
        var rule = string.Concat(Enumerable.Repeat(NumberOfClasses > 2 ? "========" : "===========", NumberOfClasses));

        var text = new StringBuilder();
        if (NumberOfClasses == 2 && _isBinary)
        {
            var (positives, negatives) = (Counts[0].Sum(), Counts[1].Sum());
            text.Append(CultureInfo.CurrentCulture, $"TEST {_names[0].ToUpper(CultureInfo.CurrentCulture)} RATIO:\t{positives / (positives + negatives):N4} ({positives:F1}/({positives:F1}+{negatives:F1}))");
        }
        text.AppendLine().AppendLine("Confusion table").Append(Head("")).AppendLine(rule).Append(Head("PREDICTED"));
        for (var i = 0; i < NumberOfClasses; i++)
            text.Append(' ').Append((numbered ? i.ToString(CultureInfo.InvariantCulture) : _names[i]).PadLeft(width)).Append(" |");
        text.AppendLine(" Recall").Append(Head("TRUTH")).AppendLine(rule);
        for (var i = 0; i < NumberOfClasses; i++)
        {
            text.Append(RowLabel(i));
            foreach (var count in Counts[i])
                text.Append(' ').Append(Number(count, "N0", width)).Append(" |");
            text.Append(' ').AppendLine(Number(PerClassRecall[i], "F4", 5));
        }
        text.Append(Head("")).AppendLine(rule).Append(Head("Precision"));
        foreach (var precision in PerClassPrecision)
            text.Append(Number(precision, "N4", width + 1)).Append(" |");
        return text.AppendLine().ToString();
    }
}
