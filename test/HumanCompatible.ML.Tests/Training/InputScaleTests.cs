using HumanCompatible.ML.Features;
using HumanCompatible.ML.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Tests.Training;

[TestClass]
public sealed class InputScaleTests
{
    private const double LearningRate = 0.05;
    private const double Decay = 0.1;

    private static readonly float[] Factors = [1, 0.03f, 0.5f];

    [TestMethod]
    public void Step_MovesTheWeightsAsTorchMovesAProduct()
    {
        using var scope = torch.NewDisposeScope();
        using var weights = new Parameter(Drawn());
        using var bias = new Parameter(torch.zeros(2));
        using var ours = Optimizer(weights, bias);
        ours.Start(Factors);
        using var unscaled = new Parameter(Drawn());
        using var factors = new Parameter(torch.tensor(Factors));
        using var otherBias = new Parameter(torch.zeros(2));
        using var ofWeights = torch.optim.AdamW([unscaled, otherBias], LearningRate, weight_decay: Decay);
        using var ofFactors = torch.optim.AdamW([factors], 6 * LearningRate, weight_decay: 0);
        for (var step = 0; step < 20; step++)
        {
            ours.Step(Objective(weights, bias));
            ofWeights.zero_grad();
            ofFactors.zero_grad();
            Objective(unscaled.mul(factors), otherBias).backward();
            ofWeights.step();
            ofFactors.step();
            Assert.IsLessThan(1e-5f, weights.sub(unscaled.mul(factors)).abs().max().item<float>(), $"step {step}");
            Assert.IsLessThan(1e-5f, bias.sub(otherBias).abs().max().item<float>(), $"step {step}");
        }
    }

    [TestMethod]
    public void Gradients_InHostMemory_AreThoseOfTheDevice()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var scale = Scale(out _);
        var gradient = torch.tensor(new float[,] { { 1, -2, 3 }, { 4, 5, -6 } });
        var other = gradient.clone();

        var ofFactors = scale.Gradients(gradient);
        var ofOtherFactors = scale.GradientsOnDevice(other);

        CollectionAssert.AreEqual(new[] { 1, -2 * 0.03f, 1.5f, 4, 5 * 0.03f, -3 }, gradient.data<float>().ToArray());
        CollectionAssert.AreEqual(gradient.data<float>().ToArray(), other.data<float>().ToArray());
        Assert.IsLessThan(1e-6f, ofFactors.sub(ofOtherFactors).abs().max().item<float>());
        Assert.IsGreaterThan(0.1f, ofFactors.abs().max().item<float>());
    }

    [TestMethod]
    public void Multiply_InHostMemory_IsThatOfTheDevice()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var scale = Scale(out var weights);
        Assert.IsLessThan(1e-7f, weights.sub(Drawn().mul(torch.tensor(Factors))).abs().max().item<float>());
        var expected = weights.clone();
        weights.zero_();

        scale.MultiplyOnDevice();
        CollectionAssert.AreEqual(expected.data<float>().ToArray(), weights.data<float>().ToArray());
        weights.zero_();
        scale.Multiply();
        CollectionAssert.AreEqual(expected.data<float>().ToArray(), weights.data<float>().ToArray());
    }

    [TestMethod]
    public void Load_WhatWasSaved_GoesOnAsIfNothingHadBeen()
    {
        using var scope = torch.NewDisposeScope();
        using var weights = new Parameter(Drawn());
        using var bias = new Parameter(torch.zeros(2));
        using var ours = Optimizer(weights, bias);
        ours.Start(Factors);
        ours.Step(Objective(weights, bias));
        using var copy = new Parameter(weights.detach().clone());
        using var copiedBias = new Parameter(bias.detach().clone());
        using var other = Optimizer(copy, copiedBias);
        other.Load(ours.Save());

        ours.Step(Objective(weights, bias));
        other.Step(Objective(copy, copiedBias));

        CollectionAssert.AreEqual(weights.data<float>().ToArray(), copy.data<float>().ToArray());
    }

    [TestMethod]
    public void Load_OfAnotherNumberOfInputs_ChangesNothing()
    {
        using var weights = new Parameter(torch.ones(2, 3));
        using var scale = new InputScale(weights);
        var before = scale.Save();

        Assert.ThrowsExactly<ArgumentException>(() => scale.Load(before with { Factors = [1, 2] }));

        CollectionAssert.AreEqual(before.Factors, scale.Save().Factors);
    }

    [TestMethod]
    public void Start_OfAnEncoder_IsSmallForBinsOnly()
    {
        var encoder = FeatureEncoder.Fit(new() { MaximumDirectValues = 3, RowsPerBin = 1, MaximumBins = 4 },
            [.. Enumerable.Range(0, 12).SelectMany(row => new float[] { row % 2, row })], 2);
        Assert.AreEqual(new Bins(2, 4), encoder.Bins.Single());

        CollectionAssert.AreEqual(new[] { 1, 1, 0.03f, 0.03f, 0.03f, 0.03f }, InputScale.Start(encoder));
    }

    private static InputScale Scale(out Parameter weights)
    {
        weights = new Parameter(Drawn());
        var scale = new InputScale(weights);
        scale.SetFactors(Factors);
        return scale;
    }

    private static PrimalOptimizer Optimizer(Parameter weights, Parameter bias)
        => new([weights, bias], LearningRate, Decay, new(), scalesInputs: true);

    private static torch.Tensor Drawn()
    {
        using var generator = new torch.Generator(2);
        return torch.randn([2, 3], generator: generator);
    }

    private static torch.Tensor Objective(torch.Tensor weights, torch.Tensor bias)
    {
        using var scope = torch.NewDisposeScope();
        var inputs = torch.tensor(new float[,] { { 1, 2, -1 }, { 0.5f, -3, 2 } });
        return inputs.matmul(weights.t()).add(bias).sub(1).pow(2).sum().MoveToOuterDisposeScope();
    }
}
