using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Which dual optimizer is used, and how. Whoever is handed options takes a copy, so later changes do not reach it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(InexactAugmentedLagrangianOptions), "ialm")]
[JsonDerivedType(typeof(AugmentedLagrangianOptions), "alm")]
[JsonDerivedType(typeof(NuPIOptions), "nupi")]
[JsonDerivedType(typeof(PenaltyBarrierOptions), "pbm")]
[JsonDerivedType(typeof(SwitchingSubgradientOptions), "ssg")]
public abstract record DualOptimizerOptions
{
    private protected DualOptimizerOptions()
    {
    }

    /// <summary>
    /// When a trainer takes dual steps: after every batch, every few batches or once an epoch, from the first epoch on or after some
    /// without constraints. A dual optimizer in a loop of your own steps when it is called, and ignores this.
    /// </summary>
    /// <value>The default takes a step after every batch.</value>
    public DualSchedule Schedule { get; set; } = new();

    /// <summary>One sentence for each setting that is allowed, but hardly meant. A trainer logs them.</summary>
    /// <returns>The warnings; empty where there are none.</returns>
    public virtual IReadOnlyList<string> GetWarnings() => [];

    /// <summary>A copy that shares nothing with this instance that could be changed.</summary>
    internal virtual DualOptimizerOptions Copy() => this with { Schedule = Schedule is null ? null! : Schedule with { } };

    /// <summary>Reports every option that is out of its range for constraints of a kind.</summary>
    /// <param name="problems">Where the problems go.</param>
    /// <param name="kind">The kind of the constraints.</param>
    /// <param name="count">Their number, or null where it is not known yet.</param>
    internal virtual void Validate(Problems problems, ConstraintKind kind, int? count = null)
    {
        if (problems.NotNull(nameof(Schedule), Schedule))
            Schedule.Validate(problems.Of(nameof(Schedule)));
    }

    /// <summary>Least and largest multiplier of a constraint of a kind.</summary>
    internal virtual (double Lower, double Upper) DualRange(ConstraintKind kind) => (0, 0);

    /// <summary>The initial multipliers of a block; the options are valid for it.</summary>
    internal virtual double[] InitialDualsOf(ConstraintKind kind, int count) => new double[count];

    /// <summary>An optimizer of this method without constraints.</summary>
    internal abstract DualOptimizer CreateOptimizer(ScalarType dtype, Device? device);

    /// <summary>A block of this method; the options are valid for it, and nobody else's.</summary>
    internal abstract ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind);

    /// <summary>An optimizer with a block of these options for each name.</summary>
    /// <exception cref="ArgumentException">The options do not suit a block.</exception>
    internal DualOptimizer Create(IEnumerable<(string Name, int Count, ConstraintKind Kind)> blocks, ScalarType dtype, Device? device)
    {
        var optimizer = CreateOptimizer(dtype, device);
        foreach (var (name, count, kind) in blocks)
            optimizer.Add(name, count, kind, this);
        return optimizer;
    }
}
