using HumanCompatible.ML.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class WeightAverageTests
{
    [TestMethod]
    public void Add_FirstSteps_GiveThePlainMean()
    {
        using var weights = new Parameter(torch.zeros(2));
        using var average = new WeightAverage([weights], 100);
        foreach (var value in new[] { 3f, 6f, 9f })
        {
            Set(weights, value);
            average.Add();
        }

        Assert.AreEqual(6, average.Save()[0][0], 1e-6);
    }

    [TestMethod]
    public void Add_LaterSteps_ForgetAtTheRate()
    {
        using var weights = new Parameter(torch.zeros(1));
        using var average = new WeightAverage([weights], 2);
        foreach (var value in new[] { 4f, 4f, 0f, 8f })
        {
            Set(weights, value);
            average.Add();
        }

        Assert.AreEqual(5, average.Save()[0][0], 1e-6);
    }

    [TestMethod]
    public void Add_WithAStride_TakesInEveryOtherStep()
    {
        using var weights = new Parameter(torch.zeros(1));
        using var average = new WeightAverage([weights], 4, 2);
        var seen = new List<float>();
        foreach (var value in new[] { 9f, 2f, 9f, 6f, 9f, 8f })
        {
            Set(weights, value);
            average.Add();
            seen.Add(average.Save()[0][0]);
        }

        CollectionAssert.AreEqual(new[] { 0f, 2f, 2f, 4f, 4f, 6f }, seen);
    }

    [TestMethod]
    public void InPlaceOfWeights_UntilDisposed_ThenTheWeightsAreBack()
    {
        using var weights = new Parameter(torch.zeros(1));
        using var average = new WeightAverage([weights], 10);
        Set(weights, 1);
        average.Add();
        Set(weights, 3);
        average.Add();
        using (average.InPlaceOfWeights())
            Assert.AreEqual(2f, weights.item<float>());
        Assert.AreEqual(3f, weights.item<float>());
        Assert.IsTrue(weights.requires_grad);
    }

    [TestMethod]
    public void Load_OfAnotherNetwork_Throws_AndChangesNothing()
    {
        using var weights = new Parameter(torch.ones(2));
        using var average = new WeightAverage([weights], 10);
        Assert.ThrowsExactly<ArgumentException>(() => average.Load(1, [[1f, 2f, 3f]]));
        CollectionAssert.AreEqual(new[] { 1f, 1f }, average.Save()[0]);
        average.Load(4, [[5f, 6f]]);
        Assert.AreEqual(4, average.Count);
        CollectionAssert.AreEqual(new[] { 5f, 6f }, average.Save()[0]);
    }

    [TestMethod]
    public void LeavesNoTensor()
    {
        using var weights = new Parameter(torch.ones(2));
        using var scope = torch.NewDisposeScope();
        var before = torch.Tensor.TotalCount;
        using (var average = new WeightAverage([weights], 10))
        {
            average.Add();
            average.InPlaceOfWeights().Dispose();
            average.Save();
        }

        Assert.AreEqual(before, torch.Tensor.TotalCount);
        Assert.AreEqual(0, scope.DisposablesCount);
    }

    private static void Set(Parameter weights, float value)
    {
        using var noGradient = torch.no_grad();
        weights.fill_(value);
    }
}
