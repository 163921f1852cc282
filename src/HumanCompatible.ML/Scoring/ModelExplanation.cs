using System.Numerics.Tensors;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Scoring;

/// <summary>
/// What each feature contributes to the score of a built-in network, in its unit, against the average training row. One thread at a time.
/// </summary>
/// <remarks>
/// The contribution of a slot is the sum of the integrated gradients (<see cref="IntegratedGradients"/>) of the inputs that it is encoded
/// into. A linear network is a sum of one function of each slot, f_s(x_s), whatever the encoding: the contribution is then exactly f_s(x_s)
/// less its mean over the training rows.
/// </remarks>
internal sealed class ModelExplanation
{
    private readonly TrainedModel _model;
    private readonly IntegratedGradients _gradients;
    private readonly float[] _inputs;
    private readonly double[] _contributions;

    /// <param name="model">The model of a task with one output.</param>
    /// <exception cref="NotSupportedException">The network is the user's own module.</exception>
    internal ModelExplanation(TrainedModel model)
    {
        Check(model.Network);
        _model = model;
        var inputCount = model.Encoder.OutputCount;
        _gradients = new IntegratedGradients(LayeredArchitecture.Of(model.Network, inputCount, 1), model.Weights, model.Baseline);
        (_inputs, _contributions) = (new float[inputCount], new double[inputCount]);
    }

    /// <summary>The score of the average training row.</summary>
    /// <exception cref="NotSupportedException">The network is the user's own module.</exception>
    internal static float ScoreOfBaseline(TrainedModel model)
    {
        Check(model.Network);
        var output = new ManagedNetwork(model.Network, model.Encoder.OutputCount, 1, model.Weights).Score(model.Baseline);
        return output * (float)model.Task.Deviation + (float)model.Task.Mean;
    }

    /// <summary>The contributions of the features of a row, NaN where the model has no score.</summary>
    /// <param name="features">The row, [slots].</param>
    /// <param name="contributions">Receives the contributions, [slots].</param>
    internal void Explain(ReadOnlySpan<float> features, Span<float> contributions)
    {
        if (!TensorPrimitives.IsFiniteAll(features) && !_model.Encoder.CanEncode(FeatureRow.Dense(features)))
        {
            contributions.Fill(float.NaN);
            return;
        }

        _model.Encoder.Encode(features, _inputs);
        _gradients.Attribute(_inputs, 0, _contributions);
        ReadOnlySpan<double> left = _contributions;
        for (var slot = 0; slot < contributions.Length; slot++)
        {
            var width = _model.Encoder.Slots[slot].Width;
            contributions[slot] = (float)(TensorPrimitives.Sum(left[..width]) * _model.Task.Deviation);
            left = left[width..];
        }
    }

    private static void Check(NetworkDefinition network)
    {
        if (network is ModuleNetwork module)
        {
            throw new NotSupportedException($"The network '{module.Name}' is a module of your own, whose scores cannot be divided among "
                + "the features. Built-in networks can be explained so; PermutationFeatureImportance works with any.");
        }
    }
}
