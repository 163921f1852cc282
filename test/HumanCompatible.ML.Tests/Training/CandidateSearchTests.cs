using HumanCompatible.ML.Constraints;
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
        Assert.AreEqual((Epochs + 1) * (summary.TrainingRows + summary.ValidationRows) + summary.SafetyRows,
            UserNetworks.Evaluated.Rows);
    }
}
