using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// A weight counts in the loss, in every rate, and in what the summary says. Whole-batch training makes weighted and repeated rows
/// comparable.
/// </summary>
[TestClass]
public sealed class ExampleWeightTests
{
    private static readonly MLContext ML = new(1);

    [TestMethod]
    public void Fit_WeightTwo_IsTheRowTwice()
    {
        var people = Census.People(300);
        for (var index = 0; index < people.Count; index++)
            people[index].Weight = index % 3 == 0 ? 2 : 1;
        var repeated = people.SelectMany(person => Enumerable.Repeat(person, (int)person.Weight)).ToList();

        // Margins would differ: a row of weight 2 tells less of a rate than two rows.
        AssertSame(Fit(people, weighted: true, margins: false), Fit(repeated, weighted: false, margins: false), people);
    }

    [TestMethod]
    public void Fit_WeightZero_IsNoRow()
    {
        var people = Census.People(300);
        var (counted, ignored) = (people.Take(220).ToList(), people.Skip(220).ToList());
        foreach (var person in counted)
            person.Weight = 1;
        foreach (var person in ignored)
            (person.Weight, person.Label) = (0, !person.Label);

        AssertSame(Fit(people, weighted: true), Fit(counted, weighted: false), people);
    }

    [TestMethod]
    public void Fit_EqualWeights_AreNoWeights()
    {
        var people = Census.People(300);
        foreach (var person in people)
            person.Weight = 4;

        AssertSame(Fit(people, weighted: true), Fit(people, weighted: false), people);
    }

    [TestMethod]
    [DataRow(120)]
    [DataRow(-140)]
    public void Fit_WeightsOfAnySize_CountByTheirRatios(int exponent)
    {
        var people = Census.People(300);
        for (var index = 0; index < people.Count; index++)
            people[index].Weight = index % 4;
        var plain = Fit(people, weighted: true);
        foreach (var person in people)
            person.Weight = MathF.ScaleB(person.Weight, exponent);

        AssertSame(Fit(people, weighted: true), plain, people);
    }

    [TestMethod]
    public void Fit_Weighted_DiffersFromUnweighted()
    {
        var people = Census.People(300);

        var (weighted, plain) = (Fit(people, weighted: true), Fit(people, weighted: false));

        Assert.AreNotEqual(plain.Model.Summary.TrainingAccuracy, weighted.Model.Summary.TrainingAccuracy);
        CollectionAssert.AreNotEqual(plain.Model.History.Select(epoch => epoch.TrainingLoss).ToArray(),
            weighted.Model.History.Select(epoch => epoch.TrainingLoss).ToArray());
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(List<Person> people, bool weighted,
        bool margins = true)
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.02), Fairness.BoundedGroupLoss("Region", 0.4));
        options.ExampleWeightColumnName = weighted ? "Weight" : null;
        (options.ValidationFraction, options.BatchSize, options.NumberOfEpochs) = (0, 10_000, 4);
        (options.FeatureEncoding, options.MarginShare) = (FeatureEncoding.None, margins ? 1 : 0);
        return ML.Constrained().Trainers.BinaryClassification(options).Fit(ML.Data.LoadFromEnumerable(people));
    }

    private static void AssertSame(BinaryPredictionTransformer<ConstrainedBinaryModelParameters> weighted,
        BinaryPredictionTransformer<ConstrainedBinaryModelParameters> repeated, List<Person> people)
    {
        var data = ML.Data.LoadFromEnumerable(people);
        foreach (var (first, second) in Scored.Of(weighted.Transform(data)).Zip(Scored.Of(repeated.Transform(data))))
            Assert.AreEqual(second.Score, first.Score, 1e-3);
        foreach (var (first, second) in weighted.Model.Duals.Zip(repeated.Model.Duals))
            Assert.AreEqual(second.Value, first.Value, 1e-5, first.Inequality);
        foreach (var (first, second) in weighted.Model.History.Zip(repeated.Model.History))
        {
            Assert.AreEqual(second.TrainingLoss, first.TrainingLoss, 1e-5);
            Assert.AreEqual(second.ValidationLoss, first.ValidationLoss, 1e-5);
            Assert.AreEqual(second.ValidationAccuracy, first.ValidationAccuracy, 1e-5);
            for (var index = 0; index < first.AuditedValues.Count; index++)
                Assert.AreEqual(second.AuditedValues[index], first.AuditedValues[index], 1e-5);
        }
    }
}
