using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Holds one dual (Lagrange multiplier) per constraint, moves them by the constraint values and builds the Lagrangian whose gradient
/// trains the primal parameters. A constraint is satisfied when c ≤ 0 (inequality) or c = 0 (equality).
/// </summary>
/// <remarks>
/// Duals and their arithmetic are float64 in managed memory, whatever the type of the tensors passed in: an update of CPU constraints
/// makes no tensor operation. <see cref="Forward(Tensor, Tensor)"/> computes in the type and on the device of its arguments.
/// An instance is not safe for use by several threads at once.
/// </remarks>
public abstract partial class DualOptimizer : IDisposable
{
    private readonly ConstraintArguments _reader;
    private readonly ScalarType _dtype;
    private readonly Device? _device;
    private double[] _duals = [];
    private long _epoch;

    private protected DualOptimizer(ScalarType dtype, Device? device)
    {
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"dtype is {dtype}; expected Float32 or Float64.", nameof(dtype));
        _dtype = dtype;
        _device = device;
        _reader = new(this);
    }

    /// <summary>Number of constraints m over all groups.</summary>
    public int ConstraintCount => _duals.Length;

    /// <summary>The constraint groups in the order of the constraint vector.</summary>
    public abstract IReadOnlyList<DualConstraintGroup> Groups { get; }

    /// <summary>A new tensor [m] with the duals, group after group, of the optimizer's type and on its device, without gradient.</summary>
    public Tensor Duals => TensorValues.Create(_duals, _dtype, _device);

    /// <summary>A copy of the duals, group after group.</summary>
    public IReadOnlyList<double> DualValues => _duals.ToArray();

    /// <summary>Epochs ended so far.</summary>
    public long Epoch => _epoch;

    /// <summary>The name of this optimizer's kind in a state.</summary>
    internal abstract string Kind { get; }

    /// <summary>A copy of the duals of one group.</summary>
    /// <param name="groupName">The group's name.</param>
    /// <exception cref="ArgumentException">There is no such group.</exception>
    public IReadOnlyList<double> DualsOf(string groupName)
    {
        var group = Groups.FirstOrDefault(candidate => candidate.Name == groupName)
            ?? throw new ArgumentException(
                $"No group is named '{groupName}'; expected one of "
                + $"{string.Join(", ", Groups.Select(candidate => $"'{candidate.Name}'"))}.", nameof(groupName));
        return DualsIn(group).ToArray();
    }

    /// <summary>The Lagrangian at the present duals; changes nothing.</summary>
    /// <param name="loss">The objective, one number.</param>
    /// <param name="constraints">The constraint values c, shape [m], of the type and on the device of <paramref name="loss"/>.</param>
    /// <returns>A number (shape []) in the autograd graph of both arguments.</returns>
    /// <exception cref="ArgumentException">A shape, type or device is wrong.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or a constraint is NaN or infinite.</exception>
    public Tensor Forward(Tensor loss, Tensor constraints)
    {
        var values = _reader.Read(loss, constraints);
        return Lagrangian(loss, constraints, values);
    }

    /// <inheritdoc cref="Forward(Tensor, Tensor)"/>
    /// <param name="loss">The objective, one number.</param>
    /// <param name="constraints">One tensor per group, in their order, each of shape [group's count].</param>
    public Tensor Forward(Tensor loss, IReadOnlyList<Tensor> constraints)
    {
        using var joined = _reader.Join(constraints);
        return Forward(loss, joined);
    }

    /// <inheritdoc cref="Forward(Tensor, Tensor)"/>
    /// <param name="loss">The objective, one number.</param>
    /// <param name="constraints">One tensor per group by the group's name, each of shape [group's count].</param>
    public Tensor Forward(Tensor loss, IReadOnlyDictionary<string, Tensor> constraints)
    {
        using var joined = _reader.Join(constraints);
        return Forward(loss, joined);
    }

    /// <summary>
    /// Updates the duals by the constraints and returns the Lagrangian at the new duals (and at the penalty from before its growth).
    /// </summary>
    /// <param name="loss">The objective, one number.</param>
    /// <param name="constraints">The constraint values c, shape [m], of the type and on the device of <paramref name="loss"/>.</param>
    /// <returns>A number (shape []) in the autograd graph of both arguments.</returns>
    /// <exception cref="ArgumentException">A shape, type or device is wrong; nothing has changed.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or a constraint is NaN or infinite; nothing has changed.</exception>
    public Tensor ForwardUpdate(Tensor loss, Tensor constraints)
    {
        var values = _reader.Read(loss, constraints);
        if (LagrangianBeforeUpdate)
        {
            var before = Lagrangian(loss, constraints, values);
            UpdateDuals(values);
            AfterUpdate();
            return before;
        }

        UpdateDuals(values);
        var after = Lagrangian(loss, constraints, values);
        AfterUpdate();
        return after;
    }

    /// <inheritdoc cref="ForwardUpdate(Tensor, Tensor)"/>
    /// <param name="loss">The objective, one number.</param>
    /// <param name="constraints">One tensor per group, in their order, each of shape [group's count].</param>
    public Tensor ForwardUpdate(Tensor loss, IReadOnlyList<Tensor> constraints)
    {
        using var joined = _reader.Join(constraints);
        return ForwardUpdate(loss, joined);
    }

    /// <inheritdoc cref="ForwardUpdate(Tensor, Tensor)"/>
    /// <param name="loss">The objective, one number.</param>
    /// <param name="constraints">One tensor per group by the group's name, each of shape [group's count].</param>
    public Tensor ForwardUpdate(Tensor loss, IReadOnlyDictionary<string, Tensor> constraints)
    {
        using var joined = _reader.Join(constraints);
        return ForwardUpdate(loss, joined);
    }

    /// <summary>Updates the duals by the constraints; no gradient is needed or kept.</summary>
    /// <param name="constraints">The constraint values c, shape [m], Float32 or Float64, on any device.</param>
    /// <exception cref="ArgumentException">The shape or type is wrong; nothing has changed.</exception>
    /// <exception cref="NotFiniteNumberException">A constraint is NaN or infinite; nothing has changed.</exception>
    public void Update(Tensor constraints)
    {
        UpdateDuals(_reader.Read(constraints));
        AfterUpdate();
    }

    /// <summary>Updates the duals by constraint values in managed memory; makes no tensor operation.</summary>
    /// <param name="constraints">The constraint values c, group after group, m numbers.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers; nothing has changed.</exception>
    /// <exception cref="NotFiniteNumberException">A constraint is NaN or infinite; nothing has changed.</exception>
    public void Update(ReadOnlySpan<double> constraints)
    {
        UpdateDuals(_reader.Read(constraints));
        AfterUpdate();
    }

    /// <inheritdoc cref="Update(Tensor)"/>
    /// <param name="constraints">One tensor per group, in their order, each of shape [group's count].</param>
    public void Update(IReadOnlyList<Tensor> constraints)
    {
        using var joined = _reader.Join(constraints);
        Update(joined);
    }

    /// <inheritdoc cref="Update(Tensor)"/>
    /// <param name="constraints">One tensor per group by the group's name, each of shape [group's count].</param>
    public void Update(IReadOnlyDictionary<string, Tensor> constraints)
    {
        using var joined = _reader.Join(constraints);
        Update(joined);
    }

    /// <summary>The same as <see cref="Update(Tensor)"/>.</summary>
    /// <param name="constraints">The constraint values c, shape [m].</param>
    public void Step(Tensor constraints) => Update(constraints);

    /// <summary>The same as <see cref="Update(IReadOnlyList{Tensor})"/>.</summary>
    /// <param name="constraints">One tensor per group.</param>
    public void Step(IReadOnlyList<Tensor> constraints) => Update(constraints);

    /// <summary>The same as <see cref="Update(IReadOnlyDictionary{string, Tensor})"/>.</summary>
    /// <param name="constraints">One tensor per group by name.</param>
    public void Step(IReadOnlyDictionary<string, Tensor> constraints) => Update(constraints);

    /// <summary>The largest violation: max over j of max(c_j, 0) for inequalities and |c_j| for equalities.</summary>
    /// <param name="constraints">The constraint values c, shape [m], Float32 or Float64.</param>
    /// <exception cref="ArgumentException">The shape or type is wrong.</exception>
    /// <exception cref="NotFiniteNumberException">A constraint is NaN or infinite.</exception>
    public double Violation(Tensor constraints)
    {
        var values = _reader.Read(constraints);
        double worst = 0;
        for (var g = 0; g < Groups.Count; g++)
            worst = Math.Max(worst, Groups[g].Violation(values.Slice(Groups[g].Offset, Groups[g].Count)));
        return worst;
    }

    /// <summary>Says that an epoch ended: schedules per epoch move on.</summary>
    public void EndEpoch()
    {
        _epoch++;
        for (var g = 0; g < Groups.Count; g++)
            Groups[g].EndEpoch(_epoch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what a derived optimizer holds.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>
    /// True where <see cref="ForwardUpdate(Tensor, Tensor)"/> returns the Lagrangian at the duals from before the update.
    /// </summary>
    private protected virtual bool LagrangianBeforeUpdate => false;

    /// <summary>
    /// Builds the Lagrangian of validated arguments; <paramref name="values"/> are the numbers of <paramref name="constraints"/>.
    /// </summary>
    private protected virtual Tensor Lagrangian(Tensor loss, Tensor constraints, ReadOnlySpan<double> values) =>
        QuadraticTerms.Lagrangian(loss, constraints, _duals, Groups);

    /// <summary>What follows an update of all groups.</summary>
    private protected virtual void AfterWholeUpdate()
    {
    }

    /// <summary>The duals, for derived optimizers to read while they build a Lagrangian.</summary>
    private protected ReadOnlySpan<double> CurrentDuals => _duals;

    /// <summary>Appends the duals of a group that a derived optimizer is about to list.</summary>
    private protected void AppendDuals(ReadOnlySpan<double> initial) => _duals = [.. _duals, .. initial];

    private Span<double> DualsIn(DualConstraintGroup group) => _duals.AsSpan(group.Offset, group.Count);

    private void UpdateDuals(ReadOnlySpan<double> values)
    {
        for (var g = 0; g < Groups.Count; g++)
            Groups[g].UpdateDuals(values.Slice(Groups[g].Offset, Groups[g].Count), DualsIn(Groups[g]));
    }

    private void AfterUpdate()
    {
        for (var g = 0; g < Groups.Count; g++)
            Groups[g].AfterUpdate();
        AfterWholeUpdate();
    }
}
