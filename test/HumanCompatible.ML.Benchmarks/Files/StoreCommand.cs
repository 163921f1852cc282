using System.Text.Json;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Files;

/// <summary>
/// The command "store": writes a model file of each task and the scores of some rows, which the tests load and score again for ever. Once
/// for each release, when its format is final.
/// </summary>
internal static class StoreCommand
{
    private const int ScoredRows = 40;

    internal static int Run(string[] args)
    {
        if (args is not [var folder])
        {
            Console.Error.WriteLine("store FOLDER, such as ../HumanCompatible.ML.Tests/Persistence/Stored/0.1.0");
            return 2;
        }

        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "binary", "multiclass", "regression" })
        {
            var ml = new MLContext(1);
            var model = StoredModels.Train(ml, name);
            var file = Path.Combine(folder, name + ".zip");
            ml.Constrained().Model.Save(model, ml.Data.LoadFromEnumerable(StoredModels.Table).Schema, file);
            var rows = StoredModels.Table.Take(ScoredRows).ToList();
            var scores = new { features = rows.Select(row => row.Features), scores = StoredModels.Scores(ml, model, rows) };
            File.WriteAllText(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(scores) + "\n");
            Console.WriteLine($"{file}: {new FileInfo(file).Length} bytes");
        }

        return 0;
    }
}
