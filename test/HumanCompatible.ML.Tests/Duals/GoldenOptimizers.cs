using System.Text.Json;
using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>Builds the optimizer that a recorded run describes; an unknown setting is an error, so that no file passes unread.</summary>
public static class GoldenOptimizers
{
    public static DualOptimizer Create(GoldenTrajectory golden) => golden.Optimizer switch
    {
        "iALM" => InexactAugmentedLagrangian(golden),
        "ALM" => AugmentedLagrangian(golden),
        "nuPI" => NuPI(golden),
        "PBM" => PenaltyBarrier(golden),
        var other => throw new InvalidDataException($"{golden.Path}: no optimizer '{other}'."),
    };

    /// <summary>What the optimizer has of a recorded quantity besides loss, constraints, Lagrangian, duals and parameters.</summary>
    public static double[] Quantity(DualOptimizer optimizer, string name) => (optimizer, name) switch
    {
        (InexactAugmentedLagrangian ialm, "betas") => [.. ialm.Groups.Select(group => group.Beta)],
        (InexactAugmentedLagrangian ialm, "buffers")
            => [.. ialm.Groups.Where(group => group.Momentum > 0).SelectMany(group => group.MomentumBuffer)],
        (AugmentedLagrangian alm, "buffers") => [.. alm.Groups.SelectMany(group => group.MomentumBuffer)],
        (PenaltyBarrier pbm, "penalties") => [.. pbm.Groups.SelectMany(group => group.Penalties)],
        _ => throw new InvalidDataException($"{optimizer.GetType().Name} has no '{name}'."),
    };

    private static InexactAugmentedLagrangian InexactAugmentedLagrangian(GoldenTrajectory golden)
    {
        var root = golden.Root;
        InexactAugmentedLagrangian? optimizer = null;
        foreach (var group in root.GetProperty("groups").EnumerateArray())
        {
            Know(golden, group, "m", "beta", "sigma", "gamma", "init_duals", "dual_range", "momentum", "dampening", "is_ineq",
                "inequality_penalty", "ctol");
            var count = group.GetProperty("m").GetInt32();
            double beta = golden.Number(group, "beta", 1), sigma = golden.Number(group, "sigma", 1),
                gamma = golden.Number(group, "gamma", 1);
            double momentum = golden.Number(group, "momentum", 0), tolerance = golden.Number(group, "ctol", 0);
            double? dampening = group.TryGetProperty("dampening", out var value) && value.ValueKind == JsonValueKind.Number
                ? value.GetDouble() : null;
            var isInequality = Flag(group, "is_ineq");
            var initialDuals = group.TryGetProperty("init_duals", out value) ? GoldenTrajectory.Vector(value) : null;
            var kind = Squared(group);
            if (optimizer is null)
            {
                optimizer = new(
                    count, beta, sigma, gamma, initialDuals, golden.Number(root, "penalty", 1), Range(group), momentum, dampening,
                        isInequality, tolerance,
                    root.GetProperty("penalty_rule").GetString() == "beta" ? PenaltyRule.Beta : PenaltyRule.Fixed, kind,
                        dtype: ScalarType.Float64);
            }
            else
            {
                optimizer.AddConstraintGroup(count, beta, sigma, gamma, initialDuals, Range(group), momentum, dampening, isInequality,
                    tolerance, kind);
            }
        }

        return optimizer!;
    }

    private static AugmentedLagrangian AugmentedLagrangian(GoldenTrajectory golden)
    {
        var config = golden.Root.GetProperty("config");
        Know(golden, config, "lr", "penalty", "dual_range", "momentum", "dampening", "is_ineq", "restart", "augmentation",
            "inequality_penalty", "init_duals");
        var momentum = golden.Number(config, "momentum", 0);
        return new(
            golden.Root.GetProperty("m").GetInt32(), golden.Number(config, "lr", .01), golden.InitialDuals,
                golden.Number(config, "penalty", 1), Range(config),
            momentum, golden.Number(config, "dampening", momentum), Flag(config, "is_ineq"), Flag(config, "restart"),
            config.TryGetProperty("augmentation", out var form) && form.GetString() == "hpr"
                ? Augmentation.HestenesPowellRockafellar : Augmentation.Quadratic,
            Squared(config), dtype: ScalarType.Float64);
    }

    private static NuPI NuPI(GoldenTrajectory golden)
    {
        var config = golden.Root.GetProperty("config");
        Know(golden, config, "nu", "ki", "kp", "penalty", "dual_range", "is_ineq", "inequality_penalty", "init_duals");
        return new(
            golden.Root.GetProperty("m").GetInt32(), golden.Number(config, "nu", .01), golden.Number(config, "ki", .01),
                golden.Number(config, "kp", 1),
            golden.InitialDuals, golden.Number(config, "penalty", 0), Range(config), Flag(config, "is_ineq"), Squared(config),
                dtype: ScalarType.Float64);
    }

    private static PenaltyBarrier PenaltyBarrier(GoldenTrajectory golden)
    {
        var config = golden.Root.GetProperty("config");
        Know(golden, config, "penalty_update", "penalty_mult", "gamma", "delta", "epoch_length", "dual_range", "penalty_range", "pbf",
            "rho", "gamma_annealing", "penalty_annealing", "init_duals");
        var update = config.GetProperty("penalty_update").GetString() switch
        {
            "const" => BarrierPenaltyUpdate.Constant,
            "dimin" => BarrierPenaltyUpdate.Diminishing,
            "dimin_dual" => BarrierPenaltyUpdate.DiminishingByDual,
            "dimin_adapt" => BarrierPenaltyUpdate.DiminishingAdaptive,
            "aimd" => BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease,
            "alm" => BarrierPenaltyUpdate.AugmentedLagrangian,
            var other => throw new InvalidDataException($"{golden.Path}: penalty_update '{other}' is unknown."),
        };
        var barrier = config.TryGetProperty("pbf", out var function) && function.GetString() == "quadratic_reciprocal"
            ? BarrierFunction.QuadraticReciprocal
            : BarrierFunction.QuadraticLogarithmic;
        return new(
            golden.Root.GetProperty("m").GetInt32(), golden.Number(config, "penalty_mult", .1), golden.Number(config, "gamma", .1),
                golden.Number(config, "delta", 1),
            update, barrier, golden.InitialDuals, null, Range(config), Range(config, "penalty_range"),
                Flag(config, "gamma_annealing", true),
            Flag(config, "penalty_annealing", true), config.TryGetProperty("epoch_length", out var length) ? length.GetInt32() : null,
            golden.Number(config, "rho", 2), dtype: ScalarType.Float64);
    }

    /// <summary>The recordings square the raw constraint unless they say otherwise.</summary>
    private static InequalityPenalty Squared(JsonElement element) =>
        element.TryGetProperty("inequality_penalty", out var value) && value.GetString() == "violation"
            ? InequalityPenalty.Violation : InequalityPenalty.Raw;

    private static void Know(GoldenTrajectory golden, JsonElement element, params string[] names)
    {
        foreach (var property in element.EnumerateObject())
            Assert.Contains(property.Name, names, golden.Path);
    }

    private static bool Flag(JsonElement element, string name, bool fallback = false)
        => element.TryGetProperty(name, out var value) ? value.GetBoolean() : fallback;

    private static (double, double)? Range(JsonElement element, string name = "dual_range") =>
        element.TryGetProperty(name, out var range) ? (range[0].GetDouble(), range[1].GetDouble()) : null;
}
