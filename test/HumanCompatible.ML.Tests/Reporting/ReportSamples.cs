using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Reporting;

/// <summary>A row that a model scored.</summary>
public sealed class ScoredPerson
{
    public bool Label { get; set; }

    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }

    public string Sex { get; set; } = "";

    public string Region { get; set; } = "";

    [VectorType(3)]
    public float[] FeatureContributions { get; set; } = [];
}

/// <summary>Audits to make reports of.</summary>
internal static class ReportSamples
{
    internal static readonly MLContext ML = new(1);

    /// <summary>A name that would be markup if it were not escaped, and that turns the direction of what follows.</summary>
    internal static string Hostile(string name)
        => name + "</title></style><script>alert(1)</script>\"'><img src=x onerror=alert(1)> & \u202Eevil\0";

    /// <summary>Rows whose probabilities are too high for men.</summary>
    internal static List<ScoredPerson> People(int count, Func<string, string>? rename = null)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var sex = random.NextDouble() < 0.4 ? "Female" : "Male";
            var truth = (random.NextDouble() + random.NextDouble()) / 2;
            var said = Math.Min(1, sex == "Male" ? truth + 0.1 : truth);
            return new ScoredPerson
            {
                Label = random.NextDouble() < truth,
                Probability = (float)said,
                PredictedLabel = said > 0.5,
                Sex = rename?.Invoke(sex) ?? sex,
                Region = random.Next(3) switch { 0 => "North", 1 => "South", _ => "West" },
                FeatureContributions = [(float)(said - 0.5), (float)(0.3 * random.NextDouble()), sex == "Male" ? 0.2f : -0.1f],
            };
        })];
    }

    internal static IDataView View(IEnumerable<ScoredPerson> people)
    {
        var definition = SchemaDefinition.Create(typeof(ScoredPerson));
        definition[nameof(ScoredPerson.FeatureContributions)].AddAnnotation("SlotNames",
            new VBuffer<ReadOnlyMemory<char>>(3, ["Skill".AsMemory(), "Occupation.Sales".AsMemory(), "Occupation.Craft".AsMemory()]),
            new VectorDataViewType(TextDataViewType.Instance, 3));
        return ML.Data.LoadFromEnumerable(people, definition);
    }

    internal static FairnessAudit Audit(IDataView view, params string[] columns)
        => ML.Constrained().Audit.BinaryClassification(view, columns);

    /// <summary>The page of an audit.</summary>
    internal static string Page(FairnessAudit audit, FairnessReportOptions? options = null)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");
        try
        {
            audit.SaveReport(path, options);
            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A page with every part: a trained model and another one, two columns of groups, contributions.</summary>
    internal static string FullPage(Func<string, string>? rename = null)
    {
        string Named(string name) => rename?.Invoke(name) ?? name;
        List<Person> train = Census.People(1500), test = Census.People(3000, seed: 2);
        foreach (var person in train.Concat(test))
            (person.Sex, person.Region) = (Named(person.Sex), Named(person.Region));
        var view = ML.Data.LoadFromEnumerable(test);
        var trainer = ML.Constrained().Trainers.BinaryClassification(Census.Options(
            Fairness.DemographicParity("Sex", 0.05) with { Name = Named("Equal shares of the sexes") },
            Fairness.EqualizedOdds("Region", 0.3), Fairness.DisparateImpact("Sex", 0.5)));
        var model = trainer.Fit(ML.Data.LoadFromEnumerable(train));
        var other = ML.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(ML.Data.LoadFromEnumerable(train)).Transform(view);
        var scored = View(Scored(test, model.Transform(view)));
        return Page(Audit(scored, "Sex", "Region"), new FairnessReportOptions
        {
            Title = Named("Fairness report"),
            ModelName = Named("Constrained network"),
            DataName = Named("3,000 rows like a census, which nothing was trained on"),
            Model = model.Model,
            Constraints = [Fairness.RateAtMost(GroupMetric.ErrorRate, "Region", 0.01), Fairness.EqualOpportunity(["Sex", "Region"], 0.01)],
            OtherModels = [new(Named("Logistic regression"), Audit(other, "Sex", "Region"))],
        });
    }

    /// <summary>A page of several classes with every part, and another model.</summary>
    internal static string ClassesPage()
    {
        var (train, test) = (Worker.View(ML, 900), Worker.View(ML, 1500, seed: 2));
        var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options());
        (options.NumberOfEpochs, options.Constraints) = (4,
            [Fairness.DemographicParity("Sex", 0.05), Fairness.EqualOpportunity("Region", 0.2) with { ClassName = "mid" }]);
        var model = ML.Constrained().Trainers.MulticlassClassification(options).Fit(train);
        var other = ML.MulticlassClassification.Trainers.SdcaMaximumEntropy().Fit(train);
        return Page(ML.Constrained().Audit.MulticlassClassification(model.Transform(test), ["Sex", "Region"]), new FairnessReportOptions
        {
            ModelName = "Classifier of wages",
            Model = model.Model,
            OtherModels = [new("Maximum entropy",
                ML.Constrained().Audit.MulticlassClassification(other.Transform(test), ["Sex", "Region"]))],
        });
    }

    /// <summary>A page of numbers with every part, and another model.</summary>
    internal static string NumbersPage()
    {
        var (train, test) = (Worker.View(ML, 900), Worker.View(ML, 1500, seed: 2));
        var options = Worker.Small(new ConstrainedRegressionTrainer.Options());
        (options.NumberOfEpochs, options.LabelColumnName, options.Constraints) = (4, "Wage",
            [Fairness.ResidualParity("Sex", 2000), Fairness.MeanParity("Region", 3000)]);
        var model = ML.Constrained().Trainers.Regression(options).Fit(train);
        var other = ML.Regression.Trainers.FastTree("Wage").Fit(train);
        return Page(ML.Constrained().Audit.Regression(model.Transform(test), ["Sex", "Region"], "Wage"), new FairnessReportOptions
        {
            ModelName = "Wages",
            Model = model.Model,
            OtherModels = [new("FastTree", ML.Constrained().Audit.Regression(other.Transform(test), ["Sex", "Region"], "Wage"))],
        });
    }

    // With the contributions of a linear model, whatever the model is.
    private static IEnumerable<ScoredPerson> Scored(List<Person> people, IDataView scored)
        => people.Zip(scored.GetColumn<float>("Probability"), (person, probability) => new ScoredPerson
        {
            Label = person.Label,
            Probability = probability,
            PredictedLabel = probability > 0.5,
            Sex = person.Sex,
            Region = person.Region,
            FeatureContributions = [1.3f * person.Features[0], 0.06f * (person.Features[1] - 40), 0.7f * person.Features[3]],
        });
}
