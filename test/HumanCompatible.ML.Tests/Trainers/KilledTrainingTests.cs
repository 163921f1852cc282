using System.Diagnostics;
using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Docs;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Trainers;
using Microsoft.CodeAnalysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>A program that trains is killed, and started again until it has a model.</summary>
[TestClass]
public sealed class KilledTrainingTests
{
    private const int Epochs = 40;

    // A user's program: it tells of its epochs, and saves what it has trained.
    private const string Program = """
        using HumanCompatible.ML;
        using HumanCompatible.ML.Constraints;
        using HumanCompatible.ML.Networks;
        using HumanCompatible.ML.Trainers;
        using HumanCompatible.ML.Training;
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var ml = new MLContext();
        var data = ml.Data.LoadFromTextFile(args[0], [new("Features", DataKind.Single, 0, 4), new("Label", DataKind.Boolean, 5),
            new("Sex", DataKind.String, 6)], separatorChar: ',');
        var options = new ConstrainedBinaryClassificationTrainer.Options
        {
            Constraints = [Fairness.DemographicParity("Sex", 0.05)],
            Network = Network.MultilayerPerceptron([16], Activation.ReLU, dropout: 0.1),
            NumberOfEpochs = int.Parse(args[1]),
            Seed = 1,
            Checkpoint = new CheckpointOptions { Path = "run.checkpoint" },
        };
        var model = ml.Constrained().Trainers.BinaryClassification(options, new() { Progress = new Tell() }).Fit(data);
        ml.Constrained().Model.Save(model, data.Schema, "model.zip");

        class Tell : IProgress<TrainingProgress>
        {
            public void Report(TrainingProgress value)
            {
                Console.WriteLine(value.Epoch.Epoch);
                Console.Out.Flush();
            }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Checkpoint => Path.Combine(_folder, "run.checkpoint");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Fit_KilledSeveralTimes_EndsAsIfItNeverWas()
    {
        File.WriteAllLines(Path.Combine(_folder, "rows.csv"), Census.People(3000).Select(person => string.Join(',',
            [.. person.Features.Select(value => value.ToString(CultureInfo.InvariantCulture)), person.Label ? "1" : "0", person.Sex])));
        var compilation = MarkdownProgram.Compile("killed", [.. MarkdownProgram.ImplicitUsings.Select(name => $"global using {name};"),
            Program]);
        var assembly = Path.Combine(AppContext.BaseDirectory, compilation.AssemblyName + ".dll");
        try
        {
            var result = compilation.Emit(assembly);
            Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics));

            var first = RunUntil(assembly, epochs => epochs >= 3);
            Assert.AreEqual(1, first[0]);
            var last = first[^1];
            for (var kill = 0; kill < 3; kill++)
            {
                // Whole, though its writer may have been killed while it wrote the next one. What was told of was kept before.
                using var file = File.OpenRead(Checkpoint);
                var kept = CheckpointFile.Read(Checkpoint, file, _ => { }, Network.MultilayerPerceptron([16], Activation.ReLU, 0.1));
                Assert.IsGreaterThanOrEqualTo(last, kept.Record.History.Count);
                var epochs = RunUntil(assembly, epochs => epochs >= kill);
                if (epochs.Count > 0)
                {
                    Assert.IsGreaterThan(last, epochs[0], "it began anew");
                    last = epochs[^1];
                }
            }

            Assert.IsFalse(File.Exists(Path.Combine(_folder, "model.zip")), "it was never killed");
            RunUntil(assembly, _ => false);
        }
        finally
        {
            File.Delete(assembly);
        }

        var (expected, actual) = (Uninterrupted().Trained, Load().Trained);
        Assert.HasCount(Epochs, actual.History);
        var (wanted, got) = (Entries(expected), Entries(actual));
        foreach (var (entry, bytes) in wanted)
            CollectionAssert.AreEqual(bytes, got[entry], entry);
        CollectionAssert.AreEquivalent(new[] { "model.zip", "rows.csv" }, Directory.GetFiles(_folder).Select(Path.GetFileName).ToList());
    }

    // The epochs that the program told of before it was killed, which is when so many were, or ended.
    private List<int> RunUntil(string assembly, Func<int, bool> isKilled)
    {
        using var process = Process.Start(MarkdownProgram.StartOf(assembly, _folder, "rows.csv",
            Epochs.ToString(CultureInfo.InvariantCulture)))!;
        var errors = process.StandardError.ReadToEndAsync();
        var epochs = new List<int>();
        var killed = isKilled(0);
        if (killed)
            Thread.Sleep(new Random(1).Next(1000)); // while it starts
        while (!killed && process.StandardOutput.ReadLine() is { } line)
        {
            epochs.Add(int.Parse(line, CultureInfo.InvariantCulture));
            killed = isKilled(epochs.Count);
        }

        if (killed)
            process.Kill();
        process.WaitForExit();
        Assert.AreEqual(killed, process.ExitCode != 0, errors.Result);
        return epochs;
    }

    private ConstrainedBinaryModelParameters Uninterrupted()
    {
        var ml = new MLContext();
        return ml.Constrained().Trainers.BinaryClassification(new ConstrainedBinaryClassificationTrainer.Options
        {
            Constraints = [Fairness.DemographicParity("Sex", 0.05)],
            Network = Network.MultilayerPerceptron([16], Activation.ReLU, 0.1),
            NumberOfEpochs = Epochs,
            Seed = 1,
        }).Fit(Rows(ml)).Model;
    }

    private IDataView Rows(MLContext ml) => ml.Data.LoadFromTextFile(Path.Combine(_folder, "rows.csv"), [new("Features",
        DataKind.Single, 0, 4), new("Label", DataKind.Boolean, 5), new("Sex", DataKind.String, 6)], separatorChar: ',');

    private ConstrainedBinaryModelParameters Load()
        => ModelRoundTripTests.Unwrap(new MLContext().Constrained().Model.Load(Path.Combine(_folder, "model.zip"), out _)).Model;

    private static IReadOnlyDictionary<string, byte[]> Entries(HumanCompatible.ML.Training.TrainedModel model)
        => ModelEntries.Write(model with { Origin = model.Origin with { TrainedAt = default } });
}
