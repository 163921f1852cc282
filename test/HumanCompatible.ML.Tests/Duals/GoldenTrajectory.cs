using System.Text.Json;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>A recorded run: the toy problem, the optimizer's settings and what every step gave.</summary>
public sealed class GoldenTrajectory
{
    private readonly JsonElement _root;

    private GoldenTrajectory(string path, JsonElement root) => (Path, _root) = (path, root);

    public string Path { get; }

    public string Optimizer => _root.GetProperty("optimizer").GetString()!;

    public bool IsSplit => _root.GetProperty("mode").GetString() switch
    {
        "split" => true,
        "forward_update" => false,
        var other => throw new InvalidDataException($"{Path}: mode '{other}' is unknown."),
    };

    public int Steps => _root.GetProperty("steps").GetInt32();

    public double LearningRate => _root.GetProperty("primal").GetProperty("optimizer").GetString() == "SGD"
        ? _root.GetProperty("primal").GetProperty("lr").GetDouble()
        : throw new InvalidDataException($"{Path}: the primal optimizer is not SGD.");

    public double[] InitialDuals => Vector(_root.GetProperty("initial_duals"));

    public JsonElement Root => _root;

    public static IEnumerable<string> Files()
    {
        string[] folders = [System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "golden"),
            Environment.GetEnvironmentVariable("HC_GOLDEN_DIR") ?? ""];
        return folders.Where(folder => folder.Length > 0).SelectMany(folder => Directory.GetFiles(folder, "*.json"))
            .Order(StringComparer.Ordinal);
    }

    public static GoldenTrajectory Load(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new(path, document.RootElement.Clone());
    }

    public double[] Problem(string name) => Vector(_root.GetProperty("problem").GetProperty(name));

    public double[,] ProblemMatrix(string name)
    {
        var rows = _root.GetProperty("problem").GetProperty(name).EnumerateArray().Select(Vector).ToArray();
        var matrix = new double[rows.Length, rows[0].Length];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows[i].Length; j++)
                matrix[i, j] = rows[i][j];
        }

        return matrix;
    }

    public bool Records(string quantity) => _root.GetProperty("trajectory").TryGetProperty(quantity, out _);

    /// <summary>The recorded quantity at a step, a number as a vector of one.</summary>
    public double[] At(string quantity, int step) => Vector(_root.GetProperty("trajectory").GetProperty(quantity)[step]);

    public double Number(JsonElement owner, string name, double fallback)
        => owner.TryGetProperty(name, out var value) ? value.GetDouble() : fallback;

    public static double[] Vector(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Vector).ToArray() : [element.GetDouble()];
}
