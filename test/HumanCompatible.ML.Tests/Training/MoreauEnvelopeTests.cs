using HumanCompatible.ML.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class MoreauEnvelopeTests
{
    [TestMethod]
    public void Step_AddsThePullAndMovesTheCenterByTheOldParameter()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0 }).requires_grad_();
        using var envelope = new MoreauEnvelope([x], mu: 3, beta: .25);
        double[] z = [1, 2], expected = [1, 2];
        for (var step = 0; step < 4; step++)
        {
            // f(x) = x², SGD with rate .1.
            x.pow(2).sum().backward();
            envelope.Step();
            for (var j = 0; j < 2; j++)
            {
                var offset = expected[j] - z[j];
                var gradient = 2 * expected[j] + 3 * offset;
                Assert.AreEqual(gradient, x.grad![j].item<double>(), 1e-14);
                z[j] += .25 * offset;
                expected[j] -= .1 * gradient;
            }

            using (no_grad())
            {
                x.sub_(x.grad! * .1);
                x.grad!.zero_();
            }

            Assert.AreEqual(z[0], envelope.StateDict()[0][0], 1e-14);
        }
    }

    [TestMethod]
    public void Step_ParameterWithoutGradient_IsLeftOut()
    {
        using var scope = NewDisposeScope();
        var (used, unused) = (ones(2).requires_grad_(), ones(2).requires_grad_());
        using var envelope = new MoreauEnvelope([used, unused], mu: 1, beta: 1);
        using (no_grad())
            unused.add_(1);
        used.sum().backward();
        envelope.Step();
        CollectionAssert.AreEqual(new[] { 1.0, 1.0 }, envelope.StateDict()[1]);
    }

    [TestMethod]
    public void LoadStateDict_RestoresTheCentersExactly()
    {
        using var scope = NewDisposeScope();
        var x = rand(3, 2).requires_grad_();
        using var envelope = new MoreauEnvelope([x]);
        var saved = envelope.StateDict();
        using (no_grad())
            x.add_(1);
        x.sum().backward();
        envelope.Step();
        Assert.AreNotEqual(saved[0][0], envelope.StateDict()[0][0]);
        envelope.LoadStateDict(saved);
        CollectionAssert.AreEqual(saved[0], envelope.StateDict()[0]);
    }

    [TestMethod]
    public void LoadStateDict_OtherSize_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var envelope = new MoreauEnvelope([ones(2), ones(2)]);
        double[][] bad = [[5, 5], [5, 5, 5]];
        var exception = Assert.ThrowsExactly<ArgumentException>(() => envelope.LoadStateDict(bad));
        StringAssert.EndsWith(exception.Message, "- centers[1] must hold 2 number(s), got 3.");
        CollectionAssert.AreEqual(new[] { 1.0, 1.0 }, envelope.StateDict()[0]);
        Assert.ThrowsExactly<ArgumentException>(() => envelope.LoadStateDict([[5, 5]]));
        Assert.ThrowsExactly<ArgumentException>(() => envelope.LoadStateDict([[5, 5], [5, double.NaN]]));
    }

    [TestMethod]
    public void Constructor_EverythingWrong_ReportsAllOfIt()
    {
        using var scope = NewDisposeScope();
        var exception = Assert.ThrowsExactly<ArgumentException>(()
            => new MoreauEnvelope([zeros(1, dtype: ScalarType.Int64)], mu: -1, beta: 2));
        Assert.AreEqual(
            string.Join(
                Environment.NewLine, "MoreauEnvelope: 3 problems.", "- parameter 0 is Int64; expected Float32 or Float64.",
                "- mu must be at least 0 and finite, got -1.", "- beta must be from 0 to 1, got 2."),
            exception.Message);
        Assert.ThrowsExactly<ArgumentException>(() => new MoreauEnvelope([]));
    }

    [TestMethod]
    public void LifeCycle_LeavesNoTensorBehind()
    {
        using var scope = NewDisposeScope();
        var x = rand(3).requires_grad_();
        x.sum().backward();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var envelope = new MoreauEnvelope([x]))
        {
            envelope.Step();
            envelope.LoadStateDict(envelope.StateDict());
            Assert.AreEqual(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
