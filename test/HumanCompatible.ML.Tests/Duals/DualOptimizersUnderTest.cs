using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>
/// Every dual optimizer and every form of it: what the common laws are checked on. A new optimizer is admitted by a row here.
/// </summary>
public static class DualOptimizersUnderTest
{
    private static readonly Dictionary<string, DualOptimizerOptions> Rows = new()
    {
        ["iALM"] = new InexactAugmentedLagrangianOptions { Gamma = 0.4, InitialDual = 0.2 },
        ["iALM, beta rule, raw"] = new InexactAugmentedLagrangianOptions
        {
            Beta = 0.7,
            PenaltyRule = PenaltyRule.Beta,
            InequalityPenalty = InequalityPenalty.Raw
        },
        ["iALM, momentum, no penalty"] = new InexactAugmentedLagrangianOptions { Penalty = 0, Momentum = 0.6, DualUpperBound = 0.5 },
        ["iALM, tolerance"] = new InexactAugmentedLagrangianOptions { Tolerance = 0.05 },
        ["ALM"] = new AugmentedLagrangianOptions { LearningRate = 0.3, InitialDual = 0.1 },
        ["ALM, momentum, restart"] = new AugmentedLagrangianOptions { LearningRate = 0.3, Momentum = 0.5, Restart = true },
        ["ALM, HPR"] = new AugmentedLagrangianOptions
        {
            LearningRate = 0.3,
            Penalty = 0.8,
            Augmentation = Augmentation.HestenesPowellRockafellar
        },
        ["nuPI"] = new NuPIOptions { Nu = 0.3, IntegralGain = 0.1, Penalty = 0.5 },
        ["PBM"] = new PenaltyBarrierOptions { InitialDual = 0.3 },
        ["PBM, reciprocal, aimd"] = new PenaltyBarrierOptions
        {
            Barrier = BarrierFunction.QuadraticReciprocal,
            PenaltyUpdate = BarrierPenaltyUpdate.AdditiveIncreaseMultiplicativeDecrease,
            PenaltyMultiplier = 0.5,
            InitialDual = 0.3,
        },
        ["SSG"] = new SwitchingSubgradientOptions { SwitchOnUpdate = false },
        ["SSG, on update"] = new SwitchingSubgradientOptions { ConstraintScale = 2 },
    };

    public static IEnumerable<object[]> Names => Rows.Keys.Select(name => new object[] { name });

    public static bool TakesEqualities(string name) => !name.StartsWith("PBM", StringComparison.Ordinal);

    /// <summary>True where the optimizer has multipliers and descends a Lagrangian.</summary>
    public static bool HasDuals(string name) => !name.StartsWith("SSG", StringComparison.Ordinal);

    public static DualOptimizerOptions Options(string name) => Rows[name];

    /// <summary>Groups 'first' and 'second' of 2 and 3 constraints; the first holds equalities where the optimizer takes them.</summary>
    public static DualOptimizer Create(string name, ScalarType dtype = ScalarType.Float64) =>
        Create(name, dtype, ("first", 2, !TakesEqualities(name)), ("second", 3, true));

    public static DualOptimizer Create(string name, ScalarType dtype, params (string Name, int Count, bool IsInequality)[] groups) =>
        Rows[name].Create([.. groups.Select(group => new DualGroupDeclaration(group.Name, group.Count, group.IsInequality))], dtype, null);
}
