using HumanCompatible.ML.Data;
using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>How an experiment divides rows.</summary>
[TestClass]
public sealed class RowPartsTests
{
    private static readonly TrainingColumns Columns = new("Label", "Features", null, ["Sex"]);

    [TestMethod]
    public void RowSubset_SomeRows_HasThemInOrder()
    {
        var context = new MLContext(1);
        var rows = Census.People(50);
        var view = new RowSubset(context.Data.LoadFromEnumerable(rows), [3, 7, 20, 49]);

        CollectionAssert.AreEqual(new[] { rows[3].Weight, rows[7].Weight, rows[20].Weight, rows[49].Weight },
            view.GetColumn<float>("Weight").ToArray());
        Assert.AreEqual(4L, view.GetRowCount());
        CollectionAssert.AreEqual(new[] { rows[3].Region, rows[7].Region, rows[20].Region, rows[49].Region },
            context.Data.Cache(view).GetColumn<string>("Region").ToArray());
    }

    [TestMethod]
    public void Folds_OfStrata_ShareEachInProportionAndEveryRowOnce()
    {
        int[] strata = [.. Enumerable.Range(0, 100).Select(row => row % 10 == 0 ? 1 : 0)];

        var folds = RowStrata.Folds([.. Enumerable.Range(0, 100)], strata, 5, seed: 1);

        CollectionAssert.AreEqual(Enumerable.Range(0, 100).ToArray(), folds.SelectMany(fold => fold).Order().ToArray());
        foreach (var fold in folds)
        {
            Assert.HasCount(20, fold);
            Assert.AreEqual(2, fold.Count(row => strata[row] == 1));
        }
    }

    [TestMethod]
    public void Strata_LabelAndGroups_TellRowsApart()
    {
        var context = new MLContext(1);
        var people = Census.People(80);

        var strata = RowStrata.Of(context.Data.LoadFromEnumerable(people), Columns);

        for (var row = 1; row < people.Count; row++)
        {
            Assert.AreEqual((people[row].Sex, people[row].Label) == (people[0].Sex, people[0].Label), strata[row] == strata[0],
                $"row {row}");
        }
    }

    [TestMethod]
    public void Strata_ColumnsThatComeLater_AreNotLookedFor()
        => Assert.HasCount(30, RowStrata.Of(new MLContext(1).Data.LoadFromEnumerable(Census.People(30)),
            Columns with { Label = "Later", Groups = ["LaterToo"], Labels = LabelReader.Of(LearningTask.MulticlassClassification) })
            .Where(stratum => stratum == 0).ToList());
}
