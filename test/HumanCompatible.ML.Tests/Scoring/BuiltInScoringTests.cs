using HumanCompatible.ML.Features;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>A built-in network in ML.NET's own scorer.</summary>
[TestClass]
public sealed class BuiltInScoringTests
{
    private static readonly WorkoutCase Run = Workout.Get("BinaryClassification: DemographicParity(Sex)");
    private static readonly IRowToRowMapper Mapper = ((ITransformer)Run.Model).GetRowToRowMapper(Run.Data.Schema);

    [TestMethod]
    public void GetRowCursor_AsksTheSourceForWhatIsNeededOnly()
    {
        var source = new CountingView(Run.Data);
        var view = Run.Model.Transform(source);
        Assert.AreEqual((0, ""), (source.Opened, source.Columns));

        Assert.AreEqual("Sex", Ask("Sex"));
        Assert.AreEqual("Features", Ask("PredictedLabel"));
        Assert.AreEqual("Label, Features", Ask("Label", "Score", "Probability"));
        Assert.AreEqual("", Ask());

        string Ask(params string[] names)
        {
            view.GetRowCursor(names.Select(name => view.Schema[name])).Dispose();
            return source.Columns;
        }
    }

    [TestMethod]
    public void Rows_InManagedMemory_AreScoredWithoutAllocation()
    {
        const int Rows = 400;
        using var cursor = Run.Data.GetRowCursor(Run.Data.Schema);
        using var row = Mapper.GetRow(cursor, Mapper.OutputSchema);
        var (score, probability) = (row.GetGetter<float>(row.Schema["Score"]), row.GetGetter<float>(row.Schema["Probability"]));

        var (alone, scored) = (Allocated(() => { }), Allocated(() =>
        {
            var value = 0f;
            score(ref value);
            probability(ref value);
        }));

        Assert.IsLessThanOrEqualTo(alone, scored);

        // What moving on and, where asked, scoring allocates after the first rows.
        long Allocated(Action read)
        {
            for (var index = 0; index < 10; index++)
                Read();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var index = 0; index < Rows / 2; index++)
                Read();
            return GC.GetAllocatedBytesForCurrentThread() - before;

            void Read()
            {
                Assert.IsTrue(cursor.MoveNext());
                read();
            }
        }
    }

    [TestMethod]
    public void GetGetter_OfAColumnThatWasNotAskedForOrOfAnotherType_Throws()
    {
        var view = Run.Model.Transform(Run.Data);
        using var cursor = view.GetRowCursor([view.Schema["Score"], view.Schema["Sex"]]);

        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Score"]));
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Sex"]));
        foreach (var name in new[] { "Probability", "PredictedLabel", "Features", "Label" })
        {
            Assert.IsFalse(cursor.IsColumnActive(view.Schema[name]), name);
            Assert.Throws<Exception>(() => cursor.GetGetter<float>(view.Schema[name]), name);
        }

        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(view.Schema["Score"]));
    }

    // The type of the column promises five slots, but nothing in ML.NET holds a row to it.
    [TestMethod]
    [DataRow(4)]
    [DataRow(6)]
    [DataRow(0)]
    public void Predict_RowOfAnotherLength_Throws(int length)
    {
        var dense = new VBuffer<float>(length, new float[length]);

        Assert.AreEqual($"A row of features has {length} slots, but should have 5.", ProblemOf(dense));
        Assert.AreEqual($"A row of features has {length} slots, but should have 5.", ProblemOfExplaining(dense));
    }

    [TestMethod]
    [DataRow(new[] { 3, 1 })]
    [DataRow(new[] { 2, 2 })]
    [DataRow(new[] { 1, 5 })]
    [DataRow(new[] { -1, 1 })]
    public void Predict_SparseRowWhoseNumbersAreNotThoseOfSlots_Throws(int[] slots)
    {
        var sparse = new VBuffer<float>(Census.FeatureCount, 2, [1, 1], slots);

        const string Problem = "A row of features is sparse, and the numbers of its slots are not different, increasing and below 5.";
        Assert.AreEqual(Problem, ProblemOf(sparse));
        Assert.AreEqual(Problem, ProblemOfExplaining(sparse));
    }

    private static string ProblemOf(VBuffer<float> features)
    {
        using var engine = Run.Context.Model.CreatePredictionEngine<FeaturesOnly, ScoreOnly>(Run.Model,
            new PredictionEngineOptions { OwnsTransformer = false });
        _ = engine.Predict(new FeaturesOnly { Features = new VBuffer<float>(Census.FeatureCount, 2, [1, 1], [1, 3]) });
        return Assert.ThrowsExactly<InvalidOperationException>(() => engine.Predict(new FeaturesOnly { Features = features })).Message;
    }

    private static string ProblemOfExplaining(VBuffer<float> features)
    {
        var data = Run.Context.Data.LoadFromEnumerable([new FeaturesOnly { Features = features }]);
        var explained = Run.Context.Transforms.CalculateFeatureContribution(Run.Model).Fit(data).Transform(data);
        return Assert.Throws<Exception>(() => explained.GetColumn<VBuffer<float>>("FeatureContributions").Count())
            .GetBaseException().Message; // ML.NET's cursor on several threads says that a worker failed, and why within
    }

    private sealed class FeaturesOnly
    {
        [VectorType(Census.FeatureCount)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class ScoreOnly
    {
        public float Score { get; set; }
    }

    [TestMethod]
    public void Cursors_SeveralAtOnce_DoNotDisturbEachOther()
    {
        var view = Run.Model.Transform(Run.Data);
        var expected = Scored.Of(view);
        using var first = view.GetRowCursor(view.Schema);
        using var second = view.GetRowCursor(view.Schema);
        var (readFirst, readSecond) = (Scored.Getter(first), Scored.Getter(second));

        for (var row = 0; row < expected.Length; row++)
        {
            Assert.IsTrue(first.MoveNext());
            Assert.AreEqual(expected[row], readFirst());
            if (row % 2 == 0)
                continue;
            Assert.IsTrue(second.MoveNext());
            Assert.AreEqual(expected[row / 2], readSecond());
        }
    }

    [TestMethod]
    public void GetRowCursor_Shuffled_ScoresTheRowItIsAt()
    {
        var view = Run.Model.Transform(Run.Context.Data.Cache(Run.Data));
        Assert.IsTrue(view.CanShuffle);
        Assert.IsFalse(Run.Model.Transform(Run.Data).CanShuffle, "As the source, which cannot.");

        using var cursor = view.GetRowCursor(view.Schema, new Random(3));
        var ids = new HashSet<DataViewRowId>();
        var id = cursor.GetIdGetter();
        var features = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        var read = Scored.Getter(cursor);
        var single = new ManagedRowScorer(Run.Model.Model.Trained);
        var output = new float[1];
        VBuffer<float> row = default;
        DataViewRowId key = default;
        while (cursor.MoveNext())
        {
            features(ref row);
            id(ref key);
            Assert.IsTrue(ids.Add(key));
            single.Score(FeatureRow.Dense([.. row.DenseValues()]), output);
            Assert.AreEqual(output[0], read().Score);
        }

        Assert.HasCount((int)view.GetRowCount()!.Value, ids);
    }

    [TestMethod]
    public void Transform_FromSeveralThreads_GivesTheSameNumbers()
    {
        var expected = Scored.Of(Run.Model.Transform(Run.Data));
        var results = new Scored[4][];

        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = results.Length }, index
            => results[index] = Scored.Of(Run.Model.Transform(Run.Data)));

        foreach (var result in results)
            CollectionAssert.AreEqual(expected, result);
    }

    [TestMethod]
    public void Transform_SparseFeatures_ScoreAsDenseOnes()
    {
        float[] dense = [0, 40, 0, 1, 0];
        var rows = new[] { new SparseRow { Features = new VBuffer<float>(5, 2, [40f, 1f], [1, 3]) },
            new SparseRow { Features = new VBuffer<float>(5, dense) }, new SparseRow { Features = new VBuffer<float>(5, 1, [40f], [1]) },
            new SparseRow { Features = new VBuffer<float>(5, [0, 40, 0, 0, 0]) } };

        var scored = Scored.Of(Run.Model.Transform(Run.Context.Data.LoadFromEnumerable(rows)));

        Assert.AreEqual(scored[1], scored[0]);
        Assert.AreEqual(scored[3], scored[2]);
        Assert.AreNotEqual(scored[0], scored[2]);
    }

    [TestMethod]
    public void Transform_MissingFeature_ScoresNaNAndPredictsFalse()
    {
        var rows = new[] { float.NaN, float.PositiveInfinity, 1 }.Select(value
            => new SparseRow { Features = new VBuffer<float>(5, [1, 40, value, 0, 1]) });

        var scored = Scored.Of(Run.Model.Transform(Run.Context.Data.LoadFromEnumerable(rows)));

        Assert.AreEqual(new Scored { Score = float.NaN, Probability = float.NaN }, scored[0]);
        Assert.AreEqual(new Scored { Score = float.NaN, Probability = float.NaN }, scored[1]);
        Assert.IsTrue(float.IsFinite(scored[2].Score));
    }

    [TestMethod]
    [DataRow("", "", DisplayName = "nothing for nothing")]
    [DataRow("Sex,Label", "Label,Sex", DisplayName = "itself for an input column")]
    [DataRow("Score", "Features")]
    [DataRow("Sex,Probability,PredictedLabel", "Features,Sex")]
    public void GetDependencies_AreTheInputsThatAreNeeded(string outputs, string inputs)
    {
        var wanted = outputs.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => Mapper.OutputSchema[name]);

        Assert.AreEqual(inputs, string.Join(",", Mapper.GetDependencies(wanted).OrderBy(column => column.Index)
            .Select(column => column.Name)));
    }

    [TestMethod]
    public void GetRow_GivesTheColumnsAskedForOnly()
    {
        using var cursor = Run.Data.GetRowCursor(Run.Data.Schema);
        using var row = Mapper.GetRow(cursor, [Mapper.OutputSchema["Score"], Mapper.OutputSchema["Sex"]]);

        Assert.IsTrue(row.IsColumnActive(Mapper.OutputSchema["Score"]));
        Assert.IsFalse(row.IsColumnActive(Mapper.OutputSchema["Probability"]));

        var (score, sex) = (row.GetGetter<float>(Mapper.OutputSchema["Score"]),
            row.GetGetter<ReadOnlyMemory<char>>(Mapper.OutputSchema["Sex"]));
        var (id, sourceId) = (row.GetIdGetter(), cursor.GetIdGetter());
        var expected = Scored.Of(Run.Model.Transform(Run.Data));
        var people = Census.People(3);
        for (var index = 0; index < 3; index++)
        {
            Assert.IsTrue(cursor.MoveNext());
            var (logit, text, first, second) = (0f, default(ReadOnlyMemory<char>), default(DataViewRowId), default(DataViewRowId));
            score(ref logit);
            sex(ref text);
            id(ref first);
            sourceId(ref second);
            Assert.AreEqual((expected[index].Score, people[index].Sex, second), (logit, text.ToString(), first));
            Assert.AreEqual((cursor.Position, cursor.Batch), (row.Position, row.Batch));
        }
    }

    [TestMethod]
    public void GetRow_WithoutOutputs_NeedsNoFeatures()
    {
        using var cursor = Run.Data.GetRowCursor([Run.Data.Schema["Sex"]]);
        using var row = Mapper.GetRow(cursor, [Mapper.OutputSchema["Sex"]]);
        Assert.IsTrue(cursor.MoveNext());
        ReadOnlyMemory<char> sex = default;

        row.GetGetter<ReadOnlyMemory<char>>(Mapper.OutputSchema["Sex"])(ref sex);

        Assert.AreEqual(Census.People(1)[0].Sex, sex.ToString());
    }

    private sealed class SparseRow
    {
        [VectorType(Census.FeatureCount)]
        public VBuffer<float> Features { get; set; }
    }
}
