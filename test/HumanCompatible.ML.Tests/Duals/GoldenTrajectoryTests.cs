using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>Every recorded run, step by step: fed with the recorded losses and constraints, and closed-loop on the toy problem.</summary>
[TestClass]
public sealed class GoldenTrajectoryTests
{
    public static IEnumerable<object[]> Files => GoldenTrajectory.Files().Select(path => new object[] { path });

    public static string NameOf(System.Reflection.MethodInfo method, object[] data)
        => $"{method.Name}({Path.GetFileNameWithoutExtension((string)data[0])})";

    [TestMethod]
    public void Files_HoldAllRecordedRuns() => Assert.IsGreaterThanOrEqualTo(26, GoldenTrajectory.Files().Count());

    [TestMethod]
    [DynamicData(nameof(Files), DynamicDataDisplayName = nameof(NameOf))]
    public void Fed_ReproducesEveryQuantity(string path)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenTrajectory.Load(path);
        var optimizer = GoldenOptimizers.Create(golden);
        AssertClose(golden.InitialDuals, optimizer.DualValues, 1e-12, "initial duals");
        for (var step = 0; step < golden.Steps; step++)
        {
            using var loss = tensor(golden.At("loss", step)[0], dtype: ScalarType.Float64);
            using var constraints = tensor(golden.At("constraints", step), dtype: ScalarType.Float64);
            using var lagrangian = golden.IsSplit ? optimizer.Forward(loss, constraints) : optimizer.ForwardUpdate(loss, constraints);
            if (golden.IsSplit)
                optimizer.Update(constraints);
            AssertStep(golden, optimizer, lagrangian, step, 1e-12);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Files), DynamicDataDisplayName = nameof(NameOf))]
    public void ClosedLoop_ReproducesEveryQuantity(string path)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenTrajectory.Load(path);
        var optimizer = GoldenOptimizers.Create(golden);
        var x = tensor(golden.ProblemMatrix("X"), dtype: ScalarType.Float64);
        var y = tensor(golden.Problem("y"), dtype: ScalarType.Float64);
        var a = tensor(golden.ProblemMatrix("A"), dtype: ScalarType.Float64);
        var offsets = tensor(golden.Problem("offsets"), dtype: ScalarType.Float64);
        var w = tensor(golden.Problem("w0"), dtype: ScalarType.Float64).requires_grad_();
        var b = tensor(golden.Problem("b0")[0], dtype: ScalarType.Float64).requires_grad_();
        for (var step = 0; step < golden.Steps; step++)
        {
            using var inner = NewDisposeScope();
            var prediction = x.matmul(w) + b;
            var loss = (prediction - y).pow(2).mean();
            var constraints = a.matmul(prediction) / y.numel() - offsets;
            var lagrangian = golden.IsSplit ? optimizer.Forward(loss, constraints) : optimizer.ForwardUpdate(loss, constraints);
            lagrangian.backward();
            using (no_grad())
            {
                w.sub_(w.grad! * golden.LearningRate);
                b.sub_(b.grad! * golden.LearningRate);
                w.grad!.zero_();
                b.grad!.zero_();
            }

            if (golden.IsSplit)
                optimizer.Update(constraints);
            AssertClose(golden.At("loss", step), [loss.item<double>()], 1e-6, $"loss, step {step}");
            AssertClose(golden.At("constraints", step), constraints.detach().data<double>().ToArray(), 1e-6, $"constraints, step {step}");
            AssertStep(golden, optimizer, lagrangian, step, 1e-6);
            AssertClose(golden.At("params", step), [.. w.detach().data<double>().ToArray(), b.item<double>()], 1e-6,
                $"params, step {step}");
        }
    }

    private static void AssertStep(GoldenTrajectory golden, DualOptimizer optimizer, Tensor lagrangian, int step, double tolerance)
    {
        AssertClose(golden.At("lagrangian", step), [lagrangian.item<double>()], tolerance, $"lagrangian, step {step}");
        AssertClose(golden.At("duals", step), optimizer.DualValues, tolerance, $"duals, step {step}");
        foreach (var quantity in new[] { "betas", "buffers", "penalties" }.Where(golden.Records))
            AssertClose(golden.At(quantity, step), GoldenOptimizers.Quantity(optimizer, quantity), tolerance, $"{quantity}, step {step}");
    }

    /// <summary>Relative to each expected number; a number below 1e-3 of the vector's largest is compared to that share of it.</summary>
    private static void AssertClose(double[] expected, IReadOnlyList<double> actual, double tolerance, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        var floor = 1e-3 * expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = tolerance * Math.Max(Math.Abs(expected[i]), floor);
            Assert.IsLessThanOrEqualTo(allowed, Math.Abs(expected[i] - actual[i]),
                $"{what}, element {i}: expected {expected[i]:R}, actual {actual[i]:R}");
        }
    }
}
