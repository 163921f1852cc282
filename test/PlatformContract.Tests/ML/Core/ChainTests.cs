using Microsoft.ML;
using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class ChainTests
{
    private readonly MLContext _context = new(1);

    [TestMethod]
    public void Append_BuildsTypedChains()
    {
        var probe = new ProbeEstimator();
        var scaling = new ScalingEstimator(_context);
        EstimatorChain<ScalingTransformer> chain = probe.Append(scaling);
        Assert.AreSame(scaling, chain.LastEstimator);
        TransformerChain<ScalingTransformer> model = chain.Fit(Rows.View(_context, 3));
        Assert.AreEqual(3f, model.LastTransformer.Scale);
        Assert.HasCount(2, model);
        Assert.IsInstanceOfType<IdentityTransformer>(model.First());
        Assert.AreSame(model.LastTransformer, model.Last());
    }

    [TestMethod]
    public void Append_LeavesTheFirstChainAsItWas()
    {
        var chain = new EstimatorChain<ITransformer>().Append(new ScalingEstimator(_context));
        chain.Append(new ProbeEstimator());
        Assert.HasCount(1, chain.Fit(Rows.View(_context, 1)));
    }

    [TestMethod]
    public void Fit_ChecksEveryShapeBeforeAnyEstimatorSeesTheData()
    {
        var first = new ScalingEstimator(_context);
        var chain = first.Append(new RejectingEstimator());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(Rows.View(_context, 2)));
        Assert.AreEqual(0, first.Fits);
    }

    [TestMethod]
    public void GetOutputSchema_OfEstimators_FoldsShapes()
    {
        var shape = new ScalingEstimator(_context).Append(new ProbeEstimator()).GetOutputSchema(SchemaShape.Create(Rows.View(_context, 1).Schema));
        CollectionAssert.AreEqual(new[] { "X", "Name", "Scaled" }, shape.Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void GetOutputSchema_OfTransformers_MatchesWhatTransformGives()
    {
        var data = Rows.View(_context, 3);
        var model = new ScalingEstimator(_context).Append(new ProbeEstimator()).Fit(data);
        var promised = model.GetOutputSchema(data.Schema);
        var given = model.Transform(data).Schema;
        CollectionAssert.AreEqual(promised.Select(column => column.ToString()).ToArray(), given.Select(column => column.ToString()).ToArray());
    }

    [TestMethod]
    public void EmptyChain_GivesTheDataBack()
    {
        var data = Rows.View(_context, 2);
        var model = new EstimatorChain<ITransformer>().Fit(data);
        Assert.AreSame(data, model.Transform(data));
        Assert.IsNull(model.LastTransformer);
        Assert.IsTrue(((ITransformer)model).IsRowToRowMapper);
    }

    [TestMethod]
    public void Scope_TrainTestSteps_AreLeftOutOfScoring()
    {
        var data = Rows.View(_context, 4);
        var model = new EstimatorChain<ITransformer>()
            .Append(new ScalingEstimator(_context), TransformerScope.TrainTest)
            .Append(new ProbeEstimator()).Fit(data);
        Assert.HasCount(2, model);
        Assert.IsNull(model.Transform(data).Schema.GetColumnOrNull("Scaled"));
        Assert.IsNotNull(model.Transform(data, TransformerScope.Testing).Schema.GetColumnOrNull("Scaled"));
        Assert.HasCount(1, model.GetModelFor(TransformerScope.Scoring));
        Assert.IsNull(model.GetOutputSchema(data.Schema).GetColumnOrNull("Scaled"));
    }

    [TestMethod]
    public void Transform_IsLazy()
    {
        var data = Rows.View(_context, 4);
        var model = new ScalingEstimator(_context).Fit(data);
        var chain = new TransformerChain<ITransformer>(model);
        var scored = chain.Transform(data);
        Assert.AreEqual(0, model.Computed);
        CollectionAssert.AreEqual(new[] { 0f, 1f, 2f, 3f }, Rows.X(scored));
        Assert.AreEqual(0, model.Computed);
        CollectionAssert.AreEqual(new[] { 0f, 4f, 8f, 12f }, scored.GetColumn<float>("Scaled").ToArray());
        Assert.AreEqual(4, model.Computed);
    }

    [TestMethod]
    public void Dispose_DisposesDisposableMembersOnce()
    {
        var model = new ScalingEstimator(_context).Append(new ProbeEstimator()).Fit(Rows.View(_context, 1));
        var scaling = (ScalingTransformer)model.First();
        model.Dispose();
        model.Dispose();
        Assert.AreEqual(1, scaling.Disposals);
    }

    [TestMethod]
    public void IsRowToRowMapper_NeedsEveryMemberToBeOne()
    {
        var scaling = new ScalingTransformer(_context, 2);
        ITransformer mappers = new TransformerChain<ITransformer>(scaling, scaling);
        ITransformer mixed = new TransformerChain<ITransformer>(scaling, new IdentityTransformer());
        Assert.IsTrue(mappers.IsRowToRowMapper);
        Assert.IsFalse(mixed.IsRowToRowMapper);
        Assert.ThrowsExactly<InvalidOperationException>(() => mixed.GetRowToRowMapper(Rows.View(_context, 1).Schema));
    }

    [TestMethod]
    public void GetRowToRowMapper_ChainsDependencies()
    {
        var schema = Rows.View(_context, 1).Schema;
        var scaling = new ScalingTransformer(_context, 2);
        var mapper = ((ITransformer)new TransformerChain<ITransformer>(scaling, scaling)).GetRowToRowMapper(schema);
        Assert.AreSame(schema, mapper.InputSchema);
        Assert.HasCount(4, mapper.OutputSchema);
        CollectionAssert.AreEqual(new[] { "X" }, mapper.GetDependencies([mapper.OutputSchema["Scaled"]]).Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "Name" }, mapper.GetDependencies([mapper.OutputSchema["Name"]]).Select(column => column.Name).ToArray());
    }

    [TestMethod]
    public void TransformerAppend_MakesAChain()
    {
        var (first, second) = (new IdentityTransformer(), new ScalingTransformer(_context, 2));
        TransformerChain<ScalingTransformer> chain = first.Append(second);
        CollectionAssert.AreEqual(new ITransformer[] { first, second }, chain.ToArray());
        Assert.HasCount(3, chain.Append(first));
    }

    [TestMethod]
    public void AppendCacheCheckpoint_ComputesEarlierStepsOnceForLaterPasses()
    {
        var data = Rows.View(_context, 5);
        foreach (var (cached, expected) in new[] { (true, 5), (false, 10) })
        {
            ScalingTransformer? scaling = null;
            var start = new ScalingEstimator(_context).WithOnFitDelegate(fitted => scaling = fitted);
            var chain = cached ? start.AppendCacheCheckpoint(_context) : new EstimatorChain<ITransformer>().Append(start);
            chain.Append(new TwoPassEstimator()).Fit(data);
            Assert.AreEqual(expected, scaling!.Computed);
        }
    }

    [TestMethod]
    public void AppendCacheCheckpoint_OnAnEmptyChain_Throws()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_context));
        Assert.AreEqual("Current estimator chain has no estimator, can't append cache checkpoint.", error.Message);
    }

    [TestMethod]
    public void Append_Null_Throws()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => new ProbeEstimator().Append<ITransformer>(null));
        Assert.ThrowsExactly<ArgumentNullException>(() => new EstimatorChain<ITransformer>().Append<ITransformer>(null));
        Assert.ThrowsExactly<InvalidOperationException>(() => new TransformerChain<ScalingTransformer>(new IdentityTransformer()));
    }

    private sealed class RejectingEstimator : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => throw new InvalidOperationException("must not be reached");

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => throw new ArgumentOutOfRangeException(nameof(inputSchema));
    }

    private sealed class TwoPassEstimator : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input)
        {
            Assert.AreEqual(input.GetColumn<float>("Scaled").Sum(), input.GetColumn<float>("Scaled").Sum());
            return new IdentityTransformer();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
