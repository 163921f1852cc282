using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// Example weights: reweighing (Kamiran and Calders, 2012) gives each row the weight P(sex) P(income) / P(sex, income), under which sex
/// and income are independent. It narrows the difference without any constraint, to no declared bound; a constraint declares one.
/// </summary>
internal static class ExampleWeights
{
    /// <summary>The demographic parity difference on the test rows, trained without and with weights.</summary>
    public sealed record Outcome(double Plain, double Weighted);

    // Prints, on the census table Adult:
    //   difference without weights 0.1712, with weights 0.0925
    public static Outcome Run(string trainPath, string testPath, TextWriter output, int numberOfEpochs = 10)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("Numbers", DataKind.Single, 0, 4), new("Categories", DataKind.String, 7, 9), // family and job
            new("Sex", DataKind.String, 11), new("Income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);

        var people = ml.Data.CreateEnumerable<Person>(train, reuseRowObject: false, ignoreMissingColumns: true).ToList();
        double Share(Func<Person, bool> condition) => people.Count(condition) / (double)people.Count;
        foreach (var group in people.GroupBy(person => (person.Sex, person.Income)).ToList())
        {
            var independent = Share(person => person.Sex == group.Key.Sex) * Share(person => person.Income == group.Key.Income);
            foreach (var person in group)
                person.Weight = (float)(independent * people.Count / group.Count());
        }

        var weighted = ml.Data.LoadFromEnumerable(people);
        var outcome = new Outcome(Difference(weightColumn: null), Difference(weightColumn: "Weight"));
        output.WriteLine($"difference without weights {outcome.Plain:0.0000}, with weights {outcome.Weighted:0.0000}");
        return outcome;

        double Difference(string? weightColumn)
        {
            var model = ml.Transforms.Categorical.OneHotEncoding("Encoded", "Categories")
                .Append(ml.Transforms.Concatenate("Features", "Numbers", "Encoded"))
                .Append(ml.Transforms.NormalizeMeanVariance("Features"))
                .Append(ml.Constrained().Trainers.BinaryClassification(labelColumnName: "Income",
                    exampleWeightColumnName: weightColumn, numberOfEpochs: numberOfEpochs))
                .Fit(weighted);
            return ml.Constrained().Audit.BinaryClassification(model.Transform(test), groupColumnNames: ["Sex"],
                labelColumnName: "Income").Intersection.DemographicParityDifference;
        }
    }

    private sealed class Person
    {
        [VectorType(5)] public float[] Numbers { get; set; } = [];

        [VectorType(3)] public string[] Categories { get; set; } = [];

        public string Sex { get; set; } = "";

        public bool Income { get; set; }

        public float Weight { get; set; }
    }
}
