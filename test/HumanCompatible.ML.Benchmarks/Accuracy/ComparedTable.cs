using HumanCompatible.ML.Benchmarks.Hold;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Accuracy;

/// <summary>A table that the trainers are compared on.</summary>
/// <param name="Name">How it is asked for.</param>
/// <param name="Population">All its rows.</param>
/// <param name="TrainingRows">Given the number of all rows, how many are drawn to train on; the others test.</param>
internal sealed record ComparedTable(string Name, string Population, Func<int, int> TrainingRows)
{
    private const int AdultTrainingRows = 32_561;

    private const double TuningShare = 1 / 3.0;

    internal static IReadOnlyList<ComparedTable> All { get; } =
    [
        new("adult", "adult", _ => AdultTrainingRows) { HasOwnParts = true },
        new("acs", "acs-all", rows => rows * 7 / 10),
        new("compas", "compas", rows => rows * 7 / 10),
        new("steps", "steps", _ => 10_000),
        new("linear", "linear", _ => 10_000),
        new("mixed", "mixed", _ => 1_000),
    ];

    /// <summary>Whether the first rows train whatever the seed, as the table is published in two parts.</summary>
    private bool HasOwnParts { get; init; }

    /// <exception cref="HoldInputException">There is none.</exception>
    internal static ComparedTable Named(string name) => All.FirstOrDefault(table => table.Name == name) ?? throw new HoldInputException(
        $"--tables: no table is named '{name}', only {string.Join(", ", All.Select(table => table.Name))}.");

    /// <summary>Trains each trainer on the rows that a seed draws, and tests it on the others.</summary>
    /// <param name="populations">The populations.</param>
    /// <param name="seed">Of the rows and of the trainer.</param>
    /// <param name="isTuning">Whether a third of the training rows are the test instead.</param>
    /// <param name="trainers">The trainers.</param>
    internal IEnumerable<ComparedFit> Fit(Populations populations, int seed, bool isTuning, IReadOnlyList<ComparedTrainer> trainers)
    {
        if (trainers.Count == 0)
            yield break;
        var ml = new MLContext(seed);
        var population = populations[Population];
        var (train, test) = Parts(population, seed, isTuning);
        var rows = population.Part(ml, train, isDrawn: true);
        var features = population.Featurize(ml).Fit(rows);
        var (trained, tested) = (Columns(rows), Columns(population.Part(ml, test, isDrawn: true)));
        foreach (var trainer in trainers)
            yield return trainer.Fit(ml, seed, trained, tested) with { Table = Name, Seed = seed, IsTuning = isTuning };

        IDataView Columns(IDataView part)
        {
            var all = features.Transform(part);
            return ml.Data.Cache(ml.Transforms.SelectColumns(Hold.Population.Label, Hold.Population.Features).Fit(all).Transform(all));
        }
    }

    private (bool[] Train, bool[] Test) Parts(Population population, int seed, bool isTuning)
    {
        var train = HasOwnParts ? [.. Enumerable.Range(0, population.Count).Select(row => row < TrainingRows(population.Count))]
            : population.Draw(TrainingRows(population.Count), seed);
        if (!isTuning)
            return (train, Array.ConvertAll(train, isDrawn => !isDrawn));
        var random = new Random(seed);
        var test = Array.ConvertAll(train, isDrawn => isDrawn && random.NextDouble() < TuningShare);
        return ([.. train.Zip(test, (isDrawn, isTest) => isDrawn && !isTest)], test);
    }
}
