using System.Text.Json;
using HumanCompatible.ML.Metrics;
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
        Metadata(model));

    private static Dictionary<string, string> Metadata(TrainedModel model)
    {
        var metadata = new Dictionary<string, string>
        {
            ["network"] = Json(model.Network),
            ["task"] = Json(model.Task.Task).Trim('"'),
            ["library"] = model.Origin.Library,
        };
        if (model.Task.Task == LearningTask.MulticlassClassification)
            metadata.Add("classes", Json(model.Task.Classes));
        if (model.Task.Task == LearningTask.Regression)
            metadata.Add("labelScale", Json(new LabelScale(model.Task.Mean, model.Task.Deviation)));
        return metadata;
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonDialect.Options);
}
