using System.Reflection;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
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

    // So that what weighs rows by example and by what they count as is checked with both.
    [TestMethod]
    public void Cases_OfExampleWeights_HaveTrainingRowsThatCountLess()
    {
        foreach (var row in Binary.Concat(Others).Where(row => ((string)row[0]).EndsWith(": example weights", StringComparison.Ordinal)))
        {
            var name = (string)row[0];
            var summary = Workout.Names.Any(one => (string)one[0] == name) ? Workout.Get(name).Model.Model.Summary
                : TaskWorkout.Get(name).Parameters.Summary;
            var parity = summary.Constraints.Single(told => !told.IsOfHeldOutRows);
            Assert.IsTrue(parity.TrainingWeights!.All(weight => weight is > 0.01 and < 0.9), parity.ToString());
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
            Assert.AreEqual(ValueOf(audited, onTraining, summary), summary.TrainingValue, 1e-5, constraint.Name);
            Assert.AreEqual(ValueOf(audited, onValidation, summary), summary.ValidationValue, 1e-5, constraint.Name);
            Assert.AreEqual(onTraining.Overall[GroupMetric.Accuracy], run.Model.Model.Summary.TrainingAccuracy, 1e-5);
            Assert.AreEqual(onValidation.Overall[GroupMetric.Accuracy], run.Model.Model.Summary.ValidationAccuracy, 1e-5);
        }

        var told = run.Model.Model.Summary;
        Assert.AreEqual((600, 600, true), (told.TrainingRows, told.ValidationRows, told.IsHeldOut));
        Assert.HasCount(run.Model.Model.Summary.EpochsRun, run.Model.Model.History);
        Assert.HasCount(run.Model.Model.Duals.Count, run.Model.Model.History[^1].Duals);
    }

    // Of the groups that the verdict speaks of.
    private static double ValueOf(FairnessConstraint constraint, FairnessAudit audit, ConstraintSummary summary)
    {
        if (summary.UnmeasurableGroups.Count == 0 || summary.Verdict == Verdict.NotMeasurable)
            return audit.ValueOf(constraint);
        var groups = audit.Of(constraint.GroupColumnNames).Groups
            .Where(group => summary.Groups.Contains(group.Name)).ToList();
        return constraint.Metrics.Max(metric =>
        {
            double[] rates = [.. groups.Where(group => !summary.UnmeasurableGroups.Any(one => one.Group == group.Name
                && one.Metric == metric)).Select(group => group[metric]).Where(rate => !double.IsNaN(rate))];
            return rates.Max() - rates.Min();
        });
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
        var (onAll, onValidation) = (Audit(run.All).Judge(run.Model.Model), Audit(run.Validation).Judge(run.Model.Model));
        int[] builtIn = [.. Enumerable.Range(0, constraints.Count).Where(index => constraints[index] is not CustomConstraint)];
        ConstraintSummary[] summaries = [.. builtIn.Select(index => run.Model.Model.Summary.Constraints[index])];
        CollectionAssert.AreEqual(builtIn.Select(index => constraints[index].IsFlatteredByTraining).ToArray(),
            summaries.Select(summary => summary.IsOfHeldOutRows).ToArray());

        // An audit knows no rows that count less.
        foreach (var (index, summary) in builtIn.Zip(summaries).Where(one => one.Second.IsOfHeldOutRows
            || one.Second.TrainingWeights!.All(weight => weight == 1)))
        {
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

    [TestMethod]
    [DynamicData(nameof(Binary))]
    public void Summary_IsTheVerdictOnTheScoredRows_ATrainingRowCountingAsItSays(string name)
    {
        var run = Workout.Get(name);

        AssertPooled(name, run.Model.Model, run.Model.Transform(run.Data), run.Model.Transform(run.Validation));
    }

    [TestMethod]
    [DynamicData(nameof(Others))]
    public void Summary_OfOtherTasks_IsTheVerdictOnTheScoredRows_ATrainingRowCountingAsItSays(string name)
    {
        var run = TaskWorkout.Get(name);
        if (run.Validation is not null)
            AssertPooled(name, run.Parameters, run.Model.Transform(run.Data), run.Model.Transform(run.Validation));
        else
            AssertOfSplit(run);
    }

    // Held-out rows count for themselves, by example weight; rows trained on as the summary says, 0 where it is of held-out rows.
    private static void AssertPooled(string name, ConstrainedModelParameters model, IDataView onTraining, IDataView onValidation)
    {
        var weights = name.EndsWith("example weights", StringComparison.Ordinal) ? "Weight" : null;
        var (training, validation) = (ScoredRow.Of(onTraining, weights), ScoredRow.Of(onValidation, weights));
        var labels = LabelsOf(model.Summary.Task, training);
        Assert.AreEqual((600, 600, true), (model.Summary.TrainingRows, model.Summary.ValidationRows, model.Summary.IsHeldOut));
        foreach (var (declared, told) in model.Constraints.Zip(model.Summary.Constraints).Where(pair => pair.First is not CustomConstraint))
        {
            var constraint = declared.Of(labels);
            Assert.AreEqual(constraint.IsFlatteredByTraining, told.IsOfHeldOutRows, told.Name);
            Assert.IsTrue(told.TrainingWeights!.All(weight => told.IsOfHeldOutRows ? weight == 0 : weight is >= 0 and <= 1), told.Name);
            var rates = new PooledRates(constraint, told, training, validation, labels);
            var expected = VerdictRule.Of(constraint, rates, tail: null);
            var verdict = (told with { Verdict = expected.Verdict }).UnlessMissedByTraining().Verdict;
            Assert.AreEqual((verdict, expected.Rows, expected.WorstInequality), (told.Verdict, told.Rows, told.WorstInequality));
            if (told.UnmeasurableGroups.Count == 0 && told.TrainingShifts!.All(shift => shift == 0)) // else it is no mean over rows
                AssertNear(ScoredRow.ValueOf(declared, rates.RowsOf, labels == TaskLabels.Binary ? [1] : []), told.Value, 1e-5, told);
            CollectionAssert.AreEqual(expected.UnmeasurableGroups.ToArray(), told.UnmeasurableGroups.ToArray(), told.Name);
            AssertNear(expected.Value, told.Value, 1e-5, told);
            AssertNear(expected.Interval.Lower, told.Interval.Lower, 1e-4, told);
            AssertNear(expected.Interval.Upper, told.Interval.Upper, 1e-4, told);
        }
    }

    private static void AssertNear(double expected, double actual, double share, ConstraintSummary told)
        => Assert.AreEqual(expected, actual, share * Math.Max(1, Math.Abs(expected)), told.ToString());

    private static TaskLabels LabelsOf(LearningTask task, ScoredRow[] training)
    {
        double Mean(Func<ScoredRow, double> value) => training.Sum(row => row.Weight * value(row)) / training.Sum(row => row.Weight);
        var mean = Mean(row => row.Label);
        return task switch
        {
            LearningTask.MulticlassClassification => TaskLabels.Multiclass(["low", "mid", "high"]),
            LearningTask.Regression => TaskLabels.Regression(mean, Math.Sqrt(Mean(row => Math.Pow(row.Label - mean, 2)))),
            _ => TaskLabels.Binary,
        };
    }

    // Which rows the trainer held out is not known: values on both together are those on all rows, where none tested the model.
    private static void AssertOfSplit(TaskWorkoutCase run)
    {
        var summary = run.Parameters.Summary;
        Assert.AreEqual(600, summary.IsHeldOut ? summary.TrainingRows + summary.ValidationRows + summary.SafetyRows : summary.TrainingRows);
        var rows = ScoredRow.Of(run.Model.Transform(run.Data), null);
        foreach (var (constraint, told) in run.Parameters.Constraints.Zip(summary.Constraints))
        {
            Assert.AreEqual(constraint.IsFlatteredByTraining, told.IsOfHeldOutRows, constraint.Name);
            if (!told.IsOfHeldOutRows)
                Assert.IsTrue(told.TrainingWeights!.All(weight => weight == 1), "a bound so far away that nothing pushes");
            AssertNear(told.IsOfHeldOutRows ? told.ValidationValue : ScoredRow.ValueOf(constraint, rows), told.Value, 1e-5, told);
        }
    }
}
