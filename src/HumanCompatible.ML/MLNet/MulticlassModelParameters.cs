using System.Numerics.Tensors;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.MLNet;

/// <summary>
/// A classifier of several classes as ML.NET's own <see cref="MulticlassPredictionTransformer{TModel}"/> takes it: of a row of features it
/// gives the probability of each class. That transformer adds the columns, their names and the predicted key.
/// </summary>
public abstract class MulticlassModelParameters : FeatureModelParameters, IPredictorProducing<VBuffer<float>>, IValueMapper
{
    private protected MulticlassModelParameters(TrainedModel trained)
        : base(trained)
    {
    }

    PredictionKind IPredictor.PredictionKind => PredictionKind.MulticlassClassification;

    DataViewType IValueMapper.InputType => Features;

    DataViewType IValueMapper.OutputType => new VectorDataViewType(NumberDataViewType.Single, Trained.Task.Classes.Count);

    ValueMapper<TSrc, TDst> IValueMapper.GetMapper<TSrc, TDst>()
    {
        ValueMapper<VBuffer<float>, VBuffer<float>> map = (in VBuffer<float> features, ref VBuffer<float> probabilities) =>
        {
            var editor = VBufferEditor.Create(ref probabilities, Trained.Task.Classes.Count);
            Score(features, editor.Values);
            SoftMax(editor.Values);
            probabilities = editor.Commit();
        };
        return (ValueMapper<TSrc, TDst>)(Delegate)map;
    }

    // PredictedLabel, a key that counts from 1, and Score.
    private protected sealed override void WriteColumns(OnnxGraph graph, string outputs, string[] columns)
    {
        var probabilities = graph.AddTo(columns[1], "Softmax", [outputs], ("axis", 1));
        var number = graph.Add("Add", [graph.Add("ArgMax", [probabilities], ("axis", 1), ("keepdims", 1)), graph.Constant("One", [1L])]);

        // The largest of NaN is none: key 0, a missing value.
        var sum = graph.Add("ReduceSum", [probabilities], ("axes", new long[] { 1 }), ("keepdims", 1));
        var known = graph.Add("Cast", [graph.Add("Not", [graph.Add("IsNaN", [sum])])], ("to", typeof(long)));
        graph.AddTo(columns[0], "Cast", [graph.Add("Mul", [number, known])], ("to", typeof(uint)));
    }

    // The largest logit becomes 0, so that nothing overflows.
    private static void SoftMax(Span<float> logits)
    {
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), logits);
        TensorPrimitives.Exp<float>(logits, logits);
        TensorPrimitives.Divide(logits, TensorPrimitives.Sum<float>(logits), logits);
    }
}
