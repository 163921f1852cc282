using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>The linear network with its defaults is logistic regression.</summary>
[TestClass]
public sealed class LinearNetworkTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Fit_Defaults_IsAsAccurateAsLogisticRegression(int seed)
    {
        var ml = new MLContext(1);
        var people = Census.People(25_000, seed);
        IDataView train = ml.Data.LoadFromEnumerable(people[..5000]), test = ml.Data.LoadFromEnumerable(people[5000..]);
        var scale = ml.Transforms.NormalizeMeanVariance("Features").Fit(train);
        (train, test) = (scale.Transform(train), scale.Transform(test));
        CalibratedBinaryClassificationMetrics Evaluate(ITransformer model) => ml.BinaryClassification.Evaluate(model.Transform(test));

        var linear = ml.Constrained().Trainers.BinaryClassification(new()
        {
            Network = Network.Linear(),
            FeatureEncoding = FeatureEncoding.None,
            Seed = seed,
        });

        // A fifth of the rows chooses the epoch and does not train.
        var (expected, actual) = (Evaluate(ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(train)),
            Evaluate(linear.Fit(train)));
        Assert.IsGreaterThan(expected.Accuracy - 0.005, actual.Accuracy);
        Assert.AreEqual(expected.LogLoss, actual.LogLoss, 0.01);
    }
}
