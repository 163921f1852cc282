using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Scoring;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// What ML.NET and its users expect of every trainer, with every network, under every constraint, with every kind of column: see
/// <see cref="Workout"/> and <see cref="TaskWorkout"/> for the cases.
/// </summary>
[TestClass]
public sealed class WorkoutTests
{
    public static IEnumerable<object[]> Cases => Workout.Names.Concat(TaskWorkout.Names);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GetOutputSchema_PromisesWhatTransformGives(string name)
    {
        var run = Get(name);

        var promised = run.Trainer.GetOutputSchema(Schemas.Shape(run.Data.Schema));
        var scored = run.Model.Transform(run.Data).Schema;

        CollectionAssert.AreEqual(Schemas.Describe(Schemas.Shape(scored)), Schemas.Describe(promised));
        CollectionAssert.AreEqual(Schemas.Describe(scored), Schemas.Describe(run.Model.GetOutputSchema(run.Data.Schema)));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void SaveAndLoad_GiveTheSameScoresSchemaAndRecord(string name)
    {
        var run = Get(name);
        using var file = new MemoryStream();
        run.Context.Model.Save(run.Model, run.Data.Schema, file);

        var loaded = new MLContext().Model.Load(file, out _);

        var expected = ScoredText.Of(run.Model.Transform(run.Data));
        CollectionAssert.AreEqual(expected, ScoredText.Of(loaded.Transform(run.Data)));
        Assert.IsGreaterThan(expected.Length / 4, expected.Distinct().Count(), "The model tells the rows apart.");
        CollectionAssert.AreEqual(Schemas.Describe(run.Model.Transform(run.Data).Schema),
            Schemas.Describe(loaded.Transform(run.Data).Schema));
        var model = ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)
            (loaded is TransformerChain<ITransformer> chain ? chain.LastTransformer : loaded)).Model;
        Assert.AreEqual(run.Parameters.Network, model.Network);
        Assert.AreEqual(run.Parameters.Summary.ToString(), model.Summary.ToString());
        CollectionAssert.AreEqual(run.Parameters.Summary.Constraints.ToArray(), model.Summary.Constraints.ToArray());
        CollectionAssert.AreEqual(run.Parameters.Duals.ToArray(), model.Duals.ToArray());
        Assert.AreEqual(run.Parameters.Trained.Task, model.Trained.Task);
        Assert.HasCount(run.Parameters.History.Count, model.History);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Mapper_HasTheSchemaAndTheNumbersOfTransform(string name)
    {
        var run = Get(name);
        var scored = run.Model.Transform(run.Data);

        Assert.IsTrue(run.Model.IsRowToRowMapper);
        var mapper = run.Model.GetRowToRowMapper(run.Data.Schema);
        CollectionAssert.AreEqual(Schemas.Describe(scored.Schema), Schemas.Describe(mapper.OutputSchema));
        Assert.AreSame(run.Data.Schema, mapper.InputSchema);
        var outputs = mapper.OutputSchema.Where(column => column.Index >= run.Data.Schema.Count).ToList();
        var needed = mapper.GetDependencies(outputs).ToList();
        Assert.AreEqual(run.Features, string.Join(", ", needed.Select(column => column.Name)));
        using var cursor = run.Data.GetRowCursor(needed);
        using var row = mapper.GetRow(cursor, outputs);
        var read = ScoredText.Reader(row);
        foreach (var line in ScoredText.Of(scored))
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(line, read());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void CursorSet_GivesEveryRowOnce(string name)
    {
        var view = Get(name) is var run ? run.Model.Transform(run.Data) : throw new InvalidOperationException();
        var expected = ById(view.GetRowCursor(view.Schema));

        var found = new Dictionary<DataViewRowId, string>();
        foreach (var cursor in view.GetRowCursorSet(view.Schema, 3))
        {
            foreach (var (id, line) in ById(cursor))
                found.Add(id, line);
        }

        Assert.HasCount(expected.Count, found);
        foreach (var (id, line) in expected)
            Assert.AreEqual(line, found[id]);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Transform_NeedsTheFeatureColumnOnlyAndIsLazy(string name)
    {
        var run = Get(name);
        var expected = ScoredText.Of(run.Model.Transform(run.Data));
        var bare = new CountingView(run.Context.Transforms.SelectColumns(run.Features).Fit(run.Data).Transform(run.Data));

        var scored = run.Model.Transform(bare);
        Assert.AreEqual(0, bare.Opened);

        CollectionAssert.AreEqual(expected, ScoredText.Of(scored));
        Assert.AreEqual(1, bare.Opened);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_InAnotherContext_GivesTheSameModelAndLeavesNothing(string name)
    {
        var run = Get(name);
        var context = new MLContext(5);
        var before = TorchState.Read();

        var again = IsBinary(name)
            ? Workout.Trainer(context, name).Fit(Workout.Get(name).Data, Workout.Get(name).Validation)
            : TaskWorkout.Fit(TaskWorkout.Trainer(context, name), Worker.View(context), TaskWorkout.Validation(context, name));
        CollectionAssert.AreEqual(ScoredText.Of(run.Model.Transform(run.Data)), ScoredText.Of(again.Transform(run.Data)));
        ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)again).Model.Dispose();

        before.AssertUnchanged();
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Evaluate_OfMLNet_TakesTheOutput(string name)
    {
        var run = Get(name);
        var scored = run.Model.Transform(run.Data);
        if (IsBinary(name))
        {
            var rows = Scored.Of(scored);
            var hits = rows.Zip(run.Data.GetColumn<bool>("Label")).Average(pair => pair.First.PredictedLabel == pair.Second ? 1 : 0);
            Assert.AreEqual(hits, run.Context.BinaryClassification.Evaluate(scored).Accuracy, 1e-9);
        }
        else if (run.Parameters.Trained.Task.Task == LearningTask.Regression)
        {
            var error = run.Context.Regression.Evaluate(scored, "Wage").MeanSquaredError;
            Assert.AreEqual(ScoredRow.Of(scored, null).Average(row => row.Loss), error, 1e-5 * error);
        }
        else
        {
            var rows = ScoredRow.Of(scored, null);
            var metrics = run.Context.MulticlassClassification.Evaluate(scored);
            Assert.AreEqual(rows.Average(row => row.Label == row.Prediction ? 1 : 0), metrics.MicroAccuracy, 1e-9);
            Assert.AreEqual(rows.Average(row => row.Loss), metrics.LogLoss, 1e-5);
            var names = run.Context.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel").Fit(scored).Transform(scored)
                .GetColumn<string>("Predicted").Distinct().Order(StringComparer.Ordinal).ToArray();
            CollectionAssert.IsSubsetOf(names, new[] { "high", "low", "mid" });
            VBuffer<ReadOnlyMemory<char>> slots = default;
            scored.Schema["Score"].GetSlotNames(ref slots);
            Assert.AreEqual("low mid high", string.Join(' ', slots.DenseValues()));
        }
    }

    private static bool IsBinary(string name) => name.StartsWith(nameof(LearningTask.BinaryClassification), StringComparison.Ordinal);

    private static TaskWorkoutCase Get(string name) => IsBinary(name) && Workout.Get(name) is var run
        ? new(run.Context, run.Data, run.Validation, run.Trainer, run.Model) : TaskWorkout.Get(name);

    private static Dictionary<DataViewRowId, string> ById(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var id = cursor.GetIdGetter();
            var read = ScoredText.Reader(cursor);
            var rows = new Dictionary<DataViewRowId, string>();
            while (cursor.MoveNext())
            {
                DataViewRowId key = default;
                id(ref key);
                rows.Add(key, read());
            }

            return rows;
        }
    }
}
