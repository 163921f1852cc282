using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Mpi;
using Microsoft.ML;
using Microsoft.ML.Data;

// mpiexec -n 4 dotnet HumanCompatible.ML.Samples.Mpi.dll model.zip rows-0.csv rows-1.csv rows-2.csv ...
// The files are parts of one table: Label, Group, then numbers. Each process reads its share of them. Where MAXIMUM_MEMORY says how many
// bytes the rows of a process may take, more stream from a temporary file. Where CHECKPOINT names a file, a run that was killed goes on.
if (args.Length < 2)
{
    Console.Error.WriteLine("The model to write, and the files to read.");
    return 1;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var processes = new MpiCollective();
var files = args[1..];
var own = files[(files.Length * processes.Rank / processes.Count)..(files.Length * (processes.Rank + 1) / processes.Count)];
var ml = new MLContext(1);
var width = File.ReadLines(files[0]).First().Split(',').Length;
var loader = ml.Data.CreateTextLoader(new TextLoader.Options
{
    Separators = [','],
    HasHeader = true,
    Columns = [new("Label", DataKind.Boolean, 0), new("Group", DataKind.String, 1), new("Features", DataKind.Single, 2, width - 1)],
});
var data = loader.Load(new MultiFileSource(own));
var model = ml.Constrained().Trainers.BinaryClassification(new()
{
    Seed = 1,
    Constraints = [Fairness.DemographicParity("Group", 0.05)],
    Collective = processes,
    Checkpoint = Environment.GetEnvironmentVariable("CHECKPOINT") is { } path ? new() { Path = path } : null,
    MaximumMemory = long.TryParse(Environment.GetEnvironmentVariable("MAXIMUM_MEMORY"), out var bytes) ? bytes : null,
}).Fit(data);

// All processes have the same model: one saves it.
if (processes.Rank == 0)
    ml.Model.Save(model, data.Schema, args[0]);
var scores = model.Transform(loader.Load(files[0])).GetColumn<float>("Score").Take(5);
Console.WriteLine($"{processes.Rank} of {processes.Count}; "
    + $"scores {string.Join(' ', scores)}; multipliers {string.Join(' ', model.Model.Duals.Select(dual => dual.Value))}; "
    + $"{model.Model.Summary.TrainingRows} rows; {string.Join(' ', model.Model.History.Select(epoch => epoch.TrainingLoss))}");
return 0;
