using System.Globalization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>What ML.NET and its users expect of the trainers of several classes and of numbers, under every constraint.</summary>
[TestClass]
public sealed class TaskWorkoutTests
{
    public static IEnumerable<object[]> Cases => TaskWorkout.Names;

    [TestMethod]
    public void Cases_CoverEveryKindOfConstraintThatTheTaskTakes()
    {
        var all = Workout.Constraints.Concat(TaskWorkout.ConstraintsOf.Values.SelectMany(constraints => constraints)).ToList();
        foreach (var (task, kind) in new[] { (TaskWorkout.Multiclass, LearningTask.MulticlassClassification),
            (TaskWorkout.Regression, LearningTask.Regression) })
        {
            var problems = new List<string>();
            var taken = all.Where(constraint =>
            {
                problems.Clear();
                constraint.ValidateFor(kind, problems);
                return problems.Count == 0;
            });

            CollectionAssert.AreEquivalent(taken.Select(constraint => constraint.GetType()).Distinct().ToList(),
                TaskWorkout.ConstraintsOf[task].Select(constraint => constraint.GetType()).Distinct().ToList(), task);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GetOutputSchema_PromisesWhatTransformGives(string name)
    {
        var run = TaskWorkout.Get(name);

        var promised = run.Trainer.GetOutputSchema(Schemas.Shape(run.Data.Schema));
        var scored = run.Model.Transform(run.Data).Schema;

        CollectionAssert.AreEqual(Schemas.Describe(Schemas.Shape(scored)), Schemas.Describe(promised));
        CollectionAssert.AreEqual(Schemas.Describe(scored), Schemas.Describe(run.Model.GetOutputSchema(run.Data.Schema)));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void SaveAndLoad_GiveTheSameScoresSchemaAndRecord(string name)
    {
        var run = TaskWorkout.Get(name);
        using var file = new MemoryStream();
        run.Context.Model.Save(run.Model, run.Data.Schema, file);

        var loaded = new MLContext().Model.Load(file, out _);

        CollectionAssert.AreEqual(Outputs(run.Model.Transform(run.Data)), Outputs(loaded.Transform(run.Data)));
        CollectionAssert.AreEqual(Schemas.Describe(run.Model.Transform(run.Data).Schema),
            Schemas.Describe(loaded.Transform(run.Data).Schema));
        var model = ((ISingleFeaturePredictionTransformer<ConstrainedModelParameters>)
            (loaded is TransformerChain<ITransformer> chain ? chain.LastTransformer : loaded)).Model;
        Assert.AreEqual(run.Parameters.Summary.ToString(), model.Summary.ToString());
        CollectionAssert.AreEqual(run.Parameters.Summary.Constraints.ToArray(), model.Summary.Constraints.ToArray());
        CollectionAssert.AreEqual(run.Parameters.Duals.ToArray(), model.Duals.ToArray());
        Assert.AreEqual(run.Parameters.Trained.Task, model.Trained.Task);
        Assert.HasCount(run.Parameters.History.Count, model.History);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Mapper_GivesWhatTransformGives(string name)
    {
        var run = TaskWorkout.Get(name);
        var expected = Outputs(run.Model.Transform(run.Data));

        var mapper = run.Model.GetRowToRowMapper(run.Data.Schema);
        var outputs = mapper.OutputSchema.Where(column => column.Index >= run.Data.Schema.Count).ToList();
        using var cursor = run.Data.GetRowCursor(mapper.GetDependencies(outputs));
        using var row = mapper.GetRow(cursor, outputs);
        var read = Reader(row);

        Assert.AreEqual("Features", string.Join(", ", mapper.GetDependencies(outputs).Select(column => column.Name)));
        foreach (var line in expected)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(line, read());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_Again_GivesTheSameModel(string name)
    {
        var run = TaskWorkout.Get(name);
        var context = new MLContext(5);

        var again = TaskWorkout.Trainer(context, name).Fit(Worker.View(context));

        CollectionAssert.AreEqual(Outputs(run.Model.Transform(run.Data)), Outputs(again.Transform(run.Data)));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Summary_IsWhatTheScoredRowsSay(string name)
    {
        var run = TaskWorkout.Get(name);
        var summary = run.Parameters.Summary;
        if (summary.SafetyRows > 0)
            Assert.AreEqual(600, summary.TrainingRows + summary.ValidationRows + summary.SafetyRows);
        else
            Assert.AreEqual(600, summary.TrainingRows + summary.ValidationRows);
        var weights = name.EndsWith("example weights", StringComparison.Ordinal) ? "Weight" : null;
        var rows = ScoredRow.Of(run.Model.Transform(run.Data), weights);

        // The values on training and validation rows together are those on all rows, where none tested the model.
        foreach (var (constraint, told) in run.Parameters.Constraints.Zip(summary.Constraints)
            .Where(pair => pair.First is not CustomConstraint && summary.SafetyRows == 0 && pair.Second.UnmeasurableGroups.Count == 0))
        {
            var expected = ScoredRow.ValueOf(constraint, rows);
            Assert.AreEqual(expected, told.Value, 1e-4 * Math.Max(1, Math.Abs(expected)), told.ToString());
            Assert.AreEqual(constraint.Violation(expected) > 0, told.Violation > 0);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Evaluate_OfMLNet_TakesTheOutput(string name)
    {
        var run = TaskWorkout.Get(name);
        var scored = run.Model.Transform(run.Data);

        var rows = ScoredRow.Of(scored, null);
        if (name.StartsWith(TaskWorkout.Regression, StringComparison.Ordinal))
        {
            var error = run.Context.Regression.Evaluate(scored, "Wage").MeanSquaredError;
            Assert.AreEqual(rows.Average(row => row.Loss), error, 1e-5 * error);
            return;
        }

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

    /// <summary>What a model adds to every row, as text.</summary>
    internal static string[] Outputs(IDataView scored)
    {
        using var cursor = scored.GetRowCursor(scored.Schema.Where(column => column.Name is "Score" or "PredictedLabel"));
        var read = Reader(cursor);
        var rows = new List<string>();
        while (cursor.MoveNext())
            rows.Add(read());
        return [.. rows];
    }

    private static Func<string> Reader(DataViewRow row)
    {
        if (row.Schema["Score"].Type is not VectorDataViewType)
        {
            var number = row.GetGetter<float>(row.Schema["Score"]);
            return () =>
            {
                var value = 0f;
                number(ref value);
                Assert.IsTrue(float.IsFinite(value));
                return value.ToString("R", CultureInfo.InvariantCulture);
            };
        }

        var scores = row.GetGetter<VBuffer<float>>(row.Schema["Score"]);
        var label = row.GetGetter<uint>(row.Schema["PredictedLabel"]);
        return () =>
        {
            VBuffer<float> values = default;
            uint key = 0;
            scores(ref values);
            label(ref key);
            var probabilities = values.DenseValues().ToArray();
            Assert.AreEqual(1, probabilities.Sum(), 1e-5);
            Assert.AreEqual(Array.IndexOf(probabilities, probabilities.Max()) + 1, (int)key);
            return string.Join(' ', probabilities.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + $": {key}";
        };
    }
}
