using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class ModelOriginTests
{
    [TestMethod]
    public void Fit_SaysWhenAndWithWhatTheModelWasTrained()
    {
        var before = DateTimeOffset.UtcNow;
        var origin = Fit(Census.People(300));
        var after = DateTimeOffset.UtcNow;

        Assert.IsTrue(before <= origin.TrainedAt && origin.TrainedAt <= after);
        Assert.AreEqual(TimeSpan.Zero, origin.TrainedAt.Offset);
        Assert.MatchesRegex(@"^HumanCompatible\.ML \d+\.\d+\.\d+$", origin.Library);
        Assert.MatchesRegex("^[0-9a-f]{64}$", origin.DataFingerprint);
    }

    [TestMethod]
    public void Fit_TheSameRows_GivesTheSameFingerprintWhateverIsNotRead()
    {
        var others = Census.People(300);
        others.ForEach(person => (person.Region, person.Weight) = ("elsewhere", 9));

        Assert.AreEqual(Fit(Census.People(300)).DataFingerprint, Fit(Census.People(300)).DataFingerprint);
        Assert.AreEqual(Fit(Census.People(300)).DataFingerprint, Fit(others).DataFingerprint);
    }

    [TestMethod]
    public void Fit_OneValueOfOneRowOrTheOrder_ChangesTheFingerprint()
    {
        Action<List<Person>>[] changes =
        [
            people => people[299].Features[4] += 1,
            people => people[0].Label = !people[0].Label,
            people => people[7].Sex = people[7].Sex == "Male" ? "Female" : "Male",
            people => people.ForEach(person => person.Sex = person.Sex == "Male" ? "Men" : person.Sex),
            people => people.Reverse(),
            people => people.RemoveAt(100),
        ];
        var fingerprints = changes.Select(change =>
        {
            var people = Census.People(300);
            change(people);
            return Fit(people).DataFingerprint;
        }).Append(Fit(Census.People(300)).DataFingerprint).ToList();

        Assert.HasCount(changes.Length + 1, fingerprints.Distinct().ToList());
    }

    [TestMethod]
    public void Fit_WeightsOrValidationDataApart_AreInTheFingerprint()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 300);
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.1));
        var trainer = context.Constrained().Trainers.BinaryClassification(options);
        options.ExampleWeightColumnName = "Weight";
        var weighted = context.Constrained().Trainers.BinaryClassification(options);

        string[] fingerprints =
        [
            trainer.Fit(data).Model.Origin.DataFingerprint,
            weighted.Fit(data).Model.Origin.DataFingerprint,
            trainer.Fit(data, data).Model.Origin.DataFingerprint,
            trainer.Fit(data, Census.View(context, 300, seed: 2)).Model.Origin.DataFingerprint,
        ];

        Assert.HasCount(4, fingerprints.Distinct().ToList());
    }

    private static ModelOrigin Fit(List<Person> people)
    {
        var context = new MLContext(1);
        return context.Constrained().Trainers.BinaryClassification(Workout.Small(Fairness.DemographicParity("Sex", 0.1)))
            .Fit(context.Data.LoadFromEnumerable(people)).Model.Origin;
    }
}
