using HumanCompatible.ML.Samples.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// Example weights: reweighing (Kamiran and Calders, 2012) gives each row the weight P(sex) P(income) / P(sex, income), under which sex and
/// income
/// are independent. It narrows the difference without any constraint, to no declared bound; a constraint declares one.
/// </summary>
internal sealed class ExampleWeights : IScenario
{
    public string Name => "example-weights";

    public string Description => "Train with a weight column: reweighing, compared with training without weights.";

    public void Run(ScenarioContext context)
    {
        var (plain, weighted) = Compare(context);
        context.Say($"difference without weights {plain:0.0000}, with weights {weighted:0.0000}");
    }

    /// <summary>The demographic parity difference on the test rows, trained without and with weights.</summary>
    public static (double Plain, double Weighted) Compare(ScenarioContext context)
    {
        var people = context.ML.Data.CreateEnumerable<WeightedPerson>(context.Train, reuseRowObject: false, ignoreMissingColumns: true)
            .ToList();
        double Share(Func<WeightedPerson, bool> condition) => people.Count(condition) / (double)people.Count;
        foreach (var group in people.GroupBy(person => (person.Sex, person.Income)).ToList())
        {
            var independent = Share(person => person.Sex == group.Key.Sex) * Share(person => person.Income == group.Key.Income);
            foreach (var person in group)
                person.Weight = (float)(independent * people.Count / group.Count());
        }

        var rows = context.ML.Data.LoadFromEnumerable(people);
        return (Difference(context, rows, null), Difference(context, rows, nameof(WeightedPerson.Weight)));
    }

    private static double Difference(ScenarioContext context, IDataView rows, string? weightColumn)
    {
        var options = context.Options();
        options.ExampleWeightColumnName = weightColumn;
        var model = CensusPipeline.Featurize(context.ML)
            .Append(context.ML.Constrained().Trainers.BinaryClassification(options, context.Callbacks)).Fit(rows);
        return context.Evaluate(model.Transform(context.Test)).Audit.Intersection.DemographicParityDifference;
    }

    private sealed class WeightedPerson : CensusPerson
    {
        [ColumnName(CensusColumns.Income)] public bool Income { get; set; }

        public float Weight { get; set; }
    }
}
