using System.Text;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Persistence;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>
/// Every dual optimizer and every form of it: what the common laws are checked on. A new optimizer is admitted by a row here.
/// </summary>
public static class DualOptimizersUnderTest
{
    private static readonly Dictionary<string, DualOptimizerOptions> Rows = new()
    {
        ["iALM"] = new InexactAugmentedLagrangianOptions { Beta = 1, Gamma = 0.4, Penalty = 1, InitialDuals = [0.2] },
        ["iALM, beta rule, raw"] = new InexactAugmentedLagrangianOptions
        {
            Beta = 0.7,
            Gamma = 1,
            PenaltyIsBeta = true,
            PenalizeSlack = true
        },
        ["iALM, momentum, no penalty"] = new InexactAugmentedLagrangianOptions
        {
            Beta = 1,
            Gamma = 1,
            Penalty = 0,
            Momentum = 0.6,
            DualUpperBound = 0.5
        },
        ["iALM, tolerance"] = new InexactAugmentedLagrangianOptions { Beta = 1, Gamma = 1, Penalty = 1, Tolerance = 0.05 },
        ["ALM"] = new AugmentedLagrangianOptions { LearningRate = 0.3, InitialDuals = [0.1] },
        ["ALM, momentum, restart"] = new AugmentedLagrangianOptions { LearningRate = 0.3, Momentum = 0.5, Restart = true },
        ["ALM, HPR"] = new AugmentedLagrangianOptions
        {
            LearningRate = 0.3,
            Penalty = 0.8,
            HestenesPowellRockafellar = true
        },
        ["nuPI"] = new NuPIOptions { Nu = 0.3, IntegralGain = 0.1, Penalty = 0.5 },
        ["PBM"] = new PenaltyBarrierOptions { InitialDuals = [0.3] },
        ["PBM, reciprocal, aimd"] = new PenaltyBarrierOptions
        {
            ReciprocalBarrier = true,
            PenaltyUpdate = BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease,
            PenaltyMultiplier = 0.5,
            InitialDuals = [0.3],
        },
        ["SSG"] = new SwitchingSubgradientOptions { SwitchOnUpdate = false },
        ["SSG, on update"] = new SwitchingSubgradientOptions { ConstraintScale = 2 },
    };

    public static IEnumerable<object[]> Names => Rows.Keys.Select(name => new object[] { name });

    public static bool TakesEqualities(string name) => !name.StartsWith("PBM", StringComparison.Ordinal);

    /// <summary>True where the optimizer has multipliers and descends a Lagrangian.</summary>
    public static bool HasDuals(string name) => !name.StartsWith("SSG", StringComparison.Ordinal);

    public static DualOptimizerOptions Options(string name) => Rows[name];

    /// <summary>Blocks 'first' and 'second' of 2 and 3 constraints; the first holds equalities where the optimizer takes them.</summary>
    public static DualOptimizer Create(string name, ScalarType dtype = ScalarType.Float64) => Create(name, dtype,
        ("first", 2, TakesEqualities(name) ? ConstraintKind.Equality : ConstraintKind.Inequality),
            ("second", 3, ConstraintKind.Inequality));

    public static DualOptimizer Create(string name, ScalarType dtype, params (string Name, int Count, ConstraintKind Kind)[] blocks) =>
        Rows[name].Create(blocks, dtype, null);

    /// <summary>The options as they are written.</summary>
    public static string Text(DualOptimizerOptions options) => Encoding.UTF8.GetString(ModelJson.Write(options));

    /// <summary>The state of a block, for what only the method itself knows.</summary>
    internal static TState StateOf<TState>(this DualOptimizer optimizer, int block = 0)
        where TState : DualBlockState => (TState)optimizer.StateDict().Blocks[block];

    /// <summary>Least and largest multiplier of a block.</summary>
    internal static (double Lower, double Upper) RangeOf(this DualOptimizer optimizer, int block)
        => optimizer.StateDict().Blocks[block].DualRange;

    /// <summary>The multipliers of a block.</summary>
    internal static double[] DualsOf(this DualOptimizer optimizer, string name)
        => [.. optimizer.StateDict().Blocks.Single(block => block.Name == name).Duals];
}
