using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Which groups a constraint speaks of: those that are large enough, known and define its rates.</summary>
[TestClass]
public sealed class GroupPolicyTests
{
    [TestMethod]
    public void Exclude_SmallGroups_AreNamedOnceAndNotBound()
    {
        // 600 rows: 12 are of the region East.
        var (model, warnings) = Fit(People(East), options
            => options.Groups.MinimumSize = 13, Fairness.DemographicParity("Region", 0.1), Fairness.EqualizedOdds("Region", 0.2));

        CollectionAssert.AreEqual(
            new[] { "Groups of 'Region' have fewer than 13 rows (Groups.MinimumSize): 'East' (12 rows). Their rows train the loss, but "
                + "these groups are excluded from the constraints on these columns." },
            warnings);
        foreach (var constraint in model.Model.Summary.Constraints)
            Assert.AreEqual("East (12 rows, fewer than 13)", $"{constraint.ExcludedGroups.Single()}");
        Assert.IsFalse(model.Model.Duals.Any(dual => dual.Inequality.Contains("East", StringComparison.Ordinal)));
        Assert.AreEqual(600, model.Model.Summary.TrainingRows + model.Model.Summary.ValidationRows, "Rows of small groups train the loss.");
        StringAssert.Contains(model.Model.Summary.ToString(), "; left out: East (12 rows, fewer than 13)");
    }

