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
        "ALM" => One(golden, AugmentedLagrangian(golden)),
        "nuPI" => One(golden, NuPI(golden)),
        "PBM" => One(golden, PenaltyBarrier(golden)),
        var other => throw new InvalidDataException($"{golden.Path}: no optimizer '{other}'."),
    };

    /// <summary>What the optimizer has of a recorded quantity besides loss, constraints, Lagrangian, duals and parameters.</summary>
    public static double[] Quantity(DualOptimizer optimizer, string name) =>
    [
        .. optimizer.StateDict().Blocks.SelectMany(block => (block, name) switch
        {
            (InexactAugmentedLagrangianBlockState ialm, "betas") => [ialm.Beta],
            (InexactAugmentedLagrangianBlockState ialm, "buffers") => ialm.Options.Momentum > 0 ? [.. ialm.MomentumBuffer] : [],
            (AugmentedLagrangianBlockState alm, "buffers") => [.. alm.MomentumBuffer],
            (PenaltyBarrierBlockState pbm, "penalties") => (double[])[.. pbm.Penalties],
            _ => throw new InvalidDataException($"{optimizer.GetType().Name} has no '{name}'."),
        }),
    ];

    private static DualOptimizer One(GoldenTrajectory golden, DualOptimizerOptions options)
    {
        var config = golden.Root.GetProperty("config");
        var kind = options is PenaltyBarrierOptions || Flag(config, "is_ineq") ? ConstraintKind.Inequality : ConstraintKind.Equality;
        return options.Create([("all", golden.Root.GetProperty("m").GetInt32(), kind)], ScalarType.Float64, null);
    }

    private static InexactAugmentedLagrangian InexactAugmentedLagrangian(GoldenTrajectory golden)
    {
        var root = golden.Root;
        var optimizer = new InexactAugmentedLagrangian(ScalarType.Float64, null);
        foreach (var (index, block) in root.GetProperty("groups").EnumerateArray().Index())
        {
            Know(golden, block, "m", "beta", "sigma", "gamma", "init_duals", "dual_range", "momentum", "dampening", "is_ineq",
                "inequality_penalty", "ctol");
            var kind = Flag(block, "is_ineq") ? ConstraintKind.Inequality : ConstraintKind.Equality;
            var options = new InexactAugmentedLagrangianOptions
            {
                Beta = golden.Number(block, "beta", 1),
                Sigma = golden.Number(block, "sigma", 1),
                Gamma = golden.Number(block, "gamma", 1),
                Momentum = golden.Number(block, "momentum", 0),
                Dampening = block.TryGetProperty("dampening", out var value) && value.ValueKind == JsonValueKind.Number
                    ? value.GetDouble() : null,
                Tolerance = golden.Number(block, "ctol", 0),
                InitialDuals = block.TryGetProperty("init_duals", out value) ? GoldenTrajectory.Vector(value) : null,
                Penalty = golden.Number(root, "penalty", 1),
                PenaltyIsBeta = root.GetProperty("penalty_rule").GetString() == "beta",
                PenalizeSlack = PenalizesSlack(block),
            };
            optimizer.AddConstraintGroup($"block{index}", block.GetProperty("m").GetInt32(), kind, WithRange(block, options));
        }

        return optimizer;
    }

    private static AugmentedLagrangianOptions AugmentedLagrangian(GoldenTrajectory golden)
    {
        var config = golden.Root.GetProperty("config");
        Know(golden, config, "lr", "penalty", "dual_range", "momentum", "dampening", "is_ineq", "restart", "augmentation",
            "inequality_penalty", "init_duals");
        var momentum = golden.Number(config, "momentum", 0);
        return WithRange(config, new AugmentedLagrangianOptions
        {
            LearningRate = golden.Number(config, "lr", .01),
            InitialDuals = golden.InitialDuals,
            Penalty = golden.Number(config, "penalty", 1),
            Momentum = momentum,
            Dampening = golden.Number(config, "dampening", momentum),
            Restart = Flag(config, "restart"),
            HestenesPowellRockafellar = config.TryGetProperty("augmentation", out var form) && form.GetString() == "hpr",
            PenalizeSlack = PenalizesSlack(config),
        });
    }

    private static NuPIOptions NuPI(GoldenTrajectory golden)
    {
        var config = golden.Root.GetProperty("config");
        Know(golden, config, "nu", "ki", "kp", "penalty", "dual_range", "is_ineq", "inequality_penalty", "init_duals");
        return WithRange(config, new NuPIOptions
        {
            Nu = golden.Number(config, "nu", .01),
            IntegralGain = golden.Number(config, "ki", .01),
            ProportionalGain = golden.Number(config, "kp", 1),
            InitialDuals = golden.InitialDuals,
            Penalty = golden.Number(config, "penalty", 0),
            PenalizeSlack = PenalizesSlack(config),
        });
    }

    private static PenaltyBarrierOptions PenaltyBarrier(GoldenTrajectory golden)
    {
        var config = golden.Root.GetProperty("config");
        Know(golden, config, "penalty_update", "penalty_mult", "gamma", "delta", "epoch_length", "dual_range", "penalty_range", "pbf",
            "rho", "gamma_annealing", "penalty_annealing", "init_duals");
        var (lower, upper) = Range(config, "penalty_range") ?? (.1, 1);
        return WithRange(config, new PenaltyBarrierOptions
        {
            PenaltyMultiplier = golden.Number(config, "penalty_mult", .1),
            Gamma = golden.Number(config, "gamma", .1),
            Delta = golden.Number(config, "delta", 1),
            PenaltyUpdate = config.GetProperty("penalty_update").GetString() switch
            {
                "const" => BarrierPenaltyUpdate.Constant,
                "dimin" => BarrierPenaltyUpdate.Diminishing,
                "dimin_dual" => BarrierPenaltyUpdate.DiminishingByDual,
                "dimin_adapt" => BarrierPenaltyUpdate.DiminishingAdaptive,
                "aimd" => BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease,
                "alm" => BarrierPenaltyUpdate.AugmentedLagrangian,
                var other => throw new InvalidDataException($"{golden.Path}: penalty_update '{other}' is unknown."),
            },
            ReciprocalBarrier = config.TryGetProperty("pbf", out var function) && function.GetString() == "quadratic_reciprocal",
            InitialDuals = golden.InitialDuals,
            PenaltyLowerBound = lower,
            PenaltyUpperBound = upper,
            GammaAnnealing = Flag(config, "gamma_annealing", true),
            PenaltyAnnealing = Flag(config, "penalty_annealing", true),
            EpochLength = config.TryGetProperty("epoch_length", out var length) ? length.GetInt32() : null,
            Rho = golden.Number(config, "rho", 2),
        });
    }

    /// <summary>The recordings square the raw constraint unless they say otherwise.</summary>
    private static bool PenalizesSlack(JsonElement element)
        => !element.TryGetProperty("inequality_penalty", out var value) || value.GetString() != "violation";

    private static void Know(GoldenTrajectory golden, JsonElement element, params string[] names)
    {
        foreach (var property in element.EnumerateObject())
            Assert.Contains(property.Name, names, golden.Path);
    }

    private static bool Flag(JsonElement element, string name, bool fallback = false)
        => element.TryGetProperty(name, out var value) ? value.GetBoolean() : fallback;

    private static T WithRange<T>(JsonElement element, T options)
        where T : MultiplierOptions
    {
        if (Range(element, "dual_range") is var (lower, upper))
            (options.DualLowerBound, options.DualUpperBound) = (lower, upper);
        return options;
    }

    private static (double, double)? Range(JsonElement element, string name) =>
        element.TryGetProperty(name, out var range) ? (range[0].GetDouble(), range[1].GetDouble()) : null;
}
