using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>A network of the user's own: it is scored by TorchSharp, a row at a time, and must be disposed.</summary>
[TestClass]
public sealed class ModuleScoringTests
{
    private const int RowCount = 2500;

    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, RowCount);

    [TestMethod]
    public void Transform_ALinearModule_GivesItsDotProducts()
    {
        using var model = Train(UserNetworks.Linear);
        var weight = model.Model.Weights.Find("linear.weight")!.Values.Span;
        var bias = model.Model.Weights.Find("linear.bias")!.Values.Span[0];

        var rows = Scored.Of(model.Transform(Data));

        foreach (var (person, row) in Census.People(RowCount).Zip(rows))
        {
            double expected = bias;
            for (var slot = 0; slot < Census.FeatureCount; slot++)
                expected += person.Features[slot] * weight[slot];
            Assert.AreEqual(expected, row.Score, 1e-4);
            Assert.AreEqual(1 / (1 + Math.Exp(-row.Score)), row.Probability, 1e-6);
        }
    }

    [TestMethod]
    public void Transform_RunsTheNetworkOncePerRowHoweverManyColumnsAreRead()
    {
        using var model = Train(UserNetworks.Linear);

        UserNetworks.Evaluated = default;
        var scored = model.Transform(Data);
        Assert.AreEqual((0, 0), UserNetworks.Evaluated, "Transform is lazy.");
        Scored.Of(scored);
        Assert.AreEqual((RowCount, RowCount), UserNetworks.Evaluated);

        scored.GetColumn<bool>("Label").Count();
        Assert.AreEqual((RowCount, RowCount), UserNetworks.Evaluated, "Columns of the input need no network.");
    }

    [TestMethod]
    public void Cursors_SeveralAtOnceShuffledOrInSets_AgreeRowByRow()
    {
        using var model = Train(UserNetworks.Deep);
        var view = model.Transform(ML.Data.Cache(Data));
        var expected = ById(view.GetRowCursor(view.Schema));
        using var first = view.GetRowCursor(view.Schema);
        using var second = view.GetRowCursor(view.Schema);
        var (readFirst, readSecond) = (Scored.Getter(first), Scored.Getter(second));
        for (var row = 0; row < 1500; row++)
        {
            Assert.IsTrue(first.MoveNext());
            Assert.IsTrue(row % 2 == 0 || second.MoveNext());
            Assert.AreEqual(expected[(ulong)row], readFirst());
            if (row % 2 == 1)
                Assert.AreEqual(expected[(ulong)(row / 2)], readSecond());
        }

        var shuffled = ById(view.GetRowCursor(view.Schema, new Random(2)));
        CollectionAssert.AreNotEqual(expected.Keys, shuffled.Keys);
        Assert.HasCount(RowCount, shuffled);
        AssertSame(expected, shuffled);
        var inSets = view.GetRowCursorSet(view.Schema, 3).AsParallel().WithDegreeOfParallelism(3).Select(ById).ToList();
        Assert.HasCount(3, inSets);
        Assert.AreEqual(RowCount, inSets.Sum(set => set.Count));
        AssertSame(expected, inSets.SelectMany(set => set).ToDictionary());
    }

    [TestMethod]
    public void Transform_OfAFilteredView_ScoresTheRowsThatAreLeft()
    {
        using var model = Train(UserNetworks.Deep);
        var all = ById(Open(model.Transform(Data)));
        var filtered = ML.Data.FilterRowsByColumn(Data, "District", lowerBound: 0.5);

        var left = ById(Open(model.Transform(filtered)));

        Assert.IsLessThan(RowCount, left.Count);
        AssertSame(all, left);

        static DataViewRowCursor Open(IDataView view) => view.GetRowCursor(view.Schema);
    }

    [TestMethod]
    public void PredictionEngineAndThreads_AgreeWithTransform()
    {
        using var model = Train(UserNetworks.Deep);
        var expected = Scored.Of(model.Transform(Data));
        var people = Census.People(RowCount);
        using (var engine = ML.Model.CreatePredictionEngine<Person, Scored>(model, new PredictionEngineOptions { OwnsTransformer = false }))
        {
            foreach (var index in new[] { 0, 2000, 2000, 3 })
                Assert.AreEqual(expected[index].Score, engine.Predict(people[index]).Score, 1e-5);
        }

        var results = new Scored[3][];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = 3 }, index
            => results[index] = Scored.Of(model.Transform(Data)));
        foreach (var result in results)
            CollectionAssert.AreEqual(expected, result);
    }

    [TestMethod]
    public void Transform_MissingFeature_ScoresNaN()
    {
        using var model = Train(UserNetworks.Linear);
        var people = Census.People(3);
        people[1].Features[0] = float.NaN;

        var rows = Scored.Of(model.Transform(ML.Data.LoadFromEnumerable(people)));

        CollectionAssert.AreEqual(new[] { false, true, false }, rows.Select(row => float.IsNaN(row.Score)).ToArray());
    }

    [TestMethod]
    public void Load_WithTheFactoryRegistered_GivesTheSameNumbers()
    {
        using var model = Train(UserNetworks.Deep);
        var archive = ModelArchive.Save(ML, model, Data.Schema);

        using var loaded = ModelRoundTripTests.Unwrap(archive.Load());

        CollectionAssert.AreEqual(Scored.Of(model.Transform(Data)), Scored.Of(loaded.Transform(Data)));
        Assert.AreEqual(UserNetworks.Deep, loaded.Model.Network);
        CollectionAssert.Contains(loaded.Model.Weights.Arrays.Select(array => array.Name).ToList(), "normalization.running_mean");
    }

    [TestMethod]
    public void Load_WithoutTheFactory_SaysWhichNameToRegister()
    {
        using var model = Train(UserNetworks.Deep);
        var archive = ModelArchive.Save(ML, model, Data.Schema).EditManifest(manifest => manifest["network"]!["name"] = "unknown here");
        var before = TorchState.Read();

        var error = Assert.Throws<Exception>(() => archive.Load()).GetBaseException();

        Assert.AreEqual(
            "No network is registered under the name 'unknown here'. Call NetworkRegistry.Register(\"unknown here\", (inputs, outputs) => "
                + "...) once in this process, before training or loading a model that uses it.",
            error.Message);
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Load_WithAnotherNetworkUnderTheName_SaysWhatDoesNotFit()
    {
        using var model = Train(UserNetworks.Linear);
        var archive = ModelArchive.Save(ML, model, Data.Schema).EditManifest(manifest => manifest["network"]!["name"] = "tests: wider");
        NetworkRegistry.Register("tests: wider", (inputs, outputs) => TorchSharp.torch.nn.Linear(inputs + 1, outputs));
        var before = TorchState.Read();

        var error = Assert.Throws<Exception>(() => archive.Load()).GetBaseException();

        StringAssert.StartsWith(error.Message, "The model file's entry 'Weights.safetensors' cannot be read: The weights do not fit the "
            + "network: 'weight' of shape [1, 6] is missing");
        before.AssertUnchanged();
    }

    [TestMethod]
    public void Dispose_ThenScore_BuildsTheNetworkAnew()
    {
        var model = Train(UserNetworks.Deep);
        var expected = Scored.Of(model.Transform(Data));
        var mapper = ((ITransformer)model).GetRowToRowMapper(Data.Schema);
        using var cursor = Data.GetRowCursor(Data.Schema);
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var read = Scored.Getter(row);
        Assert.IsTrue(cursor.MoveNext());
        model.Dispose();
        var released = TorchState.Read();

        Assert.AreEqual(expected[0].Score, read().Score);
        CollectionAssert.AreEqual(expected, Scored.Of(model.Transform(Data)));

        Assert.AreNotEqual(released, TorchState.Read());
        model.Model.Dispose(); // ML.NET's transformer passes the first Dispose on, and no other
        released.AssertUnchanged();
    }

    // A service that keeps the model makes an engine for each request, and ML.NET's engines dispose what they were made of.
    [TestMethod]
    public void PredictionEngines_OfACachedModel_MayBeDisposedInAnyOrder()
    {
        using var model = Train(UserNetworks.Deep);
        var people = Census.People(RowCount);
        var expected = Scored.Of(model.Transform(Data));
        var other = ML.Model.CreatePredictionEngine<Person, Scored>(model);

        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, request =>
        {
            using var engine = ML.Model.CreatePredictionEngine<Person, Scored>(model);
            Assert.AreEqual(expected[request].Score, engine.Predict(people[request]).Score, 1e-5);
        });

        Assert.AreEqual(expected[7].Score, other.Predict(people[7]).Score, 1e-5);
        other.Dispose();
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Train(NetworkDefinition network)
    {
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.05));
        (options.Network, options.FeatureEncoding) = (network, FeatureEncoding.None);
        return ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
    }

    private static void AssertSame(Dictionary<ulong, Scored> expected, Dictionary<ulong, Scored> actual)
    {
        foreach (var (id, scored) in actual)
            Assert.AreEqual(expected[id], scored);
    }

    private static Dictionary<ulong, Scored> ById(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var id = cursor.GetIdGetter();
            var read = Scored.Getter(cursor);
            var rows = new Dictionary<ulong, Scored>();
            while (cursor.MoveNext())
            {
                DataViewRowId key = default;
                id(ref key);
                rows.Add(key.Low, read());
            }

            return rows;
        }
    }
}
