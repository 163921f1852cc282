using System.Reflection;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Scoring;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>What ML.NET and its users expect of every trainer, for every trainer under every constraint.</summary>
[TestClass]
public sealed class WorkoutTests
{
    public static IEnumerable<object[]> Cases => Workout.Names;

    [TestMethod]
    public void Cases_CoverEveryTrainerAndEveryKindOfConstraint()
    {
        var trainers = typeof(ConstrainedTrainersCatalog)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => method.Name).Distinct()
            .ToList();
        var kinds = typeof(FairnessConstraint).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(FairnessConstraint)) && !type.IsAbstract)
            .Except([typeof(MeanParity), typeof(ResidualParity)]).ToList(); // those two are of regression
        var optimizers = typeof(DualOptimizerOptions).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DualOptimizerOptions)) && !type.IsAbstract).ToList();

        CollectionAssert.AreEquivalent(trainers, Workout.Trainers.Concat([TaskWorkout.Multiclass, TaskWorkout.Regression]).ToList());
        CollectionAssert.IsSubsetOf(kinds, Workout.Constraints.Select(constraint => constraint.GetType()).ToList());
        CollectionAssert.IsSubsetOf(optimizers,
            Cases.Select(name => Workout.Get((string)name[0]).Model.Model.DualOptimizer.GetType()).Distinct().ToList());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GetOutputSchema_PromisesWhatTransformGives(string name)
    {
        var run = Workout.Get(name);

        var promised = run.Trainer.GetOutputSchema(Schemas.Shape(run.Data.Schema));
        var scored = run.Model.Transform(run.Data).Schema;

        CollectionAssert.AreEqual(Schemas.Describe(Schemas.Shape(scored)), Schemas.Describe(promised));
        CollectionAssert.AreEqual(Schemas.Describe(scored), Schemas.Describe(run.Model.GetOutputSchema(run.Data.Schema)));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Transform_AddsALogitItsSigmoidAndItsSign(string name)
    {
        var run = Workout.Get(name);

        var rows = Scored.Of(run.Model.Transform(run.Data));

        Assert.HasCount((int)run.Data.GetRowCount()!.Value, rows);
        foreach (var row in rows)
        {
            Assert.IsTrue(float.IsFinite(row.Score));
            Assert.AreEqual(1 / (1 + Math.Exp(-row.Score)), row.Probability, 1e-6);
            Assert.AreEqual(row.Score > 0, row.PredictedLabel);
        }

        Assert.IsGreaterThan(rows.Length / 4, rows.Select(row => row.Score).Distinct().Count(), "The model tells the rows apart.");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Mapper_HasTheSchemaAndTheNumbersOfTransform(string name)
    {
        var run = Workout.Get(name);
        var transformer = (ITransformer)run.Model;
        var expected = Scored.Of(run.Model.Transform(run.Data));

        Assert.IsTrue(transformer.IsRowToRowMapper);
        var mapper = transformer.GetRowToRowMapper(run.Data.Schema);
        CollectionAssert.AreEqual(Schemas.Describe(run.Model.Transform(run.Data).Schema), Schemas.Describe(mapper.OutputSchema));
        Assert.AreSame(run.Data.Schema, mapper.InputSchema);
        var outputs = mapper.OutputSchema.Where(column => column.Index >= run.Data.Schema.Count).ToList();
        var needed = mapper.GetDependencies(outputs).ToList();
        Assert.AreEqual("Features", string.Join(", ", needed.Select(column => column.Name)));
        using var cursor = run.Data.GetRowCursor(needed);
        using var row = mapper.GetRow(cursor, outputs);
        var read = Scored.Getter(row);
        foreach (var scored in expected)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(scored, read());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void CursorSet_GivesEveryRowOnce(string name)
    {
        var run = Workout.Get(name);
        var view = run.Model.Transform(run.Data);
        var expected = ById(view.GetRowCursor(view.Schema));

        var found = new Dictionary<DataViewRowId, Scored>();
        foreach (var cursor in view.GetRowCursorSet(view.Schema, 3))
        {
            foreach (var (id, scored) in ById(cursor))
                found.Add(id, scored);
        }

        Assert.HasCount(expected.Count, found);
        foreach (var (id, scored) in expected)
            Assert.AreEqual(scored, found[id]);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Summary_IsWhatTheAuditSaysOfTheScoredRows(string name)
    {
        var run = Workout.Get(name);
        var weight = name.EndsWith("example weights", StringComparison.Ordinal) ? "Weight" : null;

        foreach (var (constraint, summary) in run.Model.Model.Constraints.Zip(run.Model.Model.Summary.Constraints))
        {
            var columns = constraint.GroupColumnNames.Count == 0 ? ["Sex"] : constraint.GroupColumnNames;
            var onTraining = run.Context.Constrained().Audit.BinaryClassification(run.Model.Transform(run.Data), columns,
                exampleWeightColumnName: weight);
            var onValidation = run.Context.Constrained().Audit.BinaryClassification(run.Model.Transform(run.Validation), columns,
                exampleWeightColumnName: weight);

            var audited = constraint is CustomConstraint ? Fairness.DemographicParity(columns, constraint.Bound) : constraint;
            Assert.AreEqual(onTraining.ValueOf(audited), summary.TrainingValue, 1e-5, constraint.Name);
            Assert.AreEqual(onValidation.ValueOf(audited), summary.ValidationValue, 1e-5, constraint.Name);
            Assert.AreEqual(onTraining.Overall[GroupMetric.Accuracy], run.Model.Model.Summary.TrainingAccuracy, 1e-5);
            Assert.AreEqual(onValidation.Overall[GroupMetric.Accuracy], run.Model.Model.Summary.ValidationAccuracy, 1e-5);
        }

        var told = run.Model.Model.Summary;
        Assert.AreEqual((600, 600, true), (told.TrainingRows, told.ValidationRows, told.IsHeldOut));
        Assert.HasCount(run.Model.Model.Summary.EpochsRun, run.Model.Model.History);
        Assert.HasCount(run.Model.Model.Duals.Count, run.Model.Model.History[^1].Duals);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Summary_IsTheVerdictOfTheAuditOnTrainingAndValidationRowsTogether(string name)
    {
        var run = Workout.Get(name);
        var audit = run.Context.Constrained().Audit.BinaryClassification(run.Model.Transform(run.All),
            ["Sex", "Region", "Veteran", "Household", "District"],
            exampleWeightColumnName: name.EndsWith("example weights", StringComparison.Ordinal) ? "Weight" : null);

        ConstraintVerdict[] judged = [.. audit.Judge(run.Model.Model).Zip(run.Model.Model.Constraints)
            .Where(pair => pair.Second is not CustomConstraint).Select(pair => pair.First)];

        ConstraintSummary[] summaries = [.. run.Model.Model.Constraints.Zip(run.Model.Model.Summary.Constraints)
            .Where(pair => pair.First is not CustomConstraint).Select(pair => pair.Second)];
        Assert.HasCount(judged.Length, summaries);
        foreach (var (audited, summary) in judged.Zip(summaries))
        {
            var chosen = audited.Verdict == Verdict.Shown ? Verdict.Kept : audited.Verdict; // these rows chose the model
            Assert.AreEqual((audited.Name, audited.Bound, audited.IsLowerBound, chosen, audited.Rows, audited.WorstInequality),
                (summary.Name, summary.Bound, summary.IsLowerBound, summary.Verdict, summary.Rows, summary.WorstInequality));
            Assert.AreEqual(audited.Value, summary.Value, 1e-5, summary.Name);
            Assert.AreEqual(audited.Interval.Lower, summary.Interval.Lower, 1e-4, summary.Name);
            Assert.AreEqual(audited.Interval.Upper, summary.Interval.Upper, 1e-4, summary.Name);
            CollectionAssert.AreEqual(audited.UnmeasurableGroups.ToArray(), summary.UnmeasurableGroups.ToArray());
            CollectionAssert.AreEqual(audited.ExcludedGroups.ToArray(), summary.ExcludedGroups.ToArray());
            Assert.IsEmpty(audited.UnseenGroups);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Transform_NeedsTheFeatureColumnOnlyAndIsLazy(string name)
    {
        var run = Workout.Get(name);
        var expected = Scored.Of(run.Model.Transform(run.Data));
        var bare = new CountingView(run.Context.Transforms.SelectColumns("Features").Fit(run.Data).Transform(run.Data));

        var scored = run.Model.Transform(bare);
        Assert.AreEqual(0, bare.Opened);

        CollectionAssert.AreEqual(expected, Scored.Of(scored));
        Assert.AreEqual(1, bare.Opened);
    }

    private static Dictionary<DataViewRowId, Scored> ById(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var id = cursor.GetIdGetter();
            var read = Scored.Getter(cursor);
            var rows = new Dictionary<DataViewRowId, Scored>();
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
