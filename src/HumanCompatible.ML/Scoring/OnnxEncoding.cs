using HumanCompatible.ML.Features;
using HumanCompatible.ML.MLNet;

namespace HumanCompatible.ML.Scoring;

/// <summary>
/// A <see cref="FeatureEncoder"/> as nodes of an ONNX graph: scaled values, indicators, bins and missing values, each kind at once
/// for all slots. The
/// operators are those of every operator set from 9 on; an Equal of floats, or a Clip with the same inputs, is not among them.
/// </summary>
internal static class OnnxEncoding
{
    /// <summary>Adds the nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="features">The features, [rows, slots].</param>
    /// <param name="encoder">The encoder.</param>
    /// <returns>The variable of the inputs of the network, [rows, inputs], and which of the encoder's inputs each column of it is.
    /// </returns>
    internal static (string Inputs, int[] Order) Write(OnnxGraph graph, OnnxFeatures features, FeatureEncoder encoder)
    {
        if (encoder.IsIdentity)
            return (features.Values, [.. Enumerable.Range(0, encoder.InputCount)]);

        Columns scaled = new(), indicators = new(), bins = new(), missing = new();
        var start = 0;
        for (var index = 0; index < encoder.Slots.Count; start += encoder.Slots[index].Width, index++)
        {
            var slot = encoder.Slots[index];
            if (slot.TakesMissing)
                missing.Add(index, start + slot.Width - 1, 0, 0);
            if (slot.Scale == 0)
                continue;
            scaled.Add(index, start, slot.Offset, slot.Scale);
            for (var i = 0; i < slot.Dominants.Length; i++)
                indicators.Add(index, start + 1 + i, slot.Dominants[i], 1);
            for (var i = 0; i < slot.Boundaries.Length - 1; i++)
            {
                var width = (double)slot.Boundaries[i + 1] - slot.Boundaries[i];
                bins.Add(index, start + 1 + slot.Dominants.Length + i, slot.Boundaries[i], (float)Math.Min(width, float.MaxValue));
            }
        }

        List<string> blocks = [];
        if (scaled.Count > 0)
            blocks.Add(Scaled(graph, features, scaled));
        if (indicators.Count > 0)
            blocks.Add(Indicators(graph, features, indicators));
        if (bins.Count > 0)
            blocks.Add(Bins(graph, features, bins));
        if (missing.Count > 0)
            blocks.Add(missing.Taken(graph, features.Missing!));
        var inputs = blocks.Count == 1 ? blocks[0] : graph.Add("Concat", [.. blocks], ("axis", 1));
        return (inputs, [.. scaled.Inputs, .. indicators.Inputs, .. bins.Inputs, .. missing.Inputs]);
    }

    // (x - offset) scale, within the finite numbers.
    private static string Scaled(OnnxGraph graph, OnnxFeatures features, Columns columns)
    {
        var scaled = graph.Add("Mul", [Shifted(graph, features, columns), columns.Second(graph, "Scale")]);
        return Present(graph, features, columns, Clamped(graph, scaled, float.MinValue, float.MaxValue));
    }

    // 1 where x is neither above nor below the value, else 0.
    private static string Indicators(OnnxGraph graph, OnnxFeatures features, Columns columns)
    {
        string taken = columns.Taken(graph, features.Values), value = columns.First(graph, "Dominant");
        var differs = graph.Add("Or", [graph.Add("Greater", [taken, value]), graph.Add("Less", [taken, value])]);
        return Present(graph, features, columns, graph.Add("Cast", [graph.Add("Not", [differs])], ("to", typeof(float))));
    }

    // (x - from) / (to - from), from 0 to 1.
    private static string Bins(OnnxGraph graph, OnnxFeatures features, Columns columns)
    {
        var part = graph.Add("Div", [Shifted(graph, features, columns), columns.Second(graph, "Width")]);
        return Present(graph, features, columns, Clamped(graph, part, 0, 1));
    }

    private static string Shifted(OnnxGraph graph, OnnxFeatures features, Columns columns)
        => graph.Add("Sub", [columns.Taken(graph, features.Values), columns.First(graph, "Offset")]);

    // 0 where the slot's value is missing.
    private static string Present(OnnxGraph graph, OnnxFeatures features, Columns columns, string inputs)
        => features.Present is null ? inputs : graph.Add("Mul", [inputs, columns.Taken(graph, features.Present)]);

    private static string Clamped(OnnxGraph graph, string values, float least, float most)
        => graph.Add("Min", [graph.Add("Max", [values, graph.Constant("Least", [least], 1)]), graph.Constant("Most", [most], 1)]);

    /// <summary>Inputs of one kind: of which slot each is, which input of the network, and its two numbers.</summary>
    private sealed class Columns
    {
        private readonly List<long> _slots = [];
        private readonly List<float> _first = [];
        private readonly List<float> _second = [];

        internal List<int> Inputs { get; } = [];

        internal int Count => _slots.Count;

        internal void Add(int slot, int input, float first, float second)
        {
            _slots.Add(slot);
            Inputs.Add(input);
            _first.Add(first);
            _second.Add(second);
        }

        internal string Taken(OnnxGraph graph, string features)
            => graph.Add("Gather", [features, graph.Constant("Slots", [.. _slots])], ("axis", 1));

        internal string First(OnnxGraph graph, string name) => graph.Constant(name, [.. _first], 1, Count);

        internal string Second(OnnxGraph graph, string name) => graph.Constant(name, [.. _second], 1, Count);
    }
}
