using HumanCompatible.ML.Features;
using HumanCompatible.ML.MLNet;

namespace HumanCompatible.ML.Scoring;

/// <summary>The features of a graph as its encoding takes them.</summary>
/// <param name="Values">The variable of the values, [rows, slots]: 0 where one is missing that has an input for that, so that what is NaN
/// or infinite here has no score.</param>
/// <param name="Missing">1 where such a value is missing, else 0, [rows, slots]; null where none has an input for that.</param>
/// <param name="Present">The reverse.</param>
internal sealed record OnnxFeatures(string Values, string? Missing, string? Present)
{
    /// <summary>Adds the nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="column">The variable of the feature column, of any dimensions.</param>
    /// <param name="encoder">The encoder of the features.</param>
    internal static OnnxFeatures Of(OnnxGraph graph, string column, FeatureEncoder encoder)
    {
        var values = graph.Add("Flatten", [column], ("axis", 1));
        if (!encoder.TakesMissing)
            return new(values, null, null);

        var slots = graph.Constant("MayMiss", [.. encoder.Slots.Select(slot => slot.TakesMissing ? 1f : 0)], 1, encoder.InputCount);
        var missing = graph.Add("And", [graph.Add("IsNaN", [values]), graph.Add("Cast", [slots], ("to", typeof(bool)))]);
        return new(
            graph.Add("Where", [missing, graph.Constant("Zero", [0], 1), values]),
            graph.Add("Cast", [missing], ("to", typeof(float))),
            graph.Add("Cast", [graph.Add("Not", [missing])], ("to", typeof(float))));
    }
}
