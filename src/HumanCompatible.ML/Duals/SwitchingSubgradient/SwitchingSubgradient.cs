using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// The switching subgradient method as a training strategy: the function to descend is the loss while every violation is at most the
/// tolerance, else the worst violation times the constraint scale. There are no multipliers; <see cref="DualOptimizer.Duals"/> stay 0.
/// </summary>
/// <remarks>
/// Source: B. T. Polyak (1967); stochastic form: G. Lan, Z. Zhou, "Algorithms for stochastic optimization with function or expectation
/// constraints" (2020).
/// </remarks>
public sealed class SwitchingSubgradient : DualOptimizer
{
    internal const string KindName = "ssg";
    private readonly List<SwitchingSubgradientGroup> _groups = [];

    /// <summary>Creates the strategy with its first constraint group.</summary>
    /// <param name="constraintCount">Number of constraints m of the first group, at least 1.</param>
    /// <param name="tolerance">The violation up to which the loss is descended, at least 0.</param>
    /// <param name="constraintScale">The factor of the worst violation, above 0: how much larger a step on a constraint is.</param>
    /// <param name="isInequality">True for constraints c ≤ 0, false for c = 0.</param>
    /// <param name="switchOnUpdate">
    /// False to decide by the constraints passed to Forward; true to decide by those of the last update (for example the exact ones,
    /// where Forward gets differentiable surrogates).
    /// </param>
    /// <param name="name">The first group's name, by default <c>group0</c>.</param>
    /// <param name="dtype">Type of <see cref="DualOptimizer.Duals"/>, Float32 or Float64.</param>
    /// <param name="device">Device of <see cref="DualOptimizer.Duals"/>, by default the CPU.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message lists all that are.</exception>
    public SwitchingSubgradient(
        int constraintCount,
        double tolerance = 0,
        double constraintScale = 1,
        bool isInequality = true,
        bool switchOnUpdate = false,
        string? name = null,
        ScalarType dtype = ScalarType.Float32,
        Device? device = null)
        : base(dtype, device)
    {
        (Tolerance, ConstraintScale, SwitchOnUpdate) = (tolerance, constraintScale, switchOnUpdate);
        var problems = new Problems();
        ValidateWhole(problems, tolerance, constraintScale);
        Add(NewGroup.Describe(_groups, name, constraintCount, isInequality, (0, 0)), nameof(constraintCount), problems);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<SwitchingSubgradientGroup> Groups => _groups;

    /// <summary>The violation up to which the loss is descended.</summary>
    public double Tolerance { get; private set; }

    /// <summary>The factor of the worst violation.</summary>
    public double ConstraintScale { get; private set; }

    /// <summary>Whether the constraints of the last update decide, instead of those passed to Forward.</summary>
    public bool SwitchOnUpdate { get; private set; }

    internal override string Kind => KindName;

    /// <summary>Appends a constraint group.</summary>
    /// <param name="count">Number of constraints, at least 1.</param>
    /// <param name="isInequality">True for constraints c ≤ 0.</param>
    /// <param name="name">The group's name, by default <c>group{index}</c>.</param>
    /// <returns>The group.</returns>
    /// <exception cref="ArgumentException">The count is below 1 or the name is taken; nothing has changed.</exception>
    public SwitchingSubgradientGroup AddConstraintGroup(int count, bool isInequality = true, string? name = null) =>
        Add(NewGroup.Describe(_groups, name, count, isInequality, (0, 0)), nameof(count), new());

    internal static void ValidateWhole(Problems problems, double tolerance, double constraintScale)
    {
        problems.NotNegative("tolerance", tolerance);
        problems.Positive("constraintScale", constraintScale);
    }

    private protected override Tensor Lagrangian(Tensor loss, Tensor constraints, ReadOnlySpan<double> values)
    {
        var worst = -1;
        var worstViolation = Tolerance;
        var isInequality = true;
        foreach (var group in _groups)
        {
            var deciding = SwitchOnUpdate ? group.LastConstraintsInUse : values.Slice(group.Offset, group.Count);
            for (var j = 0; j < deciding.Length; j++)
            {
                var violation = group.IsInequality ? deciding[j] : Math.Abs(deciding[j]);
                if (violation > worstViolation)
                    (worst, worstViolation, isInequality) = (group.Offset + j, violation, group.IsInequality);
            }
        }

        if (worst < 0)
            return loss.Dimensions == 0 ? loss.alias() : loss.sum();
        using var flat = constraints.reshape(-1);
        using var constraint = flat.select(0, worst);
        return constraint.mul(Scalars.Of(isInequality || values[worst] >= 0 ? ConstraintScale : -ConstraintScale));
    }

    private protected override void SaveSettings(DualStateWriter writer)
    {
        writer.Value("tolerance", Tolerance);
        writer.Value("constraintScale", ConstraintScale);
        writer.Flag("switchOnUpdate", SwitchOnUpdate);
    }

    private protected override Action LoadSettings(DualStateReader reader)
    {
        var tolerance = reader.Value("tolerance");
        var constraintScale = reader.Value("constraintScale");
        var switchOnUpdate = reader.Flag("switchOnUpdate");
        ValidateWhole(reader.Problems, tolerance, constraintScale);
        return () => (Tolerance, ConstraintScale, SwitchOnUpdate) = (tolerance, constraintScale, switchOnUpdate);
    }

    private SwitchingSubgradientGroup Add(in NewGroup group, string countName, Problems problems)
    {
        var duals = group.Check(_groups, null, 0, countName, problems);
        problems.ThrowIfAny(nameof(SwitchingSubgradient));
        var added = new SwitchingSubgradientGroup(NewGroup.Offset(_groups), group);
        _groups.Add(added);
        AppendDuals(duals);
        return added;
    }
}
