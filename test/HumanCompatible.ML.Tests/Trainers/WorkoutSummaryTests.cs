using System.Reflection;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Tests.Confidence;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>What the summary of every case of the workout says, against the rows that the model scored.</summary>
[TestClass]
public sealed class WorkoutSummaryTests
{
    public static IEnumerable<object[]> Binary => Workout.Names;

    public static IEnumerable<object[]> Others => TaskWorkout.Names;

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
        var networks = typeof(NetworkDefinition).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(NetworkDefinition)) && !type.IsAbstract).ToList();
        foreach (var task in new[] { TaskWorkout.Multiclass, TaskWorkout.Regression })
        {
            CollectionAssert.AreEquivalent(networks, Others.Select(row => (string)row[0])
                .Where(name => name.StartsWith(task, StringComparison.Ordinal))
                .Select(name => TaskWorkout.Get(name).Parameters.Network.GetType()).Distinct().ToList(), task);
        }

        CollectionAssert.IsSubsetOf(optimizers,
            Binary.Select(name => Workout.Get((string)name[0]).Model.Model.DualOptimizer.GetType()).Distinct().ToList());
    }

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
    [DynamicData(nameof(Binary))]
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
    [DynamicData(nameof(Binary))]
    public void Summary_IsTheVerdictOfTheAuditOnTheRowsThatEstimateIt(string name)
    {
        var run = Workout.Get(name);
        var constraints = run.Model.Model.Constraints;
        FairnessAudit Audit(IDataView rows) => run.Context.Constrained().Audit.BinaryClassification(
            run.Model.Transform(rows), ["Sex", "Region", "Veteran", "Household", "District"],
            exampleWeightColumnName: name.EndsWith("example weights", StringComparison.Ordinal) ? "Weight" : null);
        FairnessAudit[] audits = [Audit(run.Data), Audit(run.Validation)];
        var (onAll, onValidation) = (Audit(run.All).Judge(run.Model.Model), audits[1].Judge(run.Model.Model));
        int[] builtIn = [.. Enumerable.Range(0, constraints.Count).Where(index => constraints[index] is not CustomConstraint)];
        ConstraintSummary[] summaries = [.. builtIn.Select(index => run.Model.Model.Summary.Constraints[index])];
        CollectionAssert.AreEqual(builtIn.Select(index => constraints[index].IsFlatteredByTraining).ToArray(),
            summaries.Select(summary => summary.IsOfHeldOutRows).ToArray());
        foreach (var (index, summary) in builtIn.Zip(summaries))
        {
            var isWeighted = name.EndsWith("example weights", StringComparison.Ordinal);
            if (!summary.IsOfHeldOutRows && summary.TrainingWeights!.Any(weight => weight < 1))
            {
                Assert.HasCount(summary.Groups.Count, summary.TrainingWeights!);
                if (!isWeighted)
                    AssertPooled(constraints[index].Of(TaskLabels.Binary), summary, audits[0], audits[1]);
                continue;
            }

            var audited = (summary.IsOfHeldOutRows ? onValidation : onAll)[index];
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

    // The verdict on both, where training rows count as the summary says.
    private static void AssertPooled(FairnessConstraint constraint, ConstraintSummary summary, FairnessAudit onTraining,
        FairnessAudit onValidation)
    {
        string[] columns = [.. constraint.GroupColumnNames];
        var told = VerdictRule.Of(constraint, new PooledRates(summary.Groups, summary.TrainingWeights!, onTraining.Of(columns),
            onValidation.Of(columns), summary.ExcludedGroups), tail: null);
        Assert.AreEqual((told.Verdict, told.Rows, told.WorstInequality), (summary.Verdict, summary.Rows, summary.WorstInequality));
        Assert.AreEqual(told.Value, summary.Value, 1e-5, summary.Name);
        Assert.AreEqual(told.Interval.Lower, summary.Interval.Lower, 1e-4, summary.Name);
        Assert.AreEqual(told.Interval.Upper, summary.Interval.Upper, 1e-4, summary.Name);
    }

    [TestMethod]
    [DynamicData(nameof(Others))]
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
            Assert.AreEqual(constraint.IsFlatteredByTraining && summary.IsHeldOut, told.IsOfHeldOutRows, constraint.Name);
            if (told.IsOfHeldOutRows)
            {
                Assert.AreEqual(told.ValidationValue, told.Value, 1e-9 * Math.Max(1, Math.Abs(told.Value)), told.ToString());
                continue;
            }

            if (told.TrainingWeights?.Any(weight => weight < 1) == true)
            {
                Assert.HasCount(told.Groups.Count, told.TrainingWeights); // training rows count less, as the binary cases check
                continue;
            }

            var expected = ScoredRow.ValueOf(constraint, rows);
            Assert.AreEqual(expected, told.Value, 1e-4 * Math.Max(1, Math.Abs(expected)), told.ToString());
            Assert.AreEqual(constraint.Violation(expected) > 0, told.Violation > 0);
        }
    }
}
