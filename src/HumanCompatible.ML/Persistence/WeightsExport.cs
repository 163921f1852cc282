using System.Text.Json;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// A safetensors file for other programs: the arrays of the network under their own names, those of the encoding of the features (see
/// <see cref="EncodingEntry"/>) after <c>encoding.</c> where there is one, and in the metadata what the network is, as JSON.
/// </summary>
internal static class WeightsExport
{
    private const string EncodingPrefix = "encoding.";

    internal static byte[] Write(TrainedModel model) => SafetensorsWriter.ToBytes(
        [
            .. WeightsEntry.Tensors(model.Weights),
            .. model.Encoder.IsIdentity ? [] : EncodingEntry.Tensors(model.Encoder, EncodingPrefix),
        ],
        new Dictionary<string, string>
        {
            ["network"] = JsonSerializer.Serialize(model.Network, JsonDialect.Options),
            ["library"] = model.Origin.Library,
        });
}
