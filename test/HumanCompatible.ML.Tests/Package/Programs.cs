namespace HumanCompatible.ML.Tests.Package;

/// <summary>What a person writes who has installed the package.</summary>
internal static class Programs
{
    /// <summary>The rows that both programs score.</summary>
    public const int Rows = 20;

    /// <summary>The properties of a program that trains here: libtorch of this platform only, fitted to what this system has.</summary>
    public const string OfThisSystem = """
        <RuntimeIdentifier>$(NETCoreSdkPortableRuntimeIdentifier)</RuntimeIdentifier>
        <SelfContained>false</SelfContained>
        <TorchSharpForOlderLibstdcxx>true</TorchSharpForOlderLibstdcxx>
        """;

    /// <summary>Adds up numbers over the processes that run it; the first prints the sum.</summary>
    public const string Sums = """
        using HumanCompatible.ML.Mpi;

        using var processes = new MpiCollective();
        var values = new[] { 1f + processes.Rank };
        processes.Sum(values);
        if (processes.Rank == 0)
            Console.WriteLine($"{processes.Count} processes, {values[0]}");
        """;

    /// <summary>Trains, saves into the file that is named, and prints the bits of scores.</summary>
    public const string Train = """
        using HumanCompatible.ML.Constraints;
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(i => new Row
        {
            Features = [i % 20 / 20f, i % 7 / 7f],
            Group = i % 3 == 0 ? "a" : "b",
            Label = i % 20 > 9,
        }).ToList());
        var model = ml.Constrained().Trainers.BinaryClassification(
            constraints: [Fairness.DemographicParity("Group", bound: 0.2)], numberOfEpochs: 3).Fit(data);
        ml.Model.Save(model, data.Schema, args[0]);
        foreach (var score in model.Transform(data).GetColumn<float>("Score").Take(20))
            Console.WriteLine(BitConverter.SingleToUInt32Bits(score));

        class Row
        {
            [VectorType(2)] public float[] Features { get; set; } = [];
            public string Group { get; set; } = "";
            public bool Label { get; set; }
        }
        """;

    /// <summary>Loads the file that is named and prints the bits of scores of the same rows.</summary>
    public const string Score = """
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var ml = new MLContext();
        var model = ml.Model.Load(args[0], out _);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20)
            .Select(i => new Row { Features = [i % 20 / 20f, i % 7 / 7f] }).ToList());
        foreach (var score in model.Transform(data).GetColumn<float>("Score"))
            Console.WriteLine(BitConverter.SingleToUInt32Bits(score));

        class Row
        {
            [VectorType(2)] public float[] Features { get; set; } = [];
        }
        """;
}
