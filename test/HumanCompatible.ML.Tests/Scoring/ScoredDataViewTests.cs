using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Scoring;

[TestClass]
public sealed class ScoredDataViewTests
{
    private static readonly WorkoutCase Run = Workout.Get("BinaryClassification: DemographicParity(Sex)");

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
    public void Rows_AreScoredOnceHoweverManyColumnsAreRead()
    {
        var scorer = new CountingScorer(Census.FeatureCount);
        var view = new ScoredDataView(Run.Data, new BinaryRowMapper(Run.Data.Schema, "Features", scorer), scorer);

        using (var cursor = view.GetRowCursor(view.Schema))
        {
            var read = Scored.Getter(cursor);
            var again = cursor.GetGetter<float>(view.Schema["Score"]);
            for (var row = 0; row < 7; row++)
            {
                Assert.IsTrue(cursor.MoveNext());
                Assert.AreEqual(row, scorer.Rows, "Nothing is scored before it is asked for.");
                var (first, second, score) = (read(), read(), 0f);
                again(ref score);
                Assert.AreEqual((first, first.Score), (second, score));
                Assert.AreEqual(row + 1, scorer.Rows);
            }
        }

        using (var skipping = view.GetRowCursor([view.Schema["Score"]]))
        {
            while (skipping.MoveNext())
            {
            }
        }

        Assert.AreEqual(7, scorer.Rows, "Rows whose outputs nobody reads are not scored.");
    }

    [TestMethod]
    public void GetGetter_OfAColumnThatWasNotAskedFor_Throws()
    {
        var view = Run.Model.Transform(Run.Data);
        using var cursor = view.GetRowCursor([view.Schema["Score"], view.Schema["Sex"]]);

        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Score"]));
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Sex"]));
        foreach (var name in new[] { "Probability", "PredictedLabel", "Features", "Label" })
        {
            Assert.IsFalse(cursor.IsColumnActive(view.Schema[name]), name);
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<float>(view.Schema[name]));
            Assert.AreEqual($"Column '{name}' is not active: it was not asked for when the rows were opened. (Parameter 'column')",
                error.Message);
        }
    }

    [TestMethod]
    public void GetGetter_OfAnotherType_Throws()
    {
        var view = Run.Model.Transform(Run.Data);
        using var cursor = view.GetRowCursor(view.Schema);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<double>(view.Schema["Score"]));
        Assert.AreEqual("Invalid TValue in GetGetter for column 'Score': 'System.Double', expected 'System.Single'.", error.Message);
        error = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["PredictedLabel"]));
        Assert.AreEqual("Invalid TValue in GetGetter for column 'PredictedLabel': 'System.Single', expected 'System.Boolean'.",
            error.Message);
    }

    [TestMethod]
    public void GetGetter_OfAnotherSchema_Throws()
    {
        var view = Run.Model.Transform(Run.Data);
        using var cursor = view.GetRowCursor(view.Schema);
        var other = Run.Context.Transforms.CopyColumns("Copy", "Sex").Fit(view).Transform(view);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<float>(other.Schema["Copy"]));
        Assert.AreEqual("Column 'Copy' is not one of these rows. (Parameter 'column')", error.Message);
    }

    [TestMethod]
    public void Getter_BeforeTheFirstAndAfterTheLastRow_Throws()
    {
        var view = Run.Model.Transform(Run.Context.Data.TakeRows(Run.Data, 2));
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<float>(view.Schema["Score"]);
        var value = 0f;

        var before = Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref value));
        while (cursor.MoveNext())
            getter(ref value);
        var after = Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref value));

        Assert.AreEqual("The cursor is not at a row: its values can be read after MoveNext returned true.", before.Message);
        Assert.AreEqual(before.Message, after.Message);
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
        var single = new ManagedRowScorer(Run.Model.Model);
        VBuffer<float> row = default;
        DataViewRowId key = default;
        while (cursor.MoveNext())
        {
            features(ref row);
            id(ref key);
            Assert.IsTrue(ids.Add(key));
            var logit = 0f;
            single.Score(row.DenseValues().ToArray(), new Span<float>(ref logit));
            Assert.AreEqual(logit, read().Score);
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
            new SparseRow { Features = new VBuffer<float>(5, dense) } };

        var scored = Scored.Of(Run.Model.Transform(Run.Context.Data.LoadFromEnumerable(rows)));

        Assert.AreEqual(scored[1], scored[0]);
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

    private sealed class SparseRow
    {
        [VectorType(Census.FeatureCount)]
        public VBuffer<float> Features { get; set; }
    }

    /// <summary>Counts the rows it scores; the logit is the sum of the row.</summary>
    private sealed class CountingScorer(int featureCount) : IRowScorer
    {
        internal int Rows { get; private set; }

        public int FeatureCount => featureCount;

        public int BatchSize => 1;

        public void Score(ReadOnlySpan<float> rows, Span<float> logits)
        {
            Rows += logits.Length;
            for (var index = 0; index < logits.Length; index++)
            {
                logits[index] = 0;
                foreach (var value in rows.Slice(index * FeatureCount, FeatureCount))
                    logits[index] += value;
            }
        }
    }
}
