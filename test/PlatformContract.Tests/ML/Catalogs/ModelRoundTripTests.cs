using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace PlatformContract.Tests.ML.Catalogs;

[TestClass]
public sealed class ModelRoundTripTests
{
    private readonly MLContext ml = new(seed: 1);

    private static IEnumerable<object[]> Pipelines()
    {
        static object[] Case(string name, Func<MLContext, IEstimator<ITransformer>> make) => [name, make];
        yield return Case("Concatenate", ml => ml.Transforms.Concatenate("Out", "X", "V"));
        yield return Case("CopyColumns", ml => ml.Transforms.CopyColumns("Out", "V"));
        yield return Case("DropColumns", ml => ml.Transforms.DropColumns("D", "T").Append(ml.Transforms.CopyColumns("Out", "X")));
        yield return Case("SelectColumns", ml => ml.Transforms.CopyColumns("Out", "X").Append(ml.Transforms.SelectColumns("X", "Out")));
        yield return Case("NormalizeMeanVariance", ml => ml.Transforms.NormalizeMeanVariance("Out", "V", fixZero: false));
        yield return Case("NormalizeMinMax scalar", ml => ml.Transforms.NormalizeMinMax("Out", "X"));
        yield return Case("NormalizeMinMax double", ml => ml.Transforms.NormalizeMinMax("Out", "D"));
        yield return Case("ReplaceMissingValues", ml => ml.Transforms.ReplaceMissingValues("Out", "V", MissingValueReplacingEstimator.ReplacementMode.Mean));
        yield return Case("ReplaceMissingValues scalar", ml => ml.Transforms.ReplaceMissingValues("Out", "X", MissingValueReplacingEstimator.ReplacementMode.Maximum));
        yield return Case("IndicateMissingValues", ml => ml.Transforms.IndicateMissingValues("Out", "V"));
        yield return Case("OneHotEncoding", ml => ml.Transforms.Categorical.OneHotEncoding("Out", "T"));
        yield return Case("OneHotEncoding numbers", ml => ml.Transforms.Categorical.OneHotEncoding("Out", "N"));
        yield return Case("MapValueToKey", ml => ml.Transforms.Conversion.MapValueToKey("Out", "X"));
        yield return Case("MapKeyToValue", ml => ml.Transforms.Conversion.MapValueToKey("K", "T").Append(ml.Transforms.Conversion.MapKeyToValue("Out", "K")));
        yield return Case("ConvertType", ml => ml.Transforms.Conversion.ConvertType("Out", "V", DataKind.Double));
    }

    [TestMethod]
    [DynamicData(nameof(Pipelines))]
    public void SavedAndLoaded_SameSchemaAnnotationsAndValues(string name, Func<MLContext, IEstimator<ITransformer>> make)
    {
        var data = Samples.MixedTable(ml);
        var model = make(ml).Fit(data);
        using var stream = new MemoryStream();
        ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out var inputSchema);

        CollectionAssert.AreEqual(data.Schema.Select(column => column.Name).ToArray(), inputSchema.Select(column => column.Name).ToArray());
        var before = Print(model.Transform(data));
        var after = Print(loaded.Transform(data));
        CollectionAssert.AreEqual(before, after, $"{name}\n{string.Join("\n", before)}\nloaded:\n{string.Join("\n", after)}");
    }

    [TestMethod]
    public void LoadedModel_DoesNotSeeUnknownWords()
    {
        var model = ml.Transforms.Categorical.OneHotEncoding("E", "T").Fit(Samples.Words(ml, "a", "é", "b c"));
        using var stream = new MemoryStream();
        ml.Model.Save(model, Samples.Words(ml, "a").Schema, stream);
        stream.Position = 0;
        var view = new MLContext().Model.Load(stream, out _).Transform(Samples.Words(ml, "b c", "z", "é"));

        CollectionAssert.AreEqual(new[] { 0f, 0f, 1f }, Observed.FloatVectors(view, "E")[0]);
        CollectionAssert.AreEqual(new[] { 0f, 0f, 0f }, Observed.FloatVectors(view, "E")[1]);
        CollectionAssert.AreEqual(new[] { "a", "é", "b c" }, Observed.SlotNames(view, "E"));
    }

    private static string[] Print(IDataView view)
    {
        var lines = view.Schema
            .Select(column => $"{column.Name} {column.Type} hidden {column.IsHidden} [{string.Join(",", column.Annotations.Schema.Select(a => $"{a.Name} {a.Type}"))}]")
            .ToList();
        if (view.Schema["Out"].HasSlotNames())
        {
            lines.Add(string.Join("|", Observed.SlotNames(view, "Out")));
        }

        var values = view.Schema["Out"].Type.RawType switch
        {
            var type when type == typeof(VBuffer<float>) => view.GetColumn<VBuffer<float>>("Out").Select(vector => string.Join(",", vector.DenseValues())),
            var type when type == typeof(VBuffer<double>) => view.GetColumn<VBuffer<double>>("Out").Select(vector => string.Join(",", vector.DenseValues())),
            var type when type == typeof(VBuffer<bool>) => view.GetColumn<VBuffer<bool>>("Out").Select(vector => string.Join(",", vector.DenseValues())),
            var type when type == typeof(float) => view.GetColumn<float>("Out").Select(value => $"{value}"),
            var type when type == typeof(double) => view.GetColumn<double>("Out").Select(value => $"{value}"),
            var type when type == typeof(uint) => view.GetColumn<uint>("Out").Select(value => $"{value}"),
            _ => Observed.Texts(view, "Out"),
        };
        lines.AddRange(values);
        return [.. lines];
    }
}
