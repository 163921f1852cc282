using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class BuiltInChainTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void SaveAndLoad_KeepsSchemaAnnotationsAndValues()
    {
        var data = _context.Data.LoadFromEnumerable(Rows.Points(6));
        var model = Features().Append(new ScalingEstimator(_context)).Append(_context.Transforms.Conversion.MapValueToKey("Name")).Fit(data);
        var loaded = Reload(model, data.Schema);
        var (before, after) = (model.Transform(data), loaded.Transform(data));
        CollectionAssert.AreEqual(before.Schema.Select(column => column.ToString()).ToArray(), after.Schema.Select(column => column.ToString()).ToArray());
        foreach (var name in new[] { "X", "Copy", "Scaled" })
            CollectionAssert.AreEqual(before.GetColumn<float>(name).ToArray(), after.GetColumn<float>(name).ToArray());
        CollectionAssert.AreEqual(
            before.GetColumn<float[]>("Features").SelectMany(items => items).ToArray(), after.GetColumn<float[]>("Features").SelectMany(items => items).ToArray());
        CollectionAssert.AreEqual(before.GetColumn<uint>("Name").ToArray(), after.GetColumn<uint>("Name").ToArray());
        VBuffer<ReadOnlyMemory<char>> keys = default;
        after.Schema["Name"].GetKeyValues(ref keys);
        CollectionAssert.AreEqual(new[] { "p0", "p1", "p2", "p3", "p4", "p5" }, keys.DenseValues().Select(Rows.Text).ToArray());
    }

    [TestMethod]
    public void SaveAndLoad_OfALoadedModel_WorksAgain()
    {
        var data = Rows.View(_context, 5);
        var model = Features().Append(new ScalingEstimator(_context)).Fit(data);
        var again = Reload(Reload(model, data.Schema), data.Schema);
        CollectionAssert.AreEqual(model.Transform(data).GetColumn<float>("Scaled").ToArray(), again.Transform(data).GetColumn<float>("Scaled").ToArray());
    }

    [TestMethod]
    public void PredictionEngine_OfALoadedChain_EqualsTransform()
    {
        var data = Rows.View(_context, 6);
        var loaded = Reload(Features().Append(new ScalingEstimator(_context)).Fit(data), data.Schema);
        var expected = _context.Data.CreateEnumerable<Output>(loaded.Transform(data), false).ToList();
        using var engine = _context.Model.CreatePredictionEngine<Point, Output>(loaded);
        foreach (var (point, row) in Rows.Points(6).Zip(expected))
        {
            var predicted = engine.Predict(point);
            Assert.AreEqual((row.Scaled, row.Copy), (predicted.Scaled, predicted.Copy));
            CollectionAssert.AreEqual(row.Features, predicted.Features);
        }
    }

    [TestMethod]
    public void ThirdPartyEstimator_StandsBetweenBuiltInOnes()
    {
        var data = Rows.View(_context, 4);
        var chain = _context.Transforms.CopyColumns("Copy", "X").Append(new ScalingEstimator(_context))
            .Append(_context.Transforms.Concatenate("Features", "Copy", "Scaled")).Append(_context.Transforms.NormalizeMinMax("Features"));
        CollectionAssert.AreEqual(
            new[] { 0f, 0f, 1 / 3f, 1 / 3f, 2 / 3f, 2 / 3f, 1f, 1f },
            chain.Fit(data).Transform(data).GetColumn<float[]>("Features").SelectMany(items => items).ToArray());
    }

    [TestMethod]
    public void Fit_MissingInputColumn_NamesRoleAndColumn()
    {
        var chain = new ScalingEstimator(_context).Append(_context.Transforms.Concatenate("Features", "Missing"));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(Rows.View(_context, 1)));
        StringAssert.StartsWith(error.Message, "Could not find input column 'Missing'");
        Assert.AreEqual("inputSchema", error.ParamName);
    }

    [TestMethod]
    public void ReplacedColumn_HidesTheOldOneBehindIt()
    {
        var data = Rows.View(_context, 3);
        var schema = _context.Transforms.CopyColumns("X", "X").Append(_context.Transforms.NormalizeMinMax("X")).Fit(data).GetOutputSchema(data.Schema);
        CollectionAssert.AreEqual(new[] { "X", "X", "X", "Name" }, schema.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { true, true, false, false }, schema.Select(column => column.IsHidden).ToArray());
        Assert.IsTrue(schema["X"].IsNormalized());
    }

    [TestMethod]
    public void CrossValidationSplit_FeedsAThirdPartyChain()
    {
        var data = Rows.View(_context, 40);
        var rows = 0;
        foreach (var split in _context.Data.CrossValidationSplit(data, numberOfFolds: 4, seed: 2))
        {
            var model = Features().Append(new ScalingEstimator(_context)).Fit(split.TrainSet);
            var tested = model.Transform(split.TestSet).GetColumn<float>("Scaled").Count();
            Assert.AreEqual(40 - tested, model.LastTransformer.Scale);
            rows += tested;
        }
        Assert.AreEqual(40, rows);
    }

    [TestMethod]
    public void Cursors_OverAChain_ComputeOnlyWhatIsAskedFor()
    {
        var data = Rows.View(_context, 3);
        var model = new ScalingEstimator(_context).Append(_context.Transforms.CopyColumns("Copy", "X")).Fit(data);
        var scaling = (ScalingTransformer)model.First();
        CollectionAssert.AreEqual(new[] { 0f, 1f, 2f }, model.Transform(data).GetColumn<float>("Copy").ToArray());
        Assert.AreEqual(0, scaling.Computed);
    }

    private EstimatorChain<ITransformer> Features() => new EstimatorChain<ITransformer>()
        .Append(_context.Transforms.CopyColumns("Copy", "X"))
        .Append(_context.Transforms.Concatenate("Features", "X", "Copy"))
        .Append((IEstimator<ITransformer>)_context.Transforms.NormalizeMinMax("Features"));

    private ITransformer Reload(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _context.Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out _);
    }

    private sealed class Output
    {
        public float Scaled { get; set; }

        public float Copy { get; set; }

        public float[]? Features { get; set; }
    }
}
