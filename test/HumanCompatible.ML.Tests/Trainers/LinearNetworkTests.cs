using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using Microsoft.ML;

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
        var people = Census.People(9000, seed);
        IDataView train = ml.Data.LoadFromEnumerable(people[..5000]), test = ml.Data.LoadFromEnumerable(people[5000..]);
        var scale = ml.Transforms.NormalizeMeanVariance("Features").Fit(train);
        (train, test) = (scale.Transform(train), scale.Transform(test));
        double Accuracy(ITransformer model) => ml.BinaryClassification.Evaluate(model.Transform(test)).Accuracy;

        var linear = ml.Constrained().Trainers.BinaryClassification(new()
        {
            Network = Network.Linear(),
            FeatureEncoding = FeatureEncoding.None,
            Seed = seed,
        });

        Assert.IsGreaterThan(Accuracy(ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(train)) - 0.005,
            Accuracy(linear.Fit(train)));
    }
}
