using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Tests.Reporting;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Experiments.Pages;

/// <summary>Pages of small experiments.</summary>
internal static class SamplePages
{
    private static readonly MLContext ML = new(1);

    /// <summary>An experiment under two constraints, with an audit.</summary>
    internal static Lazy<ExperimentResult> Experiment { get; } = new(() => Run(name => name));

    /// <summary>The same, with names that would be markup.</summary>
    internal static Lazy<ExperimentResult> HostileExperiment { get; } = new(() => Run(ReportSamples.Hostile));

    internal static Lazy<ExperimentResult> Wages { get; } = new(() =>
    {
        var options = Worker.Small(new ConstrainedRegressionTrainer.Options { LabelColumnName = "Wage" });
        options.Constraints = [Fairness.MeanParity("Sex", 6_000)];
        return ML.Constrained().Experiments.CreateRegressionExperiment(new()
        {
            Options = options,
            SearchSpace = SmallExperiments.Space,
            MaxModels = 3,
        }).Execute(Worker.View(ML, 500), 2);
    });

    internal static Lazy<TradeOff> Sweep { get; } = new(() =>
    {
        var settings = SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.5));
        settings.Options.NumberOfEpochs = 10;
        return ML.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
            .SweepBounds([0.4, 0.2, 0.1, 0.05, 0.001], SmallExperiments.People(ML, 1500), SmallExperiments.People(ML, 1500, 2));
    });

    internal static Lazy<TradeOff> Comparison { get; } = new(() => ML.Constrained().Experiments
        .CreateBinaryClassificationExperiment(SmallExperiments.Settings())
        .Compare([[], [Fairness.DemographicParity("Sex", 0.1) with { Name = ReportSamples.Hostile("parity") }],
            [Fairness.DisparateImpact("Sex", 0.8)]], SmallExperiments.People(ML, 900)));

    /// <summary>What a page is saved as.</summary>
    internal static string Saved(Action<string> save)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");
        try
        {
            save(path);
            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    internal static string Hostile() => Saved(path => HostileExperiment.Value.SaveReport(path, new FairnessReportOptions
    {
        Title = ReportSamples.Hostile("Experiment"),
        ModelName = ReportSamples.Hostile("Chosen model"),
        DataName = ReportSamples.Hostile("some rows"),
    }));

    private static ExperimentResult Run(Func<string, string> rename)
    {
        List<Person> train = Census.People(900), test = Census.People(600, 3);
        foreach (var person in train.Concat(test))
            (person.Sex, person.Region) = (rename(person.Sex), rename(person.Region));
        var settings = SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.15) with { Name = rename("Equal shares") },
            Fairness.EqualizedOdds("Region", 0.4));
        settings.SearchSpace = [.. settings.SearchSpace,
            SearchParameter.Choice("Owner", ["a", "b"], (_, _) => { }, owner => rename(owner))];
        return ML.Constrained().Experiments.CreateBinaryClassificationExperiment(settings)
            .Execute(ML.Data.LoadFromEnumerable(train), 2, ML.Data.LoadFromEnumerable(test));
    }
}
