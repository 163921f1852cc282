using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.MLNet;

/// <summary>What reading, promising and refusing columns rests on.</summary>
[TestClass]
public sealed class SchemaTests
{
    private static readonly MLContext ML = new(1);

    [TestMethod]
    public void Column_OfANameThatIsThere_HidesTheOlderOne()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Score", TextDataViewType.Instance);
        builder.AddColumn("Score", NumberDataViewType.Single);

        var schema = builder.ToSchema();

        Assert.HasCount(2, schema);
        Assert.IsTrue(schema[0].IsHidden);
        Assert.AreEqual(1, schema["Score"].Index);
    }

    [TestMethod]
    public void ShapeOfASchema_HasRawTypesAndAFlagForKeys_AndTheAnnotations()
    {
        var data = ML.Transforms.Categorical.OneHotEncoding("OneHot", "Sex").Fit(Census.View(ML, 4)).Transform(Census.View(ML, 4));
        var probe = new Probe();

        new EstimatorChain<ITransformer>().Append(probe).Fit(data);

        CollectionAssert.AreEqual(Schemas.Describe(Schemas.Shape(data.Schema)), Schemas.Describe(probe.Seen!));
        var key = probe.Seen!.Single(column => column.Name == "Key");
        Assert.AreEqual((NumberDataViewType.UInt32, true, SchemaShape.Column.VectorKind.Scalar), (key.ItemType, key.IsKey, key.Kind));
    }

    [TestMethod]
    public void Key_OfAnUnknownValueIsZero_OfTheFirstOne()
    {
        var train = ML.Data.LoadFromEnumerable([new Named { Name = "a" }, new Named { Name = "b" }]);
        var test = ML.Data.LoadFromEnumerable([new Named { Name = "b" }, new Named { Name = "a" }, new Named { Name = "c" }]);

        var keys = ML.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(train).Transform(test).GetColumn<uint>("Key").ToArray();

        CollectionAssert.AreEqual(new uint[] { 2, 1, 0 }, keys);
    }

    [TestMethod]
    public void CopyTo_OfASparseVector_WritesItsZerosToo()
    {
        var sparse = new VBuffer<float>(4, 1, [7], [2]);
        float[] target = [1, 1, 1, 1];

        sparse.CopyTo(target);

        CollectionAssert.AreEqual(new float[] { 0, 0, 7, 0 }, target);
    }

    [TestMethod]
    public void ErrorsOfATrainer_AreThoseThatWeWord()
    {
        Assert.AreEqual("Could not find label column 'Nowhere' (Parameter 'inputSchema')", ErrorOf("Nowhere"));
        StringAssert.StartsWith(ErrorOf("Features"), "Schema mismatch for label column 'Features': expected Boolean, got Vector<Single> (");

        static string ErrorOf(string label)
        {
            var trainer = ML.BinaryClassification.Trainers.LbfgsLogisticRegression(label);
            return Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Census.View(ML, 4))).Message;
        }
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }

    /// <summary>Keeps the promise that it is asked about.</summary>
    private sealed class Probe : IEstimator<ITransformer>
    {
        internal SchemaShape? Seen { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();
    }
}
