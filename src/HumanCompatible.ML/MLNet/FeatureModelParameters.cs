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

    /// <summary>The outputs of the network for a row, NaN where a feature is NaN or infinite. Called by several threads at once.</summary>
    private protected abstract void Score(ReadOnlySpan<float> features, Span<float> outputs);

    /// <summary>Writes the model into its folder of the model file.</summary>
    private protected abstract void Save(ModelFolder folder);

    // ML.NET makes a mapper for each cursor, which one thread uses: the buffer for its sparse rows is made once.
    private protected void Score(in VBuffer<float> features, ref float[]? dense, Span<float> outputs)
    {
        if (features.IsDense)
        {
            Score(features.GetValues(), outputs);
            return;
        }

        dense ??= new float[FeatureCount];
        features.CopyTo(dense);
        Score(dense, outputs);
    }

    /// <summary>The same of a network of one output.</summary>
    private protected float Score(in VBuffer<float> features, ref float[]? dense)
    {
        var output = 0f;
        Score(features, ref dense, new Span<float>(ref output));
        return output;
    }
}
