using HumanCompatible.ML.Networks;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Networks;

[TestClass]
public sealed class NetworkMemoryTests
{
    [TestMethod]
    public void Check_WhatFits_Passes() => NetworkMemory.Check(Layers(100, 64, 64, 1), available: 100_000_000);

    [TestMethod]
    public void Check_MoreThanThereIs_SaysHowMuch() => Assert.AreEqual(
        "The network [1000, 1000, 1] is too large for this machine: 1,002,001 weights take about 0.1 GB to train, of 0.1 GB that there "
            + "are. Give Network fewer hidden units.",
        Assert.ThrowsExactly<InvalidOperationException>(() => NetworkMemory.Check(Layers(1000, 1000, 1), 93_000_000)).Message);

    [TestMethod]
    public void Check_LayerLongerThanASpan_NamesIt() => StringAssert.Contains(
        Assert.ThrowsExactly<InvalidOperationException>(() => NetworkMemory.Check(Layers(10, 65536, 65536, 1), long.MaxValue)).Message,
        "layer 1 has 4,294,967,296 weights, of which 536,870,911 are possible");

    [TestMethod]
    public void Check_NormalizedBlocks_CountsWhatTheyKeep()
    {
        // Weights; biases, gains, shifts, means and variances; what three layers give for the rows that are measured at a time.
        var network = Layers(Network.ResidualPerceptron(64, blocks: 1, normalization: Normalization.Batch));
        const long Bytes = 4 * ((7 * ((10 * 64) + (2 * 64 * 64) + 64 + (3 * 5 * 64) + 1)) + (3 * 8192 * 64));

        NetworkMemory.Check(network, Bytes);

        Assert.ThrowsExactly<InvalidOperationException>(() => NetworkMemory.Check(network, Bytes - 1));

        static LayeredArchitecture Layers(NetworkDefinition definition) => LayeredArchitecture.Of(definition, 10, 1);
    }

    [TestMethod]
    public void TrainableNetwork_TooLarge_IsRefusedBeforeItIsDrawn()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.ThrowsExactly<InvalidOperationException>(() => new TrainableNetwork(
            Network.MultilayerPerceptron([.. Enumerable.Repeat(20_000, 64)]), 20, 1, 1, torch.CPU));
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static LayeredArchitecture Layers(params int[] widths)
        => new([.. widths.Zip(widths.Skip(1), (before, width) => new Layer(before, width))], Activation.ReLU, 0);
}
