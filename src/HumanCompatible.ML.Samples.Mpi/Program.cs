using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Mpi;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

// mpiexec -n 4 dotnet HumanCompatible.ML.Samples.Mpi.dll model.zip rows-0.csv rows-1.csv rows-2.csv ...
// The files are parts of one table: Label, Group, then numbers. Each process reads its share of them, and all train one model. In the
// environment: MAXIMUM_MEMORY, how many bytes the rows of a process may take, more stream from a temporary file; CHECKPOINT, a file from
// which a run that was killed goes on; RUNS, so many runs of an experiment, which the processes divide: each then reads all files.
if (args.Length < 2)
{
    Console.Error.WriteLine("The model to write, and the files to read.");
    return 1;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var processes = new MpiCollective();
var files = args[1..];
var ml = new MLContext(1);
var width = File.ReadLines(files[0]).First().Split(',').Length;
var loader = ml.Data.CreateTextLoader(new TextLoader.Options
{
    Separators = [','],
    HasHeader = true,
    Columns = [new("Label", DataKind.Boolean, 0), new("Group", DataKind.String, 1), new("Features", DataKind.Single, 2, width - 1)],
});
var options = new ConstrainedBinaryClassificationTrainer.Options { Seed = 1, Constraints = [Fairness.DemographicParity("Group", 0.05)] };
var (model, schema) = int.TryParse(Environment.GetEnvironmentVariable("RUNS"), out var runs) ? Search() : Fit();

// All processes have the same model: one saves it.
if (processes.Rank == 0)
    ml.Model.Save(model, schema, args[0]);
var trained = ((ISingleFeaturePredictionTransformer<ConstrainedBinaryModelParameters>)model).Model;
var scores = model.Transform(loader.Load(files[0])).GetColumn<float>("Score").Take(5);
Console.WriteLine($"{processes.Rank} of {processes.Count}; "
    + $"scores {string.Join(' ', scores)}; multipliers {string.Join(' ', trained.Duals.Select(dual => dual.Value))}; "
    + $"{trained.Summary.TrainingRows} rows; {string.Join(' ', trained.History.Select(epoch => epoch.TrainingLoss))}");
return 0;

(ITransformer Model, DataViewSchema Schema) Fit()
{
    var own = files[(files.Length * processes.Rank / processes.Count)..(files.Length * (processes.Rank + 1) / processes.Count)];
    options.Collective = processes;
    options.Checkpoint = Environment.GetEnvironmentVariable("CHECKPOINT") is { } path ? new() { Path = path } : null;
    options.MaximumMemory = long.TryParse(Environment.GetEnvironmentVariable("MAXIMUM_MEMORY"), out var bytes) ? bytes : null;
    var data = loader.Load(new MultiFileSource(own));
    return (ml.Constrained().Trainers.BinaryClassification(options).Fit(data), data.Schema);
}

(ITransformer Model, DataViewSchema Schema) Search()
{
    var data = loader.Load(new MultiFileSource(files));
    var experiment = ml.Constrained().Experiments.CreateBinaryClassificationExperiment(
        new() { Options = options, MaxModels = runs, Collective = processes });
    return (experiment.Execute(data).BestRun.Model!, data.Schema);
}
