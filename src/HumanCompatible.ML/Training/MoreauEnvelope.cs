using HumanCompatible.ML.Torch;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Training;

/// <summary>
/// Smooths the primal step by a Moreau envelope: between <c>backward()</c> and the primal optimizer's step, for each parameter x with
/// gradient g and center z, g ← g + mu·(x − z) and z ← z + beta·(x − z), both with the x from before the step. The centers start at x.
/// </summary>
/// <remarks>
/// Source: J. Zhang, Z.-Q. Luo, "A proximal alternating direction method of multiplier for linearly constrained nonconvex minimization"
/// (SIAM J. Optimization, 2020); the stochastic form is that of the Python package humancompatible-train.
/// </remarks>
public sealed class MoreauEnvelope : IDisposable
{
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _centers;
    private readonly double _mu;
    private readonly double _beta;

    /// <summary>Creates the envelope around the present parameters.</summary>
    /// <param name="parameters">The primal parameters, Float32 or Float64; they stay the caller's.</param>
    /// <param name="mu">Weight of the pull towards the center, at least 0.</param>
    /// <param name="beta">Share of the way that the center moves towards the parameter, 0 to 1.</param>
    /// <exception cref="ArgumentException">There is no parameter, one has another type, or a number is out of its range; the message lists
    /// all of it.</exception>
    public MoreauEnvelope(IEnumerable<Tensor> parameters, double mu = 2, double beta = 0.5)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        var problems = new Problems();
        if (_parameters.Length == 0)
            problems.Add("parameters is empty; expected at least one.");
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (_parameters[i].dtype is not (ScalarType.Float32 or ScalarType.Float64))
                problems.Add($"parameter {i} is {_parameters[i].dtype}; expected Float32 or Float64.");
        }

        problems.NotNegative(nameof(mu), mu);
        problems.UnitInterval(nameof(beta), beta);
        problems.ThrowIfAny(nameof(MoreauEnvelope));
        (_mu, _beta) = (mu, beta);
        using var noGradient = no_grad();
        _centers = new Tensor[_parameters.Length];
        for (var i = 0; i < _centers.Length; i++)
        {
            using var detached = _parameters[i].detach();
            _centers[i] = detached.clone().DetachFromDisposeScope();
        }
    }

    /// <summary>Adds the pull to the gradients and moves the centers; a parameter without gradient is left out.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (var i = 0; i < _parameters.Length; i++)
        {
            var gradient = _parameters[i].grad;
            if (gradient is null)
                continue;
            var offset = _parameters[i].sub(_centers[i]);
            gradient.add_(offset, Scalars.Of(_mu));
            _centers[i].add_(offset, Scalars.Of(_beta));
        }
    }

    /// <summary>A copy of the centers z, in the order of the parameters.</summary>
    /// <returns>The elements of each center in row-major order.</returns>
    public IReadOnlyList<double[]> StateDict()
    {
        var values = new double[_centers.Length][];
        for (var i = 0; i < _centers.Length; i++)
        {
            values[i] = new double[_centers[i].numel()];
            TensorValues.Read(_centers[i], values[i]);
        }

        return values;
    }

    /// <summary>Takes over saved centers; type and device stay.</summary>
    /// <param name="centers">What <see cref="StateDict"/> gave for parameters of the same shapes; it is copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="centers"/> is null.</exception>
    /// <exception cref="ArgumentException">The number of centers or of their elements differs, or an element is not finite; nothing has
    /// changed.</exception>
    public void LoadStateDict(IReadOnlyList<double[]> centers)
    {
        ArgumentNullException.ThrowIfNull(centers);
        var problems = new Problems();
        if (centers.Count != _centers.Length)
            problems.Add($"{nameof(centers)} must hold {_centers.Length} center(s), got {centers.Count}.");
        for (var i = 0; i < Math.Min(_centers.Length, centers.Count); i++)
        {
            if (centers[i].Length != _centers[i].numel())
                problems.Add($"{nameof(centers)}[{i}] must hold {_centers[i].numel()} number(s), got {centers[i].Length}.");
            else if (!centers[i].All(double.IsFinite))
                problems.Add($"{nameof(centers)}[{i}] must hold finite numbers.");
        }

        problems.ThrowIfAny(nameof(LoadStateDict));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (var i = 0; i < _centers.Length; i++)
            _centers[i].copy_(TensorValues.CreateLike(centers[i], _centers[i]).reshape(_centers[i].shape));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var center in _centers)
            center.Dispose();
    }
}
