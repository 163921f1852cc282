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
        (Mu, Beta) = (mu, beta);
        using var noGradient = no_grad();
        _centers = new Tensor[_parameters.Length];
        for (var i = 0; i < _centers.Length; i++)
        {
            using var detached = _parameters[i].detach();
            _centers[i] = detached.clone().DetachFromDisposeScope();
        }
    }

    /// <summary>Weight of the pull towards the center.</summary>
    public double Mu { get; }

    /// <summary>Share of the way that the center moves towards the parameter.</summary>
    public double Beta { get; }

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
            gradient.add_(offset, Scalars.Of(Mu));
            _centers[i].add_(offset, Scalars.Of(Beta));
        }
    }

    /// <summary>A deep copy of the centers.</summary>
    public MoreauEnvelopeState StateDict()
    {
        var values = new double[_centers.Length][];
        for (var i = 0; i < _centers.Length; i++)
        {
            values[i] = new double[_centers[i].numel()];
            TensorValues.Read(_centers[i], values[i]);
        }

        return new([.. _centers.Select(center => center.shape)], values);
    }

    /// <summary>Takes over the centers of a state; type and device stay.</summary>
    /// <param name="state">What <see cref="StateDict"/> gave for parameters of the same shapes; it is copied.</param>
    /// <exception cref="ArgumentException">The number or a shape of the centers differs, or a number is not finite; nothing has
    /// changed.</exception>
    public void LoadStateDict(MoreauEnvelopeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var problems = new Problems();
        if (state.Centers.Count != _centers.Length)
            problems.Add($"the state has {state.Centers.Count} center(s); expected {_centers.Length}.");
        for (var i = 0; i < Math.Min(_centers.Length, state.Centers.Count); i++)
        {
            if (!state.Shapes[i].SequenceEqual(_centers[i].shape))
            {
                problems.Add(
                    $"center {i} of the state has shape [{string.Join(", ", state.Shapes[i])}]; expected "
                    + $"[{string.Join(", ", _centers[i].shape)}].");
            }
            else if (!state.Centers[i].All(double.IsFinite))
            {
                problems.Add($"center {i} of the state holds a number that is not finite.");
            }
        }

        problems.ThrowIfAny(nameof(LoadStateDict));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (var i = 0; i < _centers.Length; i++)
            _centers[i].copy_(TensorValues.CreateLike(state.Centers[i], _centers[i]).reshape(_centers[i].shape));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var center in _centers)
            center.Dispose();
    }
}
