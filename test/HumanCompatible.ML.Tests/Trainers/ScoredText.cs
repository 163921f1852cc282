using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>What a model of any task adds to a row as text, bit for bit; what must hold of each row is asserted on the way.</summary>
internal static class ScoredText
{
    /// <summary>The rows of a scored view, in order.</summary>
    internal static string[] Of(IDataView scored)
    {
        using var cursor = scored.GetRowCursor(Columns(scored.Schema));
        var read = Reader(cursor);
        var rows = new List<string>();
        while (cursor.MoveNext())
            rows.Add(read());
        return [.. rows];
    }

    /// <summary>The columns that a model adds.</summary>
    internal static IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema)
        => schema.Where(column => column.Name is "Score" or "Probability" or "PredictedLabel" && !column.IsHidden);

    /// <summary>Reads the row that a cursor is at.</summary>
    internal static Func<string> Reader(DataViewRow row)
        => row.Schema["Score"].Type is VectorDataViewType ? OfClasses(row)
            : row.Schema.GetColumnOrNull("Probability") is null ? OfNumber(row) : OfTwoClasses(row);

    private static Func<string> OfNumber(DataViewRow row)
    {
        var number = row.GetGetter<float>(row.Schema["Score"]);
        return () =>
        {
            var value = 0f;
            number(ref value);
            Assert.IsTrue(float.IsFinite(value));
            return Text(value);
        };
    }

    private static Func<string> OfTwoClasses(DataViewRow row)
    {
        var read = Scored.Getter(row);
        return () =>
        {
            var scored = read();
            Assert.IsTrue(float.IsFinite(scored.Score));
            Assert.AreEqual(1 / (1 + Math.Exp(-scored.Score)), scored.Probability, 1e-6);
            Assert.AreEqual(scored.Score > 0, scored.PredictedLabel);
            return $"{Text(scored.Score)} {Text(scored.Probability)}: {scored.PredictedLabel}";
        };
    }

    private static Func<string> OfClasses(DataViewRow row)
    {
        var scores = row.GetGetter<VBuffer<float>>(row.Schema["Score"]);
        var label = row.GetGetter<uint>(row.Schema["PredictedLabel"]);
        return () =>
        {
            VBuffer<float> values = default;
            uint key = 0;
            scores(ref values);
            label(ref key);
            var probabilities = values.DenseValues().ToArray();
            Assert.AreEqual(1, probabilities.Sum(), 1e-5);
            Assert.AreEqual(Array.IndexOf(probabilities, probabilities.Max()) + 1, (int)key);
            return string.Join(' ', probabilities.Select(Text)) + $": {key}";
        };
    }

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