    [TestMethod]
    public void Exclude_AsManyRowsAsTheMinimum_Counts()
    {
        var (model, _) = Fit(People(East), options => options.Groups.MinimumSize = 12, Fairness.DemographicParity("Region", 0.1));

        Assert.IsEmpty(model.Model.Summary.Constraints[0].ExcludedGroups);
        Assert.IsTrue(model.Model.Duals.Any(dual => dual.Inequality.Contains("East", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Exclude_SmallGroups_CountInNoAuditedValue()
    {
        var (model, _) = Fit(People(East), options
            => (options.Groups.MinimumSize, options.ValidationFraction) = (13, 0), Fairness.DemographicParity("Region", 0.1));

        var context = new MLContext(1);
        var known = People(East).Where(person => person.Region != "East");
        var audit = context.Constrained().Audit.BinaryClassification(model.Transform(context.Data.LoadFromEnumerable(known)),
            ["Region"]);
        Assert.AreEqual(audit.Intersection.DemographicParityDifference, model.Model.Summary.Constraints[0].ValidationValue, 1e-6);
        Assert.AreEqual(audit.Intersection.DemographicParityDifference, model.Model.Summary.Constraints[0].TrainingValue, 1e-6);
    }

    [TestMethod]
    public void Exclude_GroupsThatAreSmallInTraining_AreLeftOutOfTheValidationDataToo()
    {
        var validation = Census.People(300, seed: 5);
        foreach (var person in validation.Take(100))
            person.Region = "East";

        var (model, warnings) = Fit(People(East), options
            => options.Groups.MinimumSize = 13, validation, Fairness.DemographicParity("Region", 0.1));

        Assert.IsFalse(warnings.Any(warning => warning.Contains("lack", StringComparison.Ordinal)),
            "The training data have the group: it is left out.");
        var context = new MLContext(1);
        var audit = context.Constrained().Audit.BinaryClassification(
            model.Transform(context.Data.LoadFromEnumerable(validation.Skip(100))), ["Region"]);
        Assert.AreEqual(audit.Intersection.DemographicParityDifference, model.Model.Summary.Constraints[0].ValidationValue, 1e-6);
        Assert.AreEqual(300, model.Model.Summary.ValidationRows);
    }

    [TestMethod]
    public void Exclude_SmallGroups_StillTrainTheLoss()
    {
        // The label of the small group is the opposite of its skill: only who learns from its rows can know.
        var people = Census.People(600);
        foreach (var person in people.Take(60))
            (person.Region, person.Features, person.Label) = ("East", [.. person.Features[..4], 9], person.Features[0] < 0);
        var (model, _) = Fit(people, options => (options.Groups.MinimumSize, options.NumberOfEpochs, options.LearningRate) = (61, 60, 0.02),
            Fairness.DemographicParity("Region", 0.5));

        var context = new MLContext(1);
        var east = context.BinaryClassification.Evaluate(model.Transform(context.Data.LoadFromEnumerable(people.Take(60))));
        Assert.IsGreaterThan(0.8, east.Accuracy);
    }

    [TestMethod]
    public void Error_SmallGroups_AreListed()
    {
        var error = Refused(People(East), options
            => (options.Groups.MinimumSize, options.Groups.SmallGroups) = (200, GroupPolicy.Error),
            Fairness.DemographicParity("Region", 0.1),
            Fairness.DemographicParity("Sex", 0.1));

        var people = People(East);
        var sizes = people.GroupBy(person => person.Region).Where(rows => rows.Count() < 200)
            .OrderBy(rows => rows.Key, StringComparer.Ordinal).Select(rows => $"'{rows.Key}' ({rows.Count()} rows)");
        Assert.AreEqual($"Groups of 'Region' have fewer than 200 rows (Groups.MinimumSize): {string.Join(", ", sizes)}.", error);
    }

    [TestMethod]
    public void Exclude_AllButOneGroup_IsAnErrorThatSaysWhichAreLeftOut()
    {
        var people = Census.People(300);
        people.RemoveAll(person => person.Sex == "Female" && !person.Veteran);
        var women = people.Count(person => person.Sex == "Female");

        Assert.AreEqual(
            $"DemographicParity(Sex): the data has one group only, 'Male': there is nothing to compare. Left out: Female ({women} rows, "
                + $"fewer than {women + 1}).",
            Refused(people, options => options.Groups.MinimumSize = women + 1, Fairness.DemographicParity("Sex", 0.1)));
    }

    [TestMethod]
    public void Exclude_EveryGroup_IsAnErrorForABoundOfEachGroupToo()
        => Assert.AreEqual(
            $"{Bound.Name}: the data has no group left. Left out: Female ({Count("Female")} rows, fewer than 601); Male ({Count("Male")} "
                + "rows, fewer than 601).",
            Refused(Census.People(600), options => options.Groups.MinimumSize = 601, Bound));

    [TestMethod]
    public void Exclude_TheBoundOfAllRows_HasNoGroupsThatCouldBeSmall()
    {
        var (model, warnings) = Fit(Census.People(100), options
            => options.Groups.MinimumSize = 1000, Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.9));

        Assert.IsEmpty(model.Model.Summary.Constraints[0].ExcludedGroups);
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void Exclude_TheReferenceGroup_IsAnError()
        => Assert.AreEqual(
            "DemographicParity(Region to East): the reference group 'East' is left out (12 rows, fewer than 20): there is nothing to "
                + "compare with.",
            Refused(People(East), options => options.Groups.MinimumSize = 20,
                Fairness.DemographicParity("Region", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "East" }));

    [TestMethod]
    public void FewRows_OfAGroupThatCounts_AreAWarning()
    {
        var (_, warnings) = Fit(People(East), _ => { }, Fairness.DemographicParity("Region", 0.9));

        CollectionAssert.AreEqual(
            new[] { "Groups of 'Region' have fewer than 30 rows: 'East' (12 rows). Rates of so few rows are mostly chance; "
                + "Groups.MinimumSize leaves such groups out." },
            warnings);
    }

    [TestMethod]
    public void UndefinedRate_ByDefault_IsLeftOutOfThatConstraintOnly()
    {
        var people = People(Unlucky);

        var (model, warnings) = Fit(people, _ => { }, Fairness.EqualOpportunity("Region", 0.9), Fairness.DemographicParity("Region", 0.9));

        CollectionAssert.AreEqual(
            new[] { "EqualOpportunity(Region): group 'West' has no positive rows in the data: its statistic is not defined, and the "
                + "constraint leaves it out." },
            warnings);
        CollectionAssert.AreEqual(new[] { "West (no positive rows)" },
            model.Model.Summary.Constraints[0].ExcludedGroups.Select(group => group.ToString()).ToArray());
        Assert.IsEmpty(model.Model.Summary.Constraints[1].ExcludedGroups);
        Assert.IsFalse(model.Model.Duals.Any(dual => dual.Constraint == "EqualOpportunity(Region)"
            && dual.Inequality.Contains("West", StringComparison.Ordinal)));
        Assert.IsTrue(model.Model.Duals.Any(dual => dual.Constraint == "DemographicParity(Region)"
            && dual.Inequality.Contains("West", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void UndefinedRate_OfTwo_LeavesTheOtherBoundAndIsLeftOutOfTheValidationDataToo()
    {
        // In the validation data the group does have positive rows.
        var validation = Census.People(300, seed: 6);

        var (model, warnings) = Fit(People(Unlucky), _ => { }, validation, Fairness.EqualizedOdds("Region", 0.9));

        CollectionAssert.AreEqual(
            new[] { "EqualizedOdds(Region): group 'West' has no positive rows in the training data: its rate over them is not defined, and "
                + "the constraint leaves that rate out." },
            warnings);
        CollectionAssert.AreEqual(new[] { "West (no positive rows, so that only its other rates are bound)" },
            model.Model.Summary.Constraints[0].ExcludedGroups.Select(group => group.ToString()).ToArray());
        Assert.IsTrue(model.Model.Duals.Any(dual => dual.Inequality.Contains("West", StringComparison.Ordinal)));
        var context = new MLContext(1);
        var all = context.Constrained().Audit.BinaryClassification(model.Transform(context.Data.LoadFromEnumerable(validation)),
            ["Region"]);
        var known = context.Constrained().Audit.BinaryClassification(
            model.Transform(context.Data.LoadFromEnumerable(validation.Where(person => person.Region != "West"))), ["Region"]);
        var (positives, negatives) = (known.Intersection.Difference(GroupMetric.TruePositiveRate),
            all.Intersection.Difference(GroupMetric.FalsePositiveRate));
        Assert.AreEqual(Math.Max(positives, negatives), model.Model.Summary.Constraints[0].ValidationValue, 1e-6);
    }

    [TestMethod]
    public void UndefinedRate_EqualsTheAuditOfTheSameRows()
    {
        var people = People(Unlucky);
        var (model, _) = Fit(people, options => options.ValidationFraction = 0, Fairness.EqualOpportunity("Region", 0.9),
            Fairness.EqualizedOdds("Region", 0.9));

        var context = new MLContext(1);
        var audit = context.Constrained().Audit.BinaryClassification(model.Transform(context.Data.LoadFromEnumerable(people)),
            ["Region"]);
        Assert.AreEqual(audit.Intersection.Difference(GroupMetric.TruePositiveRate),
            model.Model.Summary.Constraints[0].TrainingValue, 1e-6);
        Assert.AreEqual(audit.Intersection.EqualizedOddsDifference, model.Model.Summary.Constraints[1].TrainingValue, 1e-6);
    }

    [TestMethod]
    public void UndefinedRate_OfTheReferenceGroup_IsAnError()
        => Assert.AreEqual(
            "EqualizedOdds(Region to West): the reference group 'West' is left out (no positive rows, so that only its other rates are "
                + "bound): there is nothing to compare with.",
            Refused(People(Unlucky), _ => { },
                Fairness.EqualizedOdds("Region", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "West" }));

    [TestMethod]
    public void UndefinedRate_OfAGroupOfWeightZero_IsToldByItsWeights()
    {
        var people = People(all => all.Where(person => person.Region == "West").ToList().ForEach(person => person.Weight = 0));
        var west = people.Count(person => person.Region == "West");

        var (model, warnings) = Fit(people, options => options.ExampleWeightColumnName = "Weight",
            Fairness.DemographicParity("Region", 0.9));

        CollectionAssert.AreEqual(
            new[] { $"DemographicParity(Region): group 'West' has {west} rows, all of weight 0 in the data: its statistic is not defined, "
                + "and the constraint leaves it out." },
            warnings);
        CollectionAssert.AreEqual(new[] { $"West ({west} rows, all of weight 0)" },
            model.Model.Summary.Constraints[0].ExcludedGroups.Select(group => group.ToString()).ToArray());
    }

    [TestMethod]
    public void UndefinedRates_ThatOnlyOneGroupDefines_AreAnError()
    {
        var people = Census.People(300).Where(person => person.Sex == "Female" == person.Label).ToList();

        Assert.AreEqual(
            "EqualizedOdds(Sex): fewer than two groups of the data have positive rows: there is nothing to compare."
            + " Left out: Female (no negative rows, so that only its other rates are bound); "
            + "Male (no positive rows, so that only its other rates are bound).",
            Refused(people, _ => { }, Fairness.EqualizedOdds("Sex", 0.1)));
    }

    [TestMethod]
    public void Fit_UnderOtherPolicies_LeavesNoTensorBehind()
    {
        var people = People(East);
        people[100].Sex = "";
        var before = TorchState.Read();

        Fit(people, options => (options.Groups.MinimumSize, options.Groups.MissingValues) = (13, GroupPolicy.Exclude),
            Fairness.EqualizedOdds("Region", 0.2), Fairness.DemographicParity("Sex", 0.1)).Model.Dispose();

        before.AssertUnchanged();
    }

    private static FairnessConstraint Bound => Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Sex", 0.1);

    private static int Count(string sex) => Census.People(600).Count(person => person.Sex == sex);

    private static void East(List<Person> people)
    {
        foreach (var person in people.Take(12))
            person.Region = "East";
        people[0].Label = !people[1].Label; // both classes
    }

    private static void Unlucky(List<Person> people) => people.RemoveAll(person => person is { Region: "West", Label: true });

    internal static List<Person> People(Action<List<Person>> change)
    {
        var people = Census.People(600);
        change(people);
        return people;
    }

    internal static string Refused(List<Person> people, Action<ConstrainedBinaryClassificationTrainer.Options> change,
        params FairnessConstraint[] constraints)
        => Assert.ThrowsExactly<InvalidOperationException>(() => Fit(people, change, constraints)).Message;

    internal static (BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Model, List<string> Warnings) Fit(List<Person> people,
        Action<ConstrainedBinaryClassificationTrainer.Options> change, params FairnessConstraint[] constraints)
        => Fit(people, change, null, constraints);

    internal static (BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Model, List<string> Warnings) Fit(
        List<Person> people, Action<ConstrainedBinaryClassificationTrainer.Options> change, List<Person>? validation,
            params FairnessConstraint[] constraints)
    {
        var context = new MLContext(1);
        var warnings = new List<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
                warnings.Add(message.RawMessage);
        };
        var options = Workout.Small(constraints);
        change(options);
        var trainer = context.Constrained().Trainers.BinaryClassification(options);
        var data = context.Data.LoadFromEnumerable(people);
        var model = validation is null ? trainer.Fit(data) : trainer.Fit(data, context.Data.LoadFromEnumerable(validation));

        // What is told of the groups, not of the verdicts or of a model after two epochs.
        var verdicts = model.Model.Summary.Constraints.Select(constraint => $"{constraint}.").ToHashSet();
        return (model, [.. warnings.Where(warning => !verdicts.Contains(warning) && !warning.StartsWith("The model is nearly constant"))]);
    }
}
