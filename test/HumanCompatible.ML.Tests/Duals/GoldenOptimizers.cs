using System.Text.Json;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>Builds the optimizer that a recorded run describes; an unknown setting is an error, so that no file passes unread.</summary>
public static class GoldenOptimizers
{
    public static DualOptimizer Create(GoldenTrajectory golden) => golden.Optimizer switch
    {
        "iALM" => InexactAugmentedLagrangian(golden),
        var other => throw new InvalidDataException($"{golden.Path}: no optimizer '{other}'."),
    };

    /// <summary>What the optimizer has of a recorded quantity besides loss, constraints, Lagrangian, duals and parameters.</summary>
    public static double[] Quantity(DualOptimizer optimizer, string name) => (optimizer, name) switch
    {
        (InexactAugmentedLagrangian ialm, "betas") => [.. ialm.Groups.Select(group => group.Beta)],
        (InexactAugmentedLagrangian ialm, "buffers") => [.. ialm.Groups.Where(group => group.Momentum > 0).SelectMany(group => group.MomentumBuffer)],
        _ => throw new InvalidDataException($"{optimizer.GetType().Name} has no '{name}'."),
    };

    private static InexactAugmentedLagrangian InexactAugmentedLagrangian(GoldenTrajectory golden)
    {
        var root = golden.Root;
        InexactAugmentedLagrangian? optimizer = null;
        foreach (var group in root.GetProperty("groups").EnumerateArray())
        {
            Know(golden, group, "m", "beta", "sigma", "gamma", "init_duals", "dual_range", "momentum", "dampening", "is_ineq", "inequality_penalty", "ctol");
            int count = group.GetProperty("m").GetInt32();
            double beta = golden.Number(group, "beta", 1), sigma = golden.Number(group, "sigma", 1), gamma = golden.Number(group, "gamma", 1);
            double momentum = golden.Number(group, "momentum", 0), tolerance = golden.Number(group, "ctol", 0);
            double? dampening = group.TryGetProperty("dampening", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
            bool isInequality = Flag(group, "is_ineq");
            double[]? initialDuals = group.TryGetProperty("init_duals", out value) ? GoldenTrajectory.Vector(value) : null;
            var kind = group.TryGetProperty("inequality_penalty", out value) && value.GetString() == "violation" ? InequalityPenalty.Violation : InequalityPenalty.Raw;
            if (optimizer is null)
            {
                optimizer = new(
                    count, beta, sigma, gamma, initialDuals, golden.Number(root, "penalty", 1), Range(group), momentum, dampening, isInequality, tolerance,
                    root.GetProperty("penalty_rule").GetString() == "beta" ? PenaltyRule.Beta : PenaltyRule.Fixed, kind, dtype: ScalarType.Float64);
            }
            else
            {
                optimizer.AddConstraintGroup(count, beta, sigma, gamma, initialDuals, Range(group), momentum, dampening, isInequality, tolerance, kind);
            }
        }

        return optimizer!;
    }

    private static void Know(GoldenTrajectory golden, JsonElement element, params string[] names)
    {
        foreach (var property in element.EnumerateObject())
            Assert.Contains(property.Name, names, golden.Path);
    }

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.GetBoolean();

    private static (double, double)? Range(JsonElement element) =>
        element.TryGetProperty("dual_range", out var range) ? (range[0].GetDouble(), range[1].GetDouble()) : null;
}
