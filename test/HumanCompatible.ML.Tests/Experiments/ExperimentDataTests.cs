using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Experiments;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>The parts of an experiment's rows.</summary>
[TestClass]
public sealed class ExperimentDataTests
{
    [TestMethod]
    [DataRow(ExperimentData.FewRows, 1, 2, 0.8)]
    [DataRow(ExperimentData.FewRows - 1, 5, 0, 1.0)]
    public void Of_NoFoldsAskedFor_SearchesManyRowsInOneOfThree(int rows, int searched, int others, double share)
    {
        var context = new MLContext(1);
        var view = SmallExperiments.People(context, rows);

        var data = Divide(context, view, 0);

        Assert.AreEqual((searched, others), (data.Folds.Count, data.OtherFolds.Count));
        Assert.AreEqual(share, new TrialRunner(ExperimentTask.Binary, data, "Accuracy").SearchShare);
        Fold[] folds = [.. data.Folds, .. data.OtherFolds.Select(fold => fold.Value)];
        var all = Weights(view).Order().ToArray();
        CollectionAssert.AreEqual(all, folds.SelectMany(fold => Weights(fold.Judging.View)).Order().ToArray(), "each judges once");
        foreach (var fold in folds)
        {
            Assert.AreEqual(rows / folds.Length, fold.Judging.Table.RowCount, 1);
            Assert.AreEqual(rows, fold.Training.RowCount + fold.Tuning.Table.RowCount + fold.Judging.Table.RowCount);
        }
    }

    [TestMethod]
    public void Of_FoldsAskedFor_SearchesInAll()
    {
        var context = new MLContext(1);

        var data = Divide(context, SmallExperiments.People(context, ExperimentData.FewRows), 2);

        Assert.AreEqual((2, 0), (data.Folds.Count, data.OtherFolds.Count));
    }

    private static ExperimentData Divide(MLContext context, IDataView view, int folds) => ExperimentData.Of(context,
        new ExperimentInput(view, null, folds, null, null), SmallExperiments.Settings(Fairness.DemographicParity("Sex", 0.1)).Options, null,
        null, 1, default);

    private static IEnumerable<float> Weights(IDataView view) => view.GetColumn<float>("Weight");
}
