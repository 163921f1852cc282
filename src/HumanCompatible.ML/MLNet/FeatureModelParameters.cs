using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.MLNet;

/// <summary>A model as ML.NET's own prediction transformers take it: of a row of features it gives some numbers.</summary>
public abstract class FeatureModelParameters : ConstrainedModelParameters, ICanSaveModel
{
    private protected FeatureModelParameters(TrainedModel trained)
        : base(trained)
        => Features = new VectorDataViewType(NumberDataViewType.Single, trained.Encoder.InputCount);

    /// <summary>The slots of the feature column.</summary>
    public int FeatureCount => Features.Size;

    /// <summary>The type of the feature column.</summary>
    private protected VectorDataViewType Features { get; }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        Save(new ModelFolder(ctx));
    }

    /// <summary>
    /// The outputs of the network for a row, NaN where a feature is infinite or unexpectedly missing. Called by several threads at once.
    /// </summary>
    /// <param name="values">The values of all slots, or of some, the others being 0.</param>
    /// <param name="indices">The slots of the values where they are not all.</param>
    /// <param name="outputs">Receives the outputs.</param>
    private protected abstract void Score(ReadOnlySpan<float> values, ReadOnlySpan<int> indices, Span<float> outputs);

    /// <summary>Writes the model into its folder of the model file.</summary>
    private protected abstract void Save(ModelFolder folder);

    /// <summary>The outputs of the network for a row.</summary>
    private protected void Score(in VBuffer<float> features, Span<float> outputs)
        => Score(features.GetValues(), features.GetIndices(), outputs);

    /// <summary>The output of a network of one.</summary>
    private protected float Score(in VBuffer<float> features)
    {
        var output = 0f;
        Score(features, new Span<float>(ref output));
        return output;
    }
}
