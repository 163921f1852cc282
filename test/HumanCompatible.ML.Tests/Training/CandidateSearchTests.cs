using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class CandidateSearchTests
{
    // After each epoch the average of the weights is measured once on the training and once on the validation rows; in the end the chosen
    // weights on both, and on the safety rows.
    [TestMethod]
    [DataRow(null, 0)]
    [DataRow(0.9, 160)]
    public void Fit_EachCandidate_PassesOverTheRowsOnce(double? confidence, int safetyRows)
    {
        const int Rows = 1600, Epochs = 2;
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.99));
        (options.Network, options.NumberOfEpochs, options.ValidationFraction) = (UserNetworks.Linear, Epochs, 0.5);
        options.ConfidenceLevel = confidence;
        var context = new MLContext(1);
        UserNetworks.Evaluated = default;

        using var model = context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, Rows));

        var summary = model.Model.Summary;
        Assert.AreEqual(safetyRows, summary.SafetyRows, 10);
        var lookedAt = 2 * TrainableNetwork.CheckedRows; // together and alone
        Assert.AreEqual(Epochs * (summary.TrainingRows + summary.ValidationRows) + summary.SafetyRows + lookedAt,
            UserNetworks.Evaluated.Rows);
    }

    // The state after the only epoch has the weights that are shipped, and the margins for the next.
    [TestMethod]
    [DataRow(1.0)]
    [DataRow(0.25)]
    [DataRow(0.0)]
    public void Fit_AfterAnEpoch_TheMultipliersGetTheShareOfTheMarginsThatAllRowsTell(double share)
    {
        var context = new MLContext(1);
        var data = Census.View(context, 3000);
        var constraint = Fairness.EqualizedOdds("Sex", 0.2);
        var options = Census.Options(constraint);
        (options.NumberOfEpochs, options.WeightAveragingEpochs, options.KeepTrainingState) = (1, 0, true);
        options.MarginShare = share;

        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data);

        var rates = context.Constrained().Audit.BinaryClassification(model.Transform(data), ["Sex"]).Of("Sex");
        double[] expected = [.. HoldingRule.Estimates(constraint, rates, isHeld: true)
            .Select(inequality => inequality.Margin(HoldingRule.StandardErrors(constraint, 2), 1))];
        Assert.IsTrue(expected.All(margin => margin > 0.011), "more than before anything is measured");
        foreach (var (margin, index) in model.Model.TrainingState!.Margins.Select((margin, index) => (margin, index)))
            Assert.AreEqual(share * expected[index], margin, 1e-6, $"{index}");
    }

    // Validation rows of another population, in which the sexes differ by more.
    [TestMethod]
    public void Fit_WhereTrainingRowsAreFlattered_TheMultipliersGetThatAboveTheMargins()
    {
        var context = new MLContext(1);
        List<Person> others = [.. Census.People(1000, seed: 2).Where(person => person.Sex == "Female" || person.Label)];
        var (data, validation) = (Census.View(context, 3000), context.Data.LoadFromEnumerable(others));
        var constraint = Fairness.DemographicParity("Sex", 0.1);
        var options = Census.Options(constraint);
        (options.NumberOfEpochs, options.WeightAveragingEpochs, options.KeepTrainingState) = (1, 0, true);

        var model = context.Constrained().Trainers.BinaryClassification(options).Fit(data, validation);

        IRateEstimates Rates(IDataView rows)
            => context.Constrained().Audit.BinaryClassification(model.Transform(rows), ["Sex"]).Of("Sex");
        var summary = model.Model.Summary.Constraints[0];
        var weights = summary.TrainingWeights!;
        ScoredRow[] Scored(IDataView rows) => ScoredRow.Of(model.Transform(rows), null);
        InequalityEstimate[] Pooled(bool asCounted) => HoldingRule.Estimates(constraint,
            new PooledRates(constraint, summary, Scored(data), Scored(validation), TaskLabels.Binary, asCounted), isHeld: true);
        var (onAll, counted) = (Pooled(asCounted: false), Pooled(asCounted: true));
        var onTraining = HoldingRule.Estimates(constraint, Rates(data), isHeld: true);
        double[] flattery = [.. onAll.Zip(counted, onTraining).Select(one => Math.Max(0, one.First.Violation - one.Second.Violation
            + ((1 - weights.Min()) * Math.Max(0, one.Second.Violation - one.Third.Violation))))];
        Assert.IsGreaterThan(0.02, flattery.Max());
        foreach (var (index, margin) in model.Model.TrainingState!.Margins.Index())
        {
            Assert.AreEqual(onAll[index].Margin(HoldingRule.StandardErrors(constraint, 2), 1) + flattery[index], margin, 1e-6, $"{index}");
        }
    }

    [TestMethod]
    public void Fit_WithMargins_StaysFurtherFromTheBoundThanWithout()
    {
        var context = new MLContext(1);
        double Value(bool keepMargins) => Enumerable.Range(1, 3).Average(seed =>
        {
            var options = Census.Options(Fairness.DemographicParity("Sex", 0.08));
            (options.NumberOfEpochs, options.MarginShare, options.Seed) = (15, keepMargins ? 1 : 0, seed);
            return context.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(context, 3000, seed)).Model.Summary
                .Constraints[0].Value;
        });

        Assert.IsLessThan(Value(keepMargins: false) - 0.01, Value(keepMargins: true));
    }

    [TestMethod]
    public void Fit_Summary_HasTheAccuraciesThatSayWhatTheBoundCosts()
    {
        var context = new MLContext(1);
        var validation = Census.People(500, seed: 2);
        var options = Census.Options(Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.1));
        (options.NumberOfEpochs, options.DualOptimizer.WarmUpEpochs) = (8, 4); // the first epochs learn the loss alone

        var model = context.Constrained().Trainers.BinaryClassification(options)
            .Fit(Census.View(context, 2000), context.Data.LoadFromEnumerable(validation)).Model;

        var positives = validation.Count(person => person.Label) / 500.0;
        Assert.AreEqual(Math.Max(positives, 1 - positives), model.Summary.MajorityAccuracy, 1e-12);
        Assert.AreEqual(model.History.Max(epoch => epoch.ValidationAccuracy), model.Summary.BestAccuracy);
        Assert.IsGreaterThan(model.Summary.ValidationAccuracy, model.Summary.BestAccuracy, "the bound costs something");
    }
}
