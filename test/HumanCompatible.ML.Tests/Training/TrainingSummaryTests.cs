using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class TrainingSummaryTests
{
    [TestMethod]
    public void ToString_NamesTheGroupsThatAreNotBound()
    {
        var summary = new TrainingSummary(3, 5, 80, 20, true, 0.9, 0.8,
        [
            new("DemographicParity(Sex)", 0.05, false, 0.04,
                0.03) { ExcludedGroups = ["Other (12 rows, fewer than 50)", "(missing) (1 row, a missing value)"] },
            new("DisparateImpact(Race)", 0.8, true, 0.7, 0.75),
        ]);

        string[] expected =
        [
            "epoch 3 of 5: accuracy 0.8000 on 20 held-out rows",
            "DemographicParity(Sex): 0.0300, bound 0.0500: met; excluded groups: Other (12 rows, fewer than 50); (missing) (1 row, a "
                + "missing value)",
            "DisparateImpact(Race): 0.7500, bound 0.8000: missed by 0.0500",
        ];
        CollectionAssert.AreEqual(expected, summary.ToString().Split(Environment.NewLine));
    }

    [TestMethod]
    public void ConstraintSummary_IsEqualByValue()
    {
        ConstraintSummary one = new("c", 0.1, false, double.NaN, 0.2) { ExcludedGroups = ["a"] },
            same = one with { ExcludedGroups = new List<string> { "a" } };

        Assert.AreEqual(one, same);
        Assert.AreEqual(one.GetHashCode(), same.GetHashCode());
        Assert.AreNotEqual(one, one with { ExcludedGroups = [] });
        Assert.AreNotEqual(one, one with { ValidationValue = 0.3 });
        Assert.AreNotEqual(one, one with { Name = "d" });
    }

    [TestMethod]
    public void Manifest_KeepsTheExcludedGroups()
    {
        var run = Workout.Get("BinaryClassification: groups left out");
        Assert.IsNotEmpty(run.Model.Model.Summary.Constraints[0].ExcludedGroups);

        var loaded = ModelRoundTripTests.Unwrap(run.Save().Load()).Model.Summary;

        CollectionAssert.AreEqual(run.Model.Model.Summary.Constraints.ToArray(), loaded.Constraints.ToArray());
    }
}
