using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Scoring;

/// <summary>A built-in network with the encoding of its features as nodes of an ONNX graph, whatever its outputs are used for.</summary>
internal static class OnnxNetwork
{
    /// <summary>Refuses a network that cannot be written.</summary>
    /// <exception cref="NotSupportedException">The network is the user's own module.</exception>
    internal static void Check(NetworkDefinition network)
    {
        if (network is ModuleNetwork module)
        {
            throw new NotSupportedException($"The network '{module.Name}' is a module of your own and cannot be written as ONNX: what it "
                + "computes is known to TorchSharp only. Built-in networks can.");
        }
    }

    /// <summary>Adds the nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="features">The variable of the feature column.</param>
    /// <param name="model">The network, its weights and its encoder.</param>
    /// <returns>The variable of the outputs, [rows, outputs], NaN in rows that have no score.</returns>
    internal static string Write(OnnxGraph graph, string features, TrainedModel model)
    {
        var architecture = LayeredArchitecture.Of(model.Network, model.Encoder.OutputCount, model.Task.OutputCount);
        var rows = OnnxFeatures.Of(graph, features, model.Encoder);
        var (values, order) = OnnxEncoding.Write(graph, rows, model.Encoder);
        string before = "", blockStart = "";
        foreach (var (index, layer) in ScoredLayer.Of(architecture, model.Weights).Index())
        {
            (blockStart, before) = (before, values);
            values = graph.Add("Gemm",
                [
                    values,
                    graph.Constant("Weight", index == 0 ? Reordered(layer.Weight, order) : layer.Weight, layer.Layer.Width,
                        layer.Layer.InputCount),
                    graph.Constant("Bias", layer.Bias, layer.Layer.Width),
                ],
                ("transB", 1));
            if (layer.Gain.Length > 0)
                values = Normalized(graph, values, layer);
            if (layer.Layer.EndsBlock)
                values = graph.Add("Add", [values, blockStart]);
            if (layer.Layer.Activates)
                values = Activate(graph, values, architecture.Activation);
        }

        // 0 times a number is 0, but NaN of what is no finite number: comparisons and minima above may have lost it.
        var nothing = graph.Add("Mul", [rows.Values, graph.Constant("Zero", [0], 1)]);
        return graph.Add("Add", [values, graph.Add("ReduceSum", [nothing], ("axes", new long[] { 1 }), ("keepdims", 1))]);
    }

    // Columns of the weights in the order of the encoded columns of the graph.
    private static float[] Reordered(float[] weights, int[] order)
    {
        var reordered = new float[weights.Length];
        for (var start = 0; start < weights.Length; start += order.Length)
        {
            for (var column = 0; column < order.Length; column++)
                reordered[start + column] = weights[start + order[column]];
        }

        return reordered;
    }

    // Over the units of a row.
    private static string Normalized(OnnxGraph graph, string z, ScoredLayer layer)
    {
        string Mean(string values) => graph.Add("ReduceMean", [values], ("axes", new long[] { 1 }), ("keepdims", 1));
        string OfUnit(string name, float[] values) => graph.Constant(name, values, 1, values.Length);
        var centered = graph.Add("Sub", [z, Mean(z)]);
        var variance = graph.Add("Add",
            [Mean(graph.Add("Mul", [centered, centered])), graph.Constant("Epsilon", [(float)LayeredArchitecture.Epsilon], 1)]);
        var scaled = graph.Add("Div", [centered, graph.Add("Sqrt", [variance])]);
        return graph.Add("Add", [graph.Add("Mul", [scaled, OfUnit("Gain", layer.Gain)]), OfUnit("Shift", layer.Shift)]);
    }

    private static string Activate(OnnxGraph graph, string z, Activation activation) => activation switch
    {
        Activation.ReLU => graph.Add("Relu", [z]),
        Activation.LeakyReLU => graph.Add("LeakyRelu", [z], ("alpha", 0.01f)),
        Activation.Tanh => graph.Add("Tanh", [z]),
        Activation.Sigmoid => graph.Add("Sigmoid", [z]),

        // As z / (1 + exp(-z)): runtimes cut the sigmoid of z off above 0, and z times that is far from 0 where z is large.
        Activation.SiLU => graph.Add("Div",
            [z, graph.Add("Add", [graph.Add("Exp", [graph.Add("Neg", [z])]), graph.Constant("One", [1], 1)])]),
        Activation.GELU => Gelu(graph, z),
        _ => throw new InvalidOperationException($"The activation {activation} is unknown."),
    };

    // As max(z, 0) - |z| P(Z > |z|): runtimes cut erf off below 1, so that where z is large what it is multiplied by must not be.
    private static string Gelu(OnnxGraph graph, string z)
    {
        var size = graph.Add("Min", [graph.Add("Abs", [z]), graph.Constant("Ten", [10], 1)]);
        var erf = graph.Add("Erf", [graph.Add("Mul", [size, graph.Constant("InverseRoot", [(float)Math.Sqrt(0.5)], 1)])]);
        var tail = graph.Add("Mul", [graph.Add("Sub", [graph.Constant("One", [1], 1), erf]), graph.Constant("Half", [0.5f], 1)]);
        return graph.Add("Sub", [graph.Add("Relu", [z]), graph.Add("Mul", [size, tail])]);
    }
}
