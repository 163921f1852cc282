using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace HumanCompatible.ML.MLNet;

/// <summary>A model as ML.NET's own prediction transformers take it: of a row of features it gives some numbers.</summary>
public abstract class FeatureModelParameters : ConstrainedModelParameters, ICanSaveModel, ISingleCanSaveOnnx
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

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx)
    {
        CheckWritesOnnx();
        return true;
    }

    bool ISingleCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
        => SaveAsOnnx(ctx, outputNames, featureColumn);

    /// <summary>Adds the nodes that make the columns of ML.NET's transformer.</summary>
    /// <param name="ctx">The graph.</param>
    /// <param name="outputNames">The variables of the columns; ML.NET makes the predicted label of two classes by itself.</param>
    /// <param name="features">The variable of the feature column.</param>
    /// <returns>Whether they were added.</returns>
    private protected bool SaveAsOnnx(OnnxContext ctx, string[] outputNames, string features)
    {
        var graph = new OnnxGraph(ctx);
        WriteColumns(graph, WriteOutputs(graph, features), outputNames);
        return true;
    }

    /// <summary>Throws where the model cannot be written as ONNX. Were it to say no, ML.NET would write a graph without it.</summary>
    private protected abstract void CheckWritesOnnx();

    /// <summary>Adds the nodes of the network.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="features">The variable of the feature column.</param>
    /// <returns>The variable of the outputs, [rows, outputs].</returns>
    private protected abstract string WriteOutputs(OnnxGraph graph, string features);

    /// <summary>Adds the nodes that make the columns of the outputs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="outputs">The variable of the outputs, [rows, outputs].</param>
    /// <param name="columns">The variables of the columns.</param>
    private protected abstract void WriteColumns(OnnxGraph graph, string outputs, string[] columns);

    /// <summary>
    /// The outputs of the network for a row, NaN where a feature is infinite or unexpectedly missing. Called by several threads at once.
    /// </summary>
    /// <param name="values">The values of all slots, or of some, the others being 0.</param>
    /// <param name="indices">The slots of the values where they are not all.</param>
    /// <param name="outputs">Receives the outputs.</param>
    private protected abstract void Score(ReadOnlySpan<float> values, ReadOnlySpan<int> indices, Span<float> outputs);

    /// <summary>The outputs of the network for a row of features.</summary>
    internal void Score(ReadOnlySpan<float> features, Span<float> outputs) => Score(features, [], outputs);

    /// <summary>Writes the model into its folder of the model file.</summary>
    private protected abstract void Save(ModelFolder folder);

    /// <summary>The outputs of the network for a row.</summary>
    private protected void Score(in VBuffer<float> features, Span<float> outputs)
    {
        RowForm.Check(features, FeatureCount);
        Score(features.GetValues(), features.GetIndices(), outputs);
    }

    /// <summary>The output of a network of one.</summary>
    private protected float Score(in VBuffer<float> features)
    {
        var output = 0f;
        Score(features, new Span<float>(ref output));
        return output;
    }
}
