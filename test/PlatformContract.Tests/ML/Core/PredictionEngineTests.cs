using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class PredictionEngineTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void Dispose_DisposesTheTransformerItOwns()
    {
        var model = new ScalingTransformer(_context, 2);
        var engine = _context.Model.CreatePredictionEngine<Point, ScaledPoint>(model);
        engine.Dispose();
        engine.Dispose();
        Assert.AreEqual(1, model.Disposals);
    }

    [TestMethod]
    public void Dispose_LeavesTheTransformerItDoesNotOwn()
    {
        var model = new ScalingTransformer(_context, 2);
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        _context.Model.CreatePredictionEngine<Point, ScaledPoint>(model, options).Dispose();
        Assert.AreEqual(0, model.Disposals);
    }

    [TestMethod]
    public void Dispose_OfAChain_DisposesItsMembers()
    {
        var model = new ScalingTransformer(_context, 2);
        _context.Model.CreatePredictionEngine<Point, ScaledPoint>(new TransformerChain<ITransformer>(model)).Dispose();
        Assert.AreEqual(1, model.Disposals);
    }

    [TestMethod]
    public void Options_HaveTheDefaultsOfTheOverloads()
    {
        var options = new PredictionEngineOptions();
        Assert.IsTrue(options.OwnsTransformer);
        Assert.IsTrue(options.IgnoreMissingColumns);
        Assert.IsNull(options.InputSchemaDefinition);
        Assert.IsNull(options.OutputSchemaDefinition);
    }

    [TestMethod]
    public void OutputSchema_HasInputAndNewColumns()
    {
        using var engine = _context.Model.CreatePredictionEngine<Point, ScaledPoint>(new ScalingTransformer(_context, 2));
        CollectionAssert.AreEqual(new[] { "X", "Name", "Scaled" }, engine.OutputSchema.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void Predict_IntoAnExistingObject_FillsIt()
    {
        using var engine = _context.Model.CreatePredictionEngine<Point, ScaledPoint>(new ScalingTransformer(_context, 2));
        var target = new ScaledPoint { Scaled = -1 };
        var same = target;
        engine.Predict(new Point { X = 3 }, ref target);
        Assert.AreSame(same, target);
        Assert.AreEqual(6f, target.Scaled);
        Assert.AreEqual(3f, target.X);
    }

    [TestMethod]
    public void Predict_Null_Throws()
    {
        using var engine = _context.Model.CreatePredictionEngine<Point, ScaledPoint>(new ScalingTransformer(_context, 2));
        Assert.ThrowsExactly<ArgumentNullException>(() => engine.Predict(null!));
    }

    [TestMethod]
    public void Create_FromWhatIsNoRowMapper_Throws()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Model.CreatePredictionEngine<Point, ScaledPoint>(new IdentityTransformer()));
        StringAssert.StartsWith(error.Message, "Must be a row to row mapper");
        Assert.AreEqual("transformer", error.ParamName);
        Assert.ThrowsExactly<ArgumentNullException>(() => _context.Model.CreatePredictionEngine<Point, ScaledPoint>(null));
    }

    [TestMethod]
    public void Create_InputLacksAColumn_ThrowsTheTransformersError()
        => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Model.CreatePredictionEngine<NamedOnly, ScaledPoint>(new ScalingTransformer(_context, 2)));

    [TestMethod]
    public void Create_OutputAsksForAMissingColumn_IgnoresItUnlessToldNotTo()
    {
        using (var engine = _context.Model.CreatePredictionEngine<Point, WithMissing>(new ScalingTransformer(_context, 2)))
            Assert.AreEqual(7, engine.Predict(new Point { X = 1 }).Missing);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.Model.CreatePredictionEngine<Point, WithMissing>(new ScalingTransformer(_context, 2), ignoreMissingColumns: false));
        StringAssert.StartsWith(error.Message, "Could not find  column 'Missing'");
    }

    [TestMethod]
    public void Create_OutputTypeDiffers_Throws()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _context.Model.CreatePredictionEngine<Point, WrongType>(new ScalingTransformer(_context, 2)));
        Assert.AreEqual("Can't bind the IDataView column 'Scaled' of type 'Single' to field or property 'Scaled' of type 'System.Double'.", error.Message);
    }

    [TestMethod]
    public void Create_WithInputSchema_TakesItsTypesAndAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("X", NumberDataViewType.Single, annotations.ToAnnotations());
        using var engine = _context.Model.CreatePredictionEngine<Point, ScaledPoint>(new ScalingTransformer(_context, 2), builder.ToSchema());
        Assert.IsTrue(engine.OutputSchema["X"].IsNormalized());
        Assert.AreEqual(4f, engine.Predict(new Point { X = 2 }).Scaled);
        builder.AddColumn("Other", NumberDataViewType.Single);
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _context.Model.CreatePredictionEngine<Point, ScaledPoint>(new ScalingTransformer(_context, 2), builder.ToSchema()));
        Assert.AreEqual("Type should contain a member named Other", error.Message);
    }

    private sealed class NamedOnly
    {
        public string? Name { get; set; }
    }

    private sealed class WithMissing
    {
        public float Scaled { get; set; }

        public int Missing { get; set; } = 7;
    }

    private sealed class WrongType
    {
        public double Scaled { get; set; }
    }
}
