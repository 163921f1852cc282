using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

[TestClass]
public sealed class SliceTests
{
    [TestMethod]
    public void Fit_UnderDemographicParity_SavesAndLoadsWithoutRegistration()
    {
        var context = new MLContext(1);
        var data = Census.View(context, 4000);
        var model = context.Constrained().Trainers.BinaryClassification(Census.Options(Fairness.DemographicParity("Sex", 0.05))).Fit(data);
        using var file = new MemoryStream();
        context.Model.Save(model, data.Schema, file);

        var loaded = new MLContext().Model.Load(file, out var schema);

        var chain = loaded as TransformerChain<ITransformer>;
        var last = (ConstrainedBinaryClassificationTransformer)(chain is null ? loaded : chain.LastTransformer);
        CollectionAssert.AreEqual(
            model.Transform(data).GetColumn<float>("Score").ToArray(),
            loaded.Transform(data).GetColumn<float>("Score").ToArray());
        CollectionAssert.AreEqual(model.Duals.ToArray(), last.Duals.ToArray());
        Assert.AreEqual(model.Summary.ToString(), last.Summary.ToString());
        Assert.IsTrue(model.Summary.IsFeasible, model.Summary.ToString());
        var metrics = context.BinaryClassification.Evaluate(loaded.Transform(data));
        Assert.IsTrue(metrics.Accuracy > 0.6, $"{metrics.Accuracy}");
    }
}
