using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>A case of the workout: the model that the trainer made of the data, the epoch chosen on the validation data.</summary>
internal sealed record WorkoutCase(MLContext Context, IDataView Data, IDataView Validation, ConstrainedBinaryClassificationTrainer Trainer,
    BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Model)
{
    /// <summary>The data and the validation data, one after the other.</summary>
    internal IDataView All => Context.Data.LoadFromEnumerable(
        new[] { Data, Validation }.SelectMany(rows => Context.Data.CreateEnumerable<Person>(rows, reuseRowObject: false)));

    /// <summary>The model as a file in memory.</summary>
    internal ModelArchive Save() => ModelArchive.Save(Context, Model, Data.Schema);
}

/// <summary>What a model says of a row.</summary>
public sealed record Scored
{
    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }

    /// <summary>The output columns of every row of a scored view, in order.</summary>
    internal static Scored[] Of(IDataView scored)
    {
        using var cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["Probability"], scored.Schema["PredictedLabel"]]);
        return Of(cursor);
    }

    /// <summary>The output columns of the rows that are left in a cursor.</summary>
    internal static Scored[] Of(DataViewRowCursor cursor)
    {
        var getter = Getter(cursor);
        var rows = new List<Scored>();
        while (cursor.MoveNext())
            rows.Add(getter());
        return [.. rows];
    }

    /// <summary>Reads the output columns of a row.</summary>
    internal static Func<Scored> Getter(DataViewRow row)
    {
        var score = row.GetGetter<float>(row.Schema["Score"]);
        var probability = row.GetGetter<float>(row.Schema["Probability"]);
        var label = row.GetGetter<bool>(row.Schema["PredictedLabel"]);
        return () =>
        {
            float first = 0, second = 0;
            var third = false;
            score(ref first);
            probability(ref second);
            label(ref third);
            return new Scored { Score = first, Probability = second, PredictedLabel = third };
        };
    }
}
