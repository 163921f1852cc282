using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Which dual optimizer is used, and how. Whoever is handed options takes a copy, so later changes do not reach it. When a trainer takes
/// dual steps is said here, too; a dual optimizer in a loop of your own steps when it is called.
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
    /// Epochs at the start in which a trainer descends the loss alone, with neither constraints nor dual steps; at least 0.
    /// </summary>
    /// <value>
    /// The default, null, is 0, but for bounds of what rises with every prediction (<see cref="Constraints.Fairness.RateAtLeast"/> and
    /// <see cref="Constraints.Fairness.RateAtMost"/> of selection, true and false positive rates and means): these count after a quarter of
    /// all steps. The scores of a network that has hardly learned are near each other, and such a bound would drive them over the threshold
    /// and back together, and keep the network from learning. A training that goes on from a model is bit by bit one longer training only
    /// where the number is given.
    /// </value>
    public int? WarmUpEpochs { get; set; }

    /// <summary>Batches of a trainer from one dual step to the next, counted within an epoch; at least 1.</summary>
    /// <value>The default, null, is 1. It is more where a batch has so few rows of a group that its rates are averaged over more than 10
    /// batches.</value>
    /// <remarks>Ignored where <see cref="OncePerEpoch"/> is true.</remarks>
    public int? BatchesPerStep { get; set; }

    /// <summary>
    /// True for one dual step of a trainer at the end of each epoch, on the exact constraints over all training rows.
    /// </summary>
    /// <value>The default value is false.</value>
    public bool OncePerEpoch { get; set; }

    /// <summary>One sentence for each setting that is allowed, but hardly meant. A trainer logs them.</summary>
    /// <returns>The warnings; empty where there are none.</returns>
    public IReadOnlyList<string> GetWarnings() => Warnings;

    private protected virtual IReadOnlyList<string> Warnings => [];

    /// <summary>A copy that shares nothing with this instance that could be changed.</summary>
    internal virtual DualOptimizerOptions Copy() => this with { };

    /// <summary>Reports every option that is out of its range for constraints of a kind.</summary>
    /// <param name="problems">Where the problems go.</param>
    /// <param name="kind">The kind of the constraints.</param>
    /// <param name="count">Their number, or null where it is not known yet.</param>
    internal virtual void Validate(Problems problems, ConstraintKind kind, int? count = null)
    {
        problems.AtLeast(nameof(WarmUpEpochs), WarmUpEpochs, 0);
        problems.AtLeast(nameof(BatchesPerStep), BatchesPerStep, 1);
    }

    /// <summary>True where the Lagrangian replaces the loss in this epoch, counted from 0.</summary>
    internal bool UsesConstraints(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return epoch >= (WarmUpEpochs ?? 0);
    }

    /// <summary>True where a dual step follows this batch; both are counted from 0, the batch within the epoch.</summary>
    internal bool StepsAfterBatch(int epoch, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        return UsesConstraints(epoch) && !OncePerEpoch && (batch + 1) % (BatchesPerStep ?? 1) == 0;
    }

    /// <summary>True where a dual step on all training rows follows this epoch, counted from 0.</summary>
    internal bool StepsAfterEpoch(int epoch) => UsesConstraints(epoch) && OncePerEpoch;

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

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => RecordText.Of(this, PrintMembers);
}
