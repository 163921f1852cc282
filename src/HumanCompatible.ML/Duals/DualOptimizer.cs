using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Keeps one multiplier λ_j for each constraint c_j, moves them by the constraint values, and builds the Lagrangian whose gradient trains
/// the weights. The constraints come in blocks; the vector c holds them block after block, m numbers in all.
/// </summary>
/// <remarks>
/// Multipliers and their arithmetic are float64 in managed memory, whatever the type of the tensors passed in: an update by CPU
/// constraints makes no tensor operation. <see cref="Forward"/> computes in the type and on the device of its arguments.
/// An instance is not safe for use by several threads at once.
/// </remarks>
public abstract partial class DualOptimizer
{
    private protected const string FirstBlockName = "block0";
    private readonly List<ConstraintBlock> _blocks = [];
    private readonly ConstraintArguments _arguments;
    private readonly ScalarType _dtype;
    private readonly Device? _device;
    private double[] _duals = [];
    private long _updates;

    private protected DualOptimizer(ScalarType dtype, Device? device)
    {
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"dtype must be Float32 or Float64, got {dtype}.", nameof(dtype));
        _dtype = dtype;
        _device = device;
        _arguments = new(this);
        Blocks = _blocks.AsReadOnly();
    }

    /// <summary>Number of constraints m over all blocks.</summary>
    public int ConstraintCount => _duals.Length;

    /// <summary>The blocks in the order of the constraint vector.</summary>
    public IReadOnlyList<ConstraintBlock> Blocks { get; }

    /// <summary>A copy of the m multipliers, block after block.</summary>
    public IReadOnlyList<double> DualValues => _duals.ToArray();

    /// <summary>Epochs ended so far.</summary>
    public long Epoch { get; private set; }

    /// <summary>The multipliers as a new tensor [m] of the optimizer's type and on its device, without gradient.</summary>
    /// <returns>A tensor that the caller disposes of.</returns>
    public Tensor CreateDualTensor() => TensorValues.Create(_duals, _dtype, _device);

    /// <summary>The Lagrangian at the present multipliers; changes nothing.</summary>
    /// <param name="loss">The objective, one number, Float32 or Float64.</param>
    /// <param name="constraints">The constraint values c, shape [m], of the type and on the device of <paramref name="loss"/>.</param>
    /// <returns>A number (shape []) in the autograd graph of both arguments.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device is wrong.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or a constraint is NaN or infinite.</exception>
    public Tensor Forward(Tensor loss, Tensor constraints)
    {
        var values = _arguments.Read(loss, constraints);
        return Lagrangian(loss, constraints, values);
    }

    /// <summary>
    /// Updates the multipliers, and returns the Lagrangian at the new ones and at the penalties from before their growth.
    /// </summary>
    /// <param name="loss">The objective, one number, Float32 or Float64.</param>
    /// <param name="constraints">The constraint values c, shape [m], of the type and on the device of <paramref name="loss"/>.</param>
    /// <returns>A number (shape []) in the autograd graph of both arguments.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A shape, type or device is wrong; nothing has changed.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or a constraint is NaN or infinite; nothing has changed.</exception>
    public Tensor ForwardUpdate(Tensor loss, Tensor constraints)
    {
        var values = _arguments.Read(loss, constraints);
        var before = LagrangianBeforeUpdate ? Lagrangian(loss, constraints, values) : null;
        UpdateDuals(values);
        var lagrangian = before is null ? Lagrangian(loss, constraints, values) : before;
        AfterUpdate();
        return lagrangian;
    }

    /// <summary>Updates the multipliers; no gradient is needed or kept.</summary>
    /// <param name="constraints">The constraint values c, shape [m], Float32 or Float64, on any device.</param>
    /// <exception cref="ArgumentNullException"><paramref name="constraints"/> is null.</exception>
    /// <exception cref="ArgumentException">The shape or type is wrong; nothing has changed.</exception>
    /// <exception cref="NotFiniteNumberException">A constraint is NaN or infinite; nothing has changed.</exception>
    public void Update(Tensor constraints)
    {
        UpdateDuals(_arguments.Read(constraints));
        AfterUpdate();
    }

    /// <summary>Updates the multipliers by constraint values in managed memory; makes no tensor operation.</summary>
    /// <param name="constraints">The constraint values c, m numbers.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers; nothing has changed.</exception>
    /// <exception cref="NotFiniteNumberException">A constraint is NaN or infinite; nothing has changed.</exception>
    public void Update(ReadOnlySpan<double> constraints)
    {
        UpdateDuals(_arguments.Read(constraints));
        AfterUpdate();
    }

    /// <summary>The same as <see cref="Update(Tensor)"/>, under the name that PyTorch's optimizers have for it.</summary>
    /// <inheritdoc cref="Update(Tensor)"/>
    public void Step(Tensor constraints) => Update(constraints);

    /// <summary>Says that an epoch ended: what changes by the epoch, such as a bound on the step, moves on.</summary>
    public void EndEpoch()
    {
        Epoch++;
        foreach (var block in _blocks)
            block.EndEpoch();
    }

    /// <summary>Appends a block; the options are copied.</summary>
    /// <exception cref="ArgumentException">An argument or an option is out of its range; nothing has changed.</exception>
    internal ConstraintBlock Add(string name, int count, ConstraintKind kind, DualOptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(name);
        var problems = new Problems();
        if (name.Length == 0)
            problems.Add($"{nameof(name)} must not be empty.");
        else if (_blocks.Exists(block => block.Name == name))
            problems.Add($"{nameof(name)} must be one that no other block has, got '{name}'.");
        problems.AtLeast(nameof(count), count, 1);
        problems.OneOf(nameof(kind), kind);
        var own = options.Copy();
        own.Validate(problems, kind, count);
        problems.ThrowIfAny(GetType().Name);
        var added = own.CreateBlock(name, ConstraintCount, count, kind);
        _blocks.Add(added);
        _duals = [.. _duals, .. own.InitialDualsOf(kind, count)];
        return added;
    }

    /// <summary>True where <see cref="ForwardUpdate"/> returns the Lagrangian at the multipliers from before the update.</summary>
    private protected virtual bool LagrangianBeforeUpdate => false;

    /// <summary>The multipliers, for derived optimizers to read while they build a Lagrangian.</summary>
    private protected ReadOnlySpan<double> CurrentDuals => _duals;

    /// <summary>
    /// Builds the Lagrangian of validated arguments; <paramref name="values"/> are the numbers of <paramref name="constraints"/>.
    /// </summary>
    private protected virtual Tensor Lagrangian(Tensor loss, Tensor constraints, ReadOnlySpan<double> values)
        => QuadraticTerms.Lagrangian(loss, constraints, _duals, _blocks);

    private void UpdateDuals(ReadOnlySpan<double> values)
    {
        foreach (var block in _blocks)
            block.Update(values.Slice(block.Offset, block.Count), _duals.AsSpan(block.Offset, block.Count), Epoch, _updates);
    }

    private void AfterUpdate()
    {
        foreach (var block in _blocks)
            block.AfterUpdate();
        _updates++;
    }
}
