using HumanCompatible.ML.Samples.Scenarios;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Samples;

/// <summary>
/// Compiled where Microsoft.ML.TorchSharp is referenced. The pipeline is built, not fitted: fitting downloads a pretrained model.
/// </summary>
[TestClass]
public sealed class TextClassificationTests
{
    [TestMethod]
    public void Catalog_HasTheScenario()
        => Assert.AreEqual(1, ScenarioCatalog.All.Count(scenario => scenario.Name == "text-classification"));

    [TestMethod]
    public void Pipeline_PutsBothTrainersInOneChain()
    {
        var ml = new MLContext(1);

        var schema = TextClassification.Pipeline(ml, numberOfEpochs: 1)
            .GetOutputSchema(Schemas.Shape(TextClassification.Rows(ml).Schema));

        var names = schema.Select(column => column.Name).ToList();
        CollectionAssert.IsSubsetOf(new[] { "TextPrediction", "TextScores", "Score", "Probability", "PredictedLabel" }, names);
    }

    [TestMethod]
    public void Rows_WomenAreShortlistedLessOften()
    {
        var rows = TextClassification.Rows(new MLContext(1));
        var bySex = rows.GetColumn<string>("Sex").Zip(rows.GetColumn<bool>("Shortlisted")).ToLookup(row => row.First, row => row.Second);

        Assert.AreEqual(6, bySex["Male"].Count(shortlisted => shortlisted));
        Assert.AreEqual(4, bySex["Female"].Count(shortlisted => shortlisted));
    }
}
