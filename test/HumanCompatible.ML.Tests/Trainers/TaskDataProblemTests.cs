using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Labels and groups that the trainers of several classes and of numbers cannot learn from.</summary>
[TestClass]
public sealed class TaskDataProblemTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Worker.View(ML, 100);

    [TestMethod]
    [DataRow("Nowhere", "Could not find label column 'Nowhere'")]
    [DataRow("Level", "Schema mismatch for label column 'Level': expected Key<UInt32> with at least 2 values, got String")]
    [DataRow("Wage", "Schema mismatch for label column 'Wage': expected Key<UInt32> with at least 2 values, got Single")]
    [DataRow("Veteran", "Schema mismatch for label column 'Veteran': expected Key<UInt32> with at least 2 values, got Boolean")]
    public void Multiclass_OfALabelOfAnotherType_IsRefusedInThePromiseAndInFit(string column, string expected)
        => RefusesLabel(ML.Constrained().Trainers.MulticlassClassification(column), expected);

    [TestMethod]
    [DataRow("Nowhere", "Could not find label column 'Nowhere'")]
    [DataRow("Level", "Schema mismatch for label column 'Level': expected Single or Double, got String")]
    [DataRow("Veteran", "Schema mismatch for label column 'Veteran': expected Single or Double, got Boolean")]
    [DataRow("Features", "Schema mismatch for label column 'Features': expected Single or Double, got Vector<Single")]
    public void Regression_OfALabelOfAnotherType_IsRefusedInThePromiseAndInFit(string column, string expected)
        => RefusesLabel(ML.Constrained().Trainers.Regression(column, featureColumnName: column == "Features" ? "Other" : "Features"),
            column == "Features" ? "Could not find feature column 'Other'" : expected);

    [TestMethod]
    public void Multiclass_OfAKeyOfOneValueOrAnUnknownNumber_IsRefused()
    {
        var single = ML.Transforms.Conversion.MapValueToKey("Label", "Sex", maximumNumberOfKeys: 1).Fit(Data).Transform(Data);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => ML.Constrained().Trainers.MulticlassClassification().Fit(single));

        StringAssert.StartsWith(error.Message,
            "Schema mismatch for label column 'Label': expected Key<UInt32> with at least 2 values, got ");
    }

    [TestMethod]
    public void Multiclass_OfAMissingLabel_NamesTheRow()
    {
        var rows = ML.Transforms.Conversion.MapValueToKey("Label", "Sex", maximumNumberOfKeys: 2).Fit(Data)
            .Transform(With(worker => worker.Sex = "Other"));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ML.Constrained().Trainers.MulticlassClassification().Fit(rows));

        Assert.AreEqual("The label column 'Label' is missing in row 3.", error.Message);
    }

    [TestMethod]
    [DataRow(float.NaN, "The label column 'Wage' is missing in row 3.")]
    [DataRow(float.PositiveInfinity,
        "The label column 'Wage' holds Infinity in row 3: a label is a finite number of single precision.")]
    public void Regression_OfALabelThatIsNoNumber_NamesTheRow(float wage, string expected)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => ML.Constrained().Trainers.Regression("Wage").Fit(With(worker => worker.Wage = wage)));

        Assert.AreEqual(expected, error.Message);
    }

    [TestMethod]
    public void Regression_OfADoubleThatIsTooLarge_IsRefused_AndOfOtherDoublesIsLearned()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => ML.Constrained().Trainers.Regression("Pay").Fit(With(worker => worker.Pay = 1e300)));
        var single = ML.Constrained().Trainers.Regression(Small("Wage")).Fit(Data);
        var twofold = ML.Constrained().Trainers.Regression(Small("Pay")).Fit(Data);

        StringAssert.Contains(error.Message, "holds 1E+300 in row 3");
        CollectionAssert.AreEqual(single.Transform(Data).GetColumn<float>("Score").ToArray(),
            twofold.Transform(Data).GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    public void Labels_ThatAreAllTheSame_AreRefused()
    {
        var same = ML.Data.LoadFromEnumerable(Enumerable.Range(0, 50).Select(index => new Worker
        {
            Level = "low",
            Wage = 7.5f,
            Features = [index, 1, 2, 3, 4],
            Weight = 1,
        }).ToList());
        var keyed = ML.Transforms.Conversion.MapValueToKey("Label", "Level", maximumNumberOfKeys: 9)
            .Fit(Data).Transform(same);

        var classes = Assert.ThrowsExactly<InvalidOperationException>(()
            => ML.Constrained().Trainers.MulticlassClassification().Fit(keyed));
        var numbers = Assert.ThrowsExactly<InvalidOperationException>(() => ML.Constrained().Trainers.Regression("Wage").Fit(same));

        Assert.AreEqual("Every label in the data (column 'Label') is 'low': a classifier needs two classes.", classes.Message);
        Assert.AreEqual("Every label in the data (column 'Wage') is 7.5: there is nothing to learn.", numbers.Message);
    }

    [TestMethod]
    public void Multiclass_OfAClassThatIsNotThere_ListsTheClasses()
    {
        var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options
        {
            Constraints = [Fairness.DemographicParity("Sex", 0.1) with { ClassName = "top" }],
        });

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => ML.Constrained().Trainers.MulticlassClassification(options).Fit(Data));

        Assert.AreEqual("DemographicParity(Sex) of top: there is no class 'top'; the classes are 'low'; 'mid'; 'high'.", error.Message);
    }

    [TestMethod]
    public void Constraints_OfAnotherTask_AreRefusedByName()
    {
        var classes = Assert.ThrowsExactly<ArgumentException>(()
            => ML.Constrained().Trainers.MulticlassClassification(constraints: [Fairness.MeanParity("Sex", 0.1)]));
        var numbers = Assert.ThrowsExactly<ArgumentException>(()
            => ML.Constrained().Trainers.Regression(constraints: [Fairness.EqualizedOdds("Sex", 0.1)]));

        StringAssert.Contains(classes.Message, "MeanPrediction is a statistic of regression, not of multiclass classification.");
        StringAssert.Contains(numbers.Message, "TruePositiveRate is a statistic of classification, not of regression.");
    }

    [TestMethod]
    public void Multiclass_OfAGroupWithoutAClass_LeavesOutThatRateOnly()
    {
        var data = Without("West", "high");
        var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options
        {
            Constraints = [Fairness.EqualOpportunity("Region", 0.3)],
        });

        var summary = ML.Constrained().Trainers.MulticlassClassification(options).Fit(data).Model.Summary;

        var told = summary.Constraints[0];
        Assert.AreEqual("West (no rows of class 'high', so that only its other rates are bound)", told.ExcludedGroups.Single().ToString());
        CollectionAssert.Contains(summary.Warnings.ToArray(), "EqualOpportunity(Region): group 'West' has no rows of class 'high' in the "
            + "data: its rate over them is not defined, and the constraint leaves that rate out.");
        Assert.IsFalse(double.IsNaN(told.Value), told.ToString());
        options.Groups.UndefinedRates = GroupPolicy.Error;
        Assert.ThrowsExactly<InvalidOperationException>(() => ML.Constrained().Trainers.MulticlassClassification(options).Fit(data));
    }

    [TestMethod]
    public void Multiclass_OfARareClass_NamesItWhereItCannotBeMeasured()
    {
        var options = Worker.Small(new ConstrainedMulticlassClassificationTrainer.Options
        {
            Constraints = [Fairness.EqualOpportunity("Sex", 0.1)],
        });

        var told = ML.Constrained().Trainers.MulticlassClassification(options).Fit(Data).Model.Summary.Constraints[0];

        var high = told.UnmeasurableGroups.First(group => group is { ClassName: "high", Metric.Name: "TruePositiveRate" });
        StringAssert.Contains(high.ToString(), " of class 'high' that counts in full, about ");
    }

    private static void RefusesLabel(IEstimator<ITransformer> trainer, string expected)
    {
        var early = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(Schemas.Shape(Data.Schema)));
        var late = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Data));

        StringAssert.StartsWith(early.Message, expected);
        StringAssert.StartsWith(late.Message, expected);
    }

    private static ConstrainedRegressionTrainer.Options Small(string label)
        => Worker.Small(new ConstrainedRegressionTrainer.Options { LabelColumnName = label });

    // The data with another row in the place of the fourth.
    private static IDataView With(Action<Worker> change)
    {
        var rows = ML.Data.CreateEnumerable<Worker>(Data, reuseRowObject: false).ToList();
        change(rows[3]);
        return ML.Data.LoadFromEnumerable(rows);
    }

    private static IDataView Without(string region, string level)
    {
        var data = Worker.View(ML, 900);
        var rows = ML.Data.CreateEnumerable<Worker>(data, reuseRowObject: false)
            .Where(worker => worker.Region != region || worker.Level != level).ToList();
        var key = ML.Transforms.Conversion.MapValueToKey("Label", "Level").Fit(data);
        return key.Transform(ML.Data.LoadFromEnumerable(rows));
    }
}
