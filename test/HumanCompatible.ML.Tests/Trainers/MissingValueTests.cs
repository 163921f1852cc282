using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using Microsoft.ML;
using static HumanCompatible.ML.Tests.Trainers.GroupPolicyTests;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Rows without a value in a group column.</summary>
[TestClass]
public sealed class MissingValueTests
{
    [TestMethod]
    public void MissingValues_ByDefault_AreLeftOutAndToldOf()
    {
        var (model, warnings) = Fit(People(Unknown), _ => { }, Fairness.DemographicParity("Sex", 0.9));

        CollectionAssert.AreEqual(
            new[] { "40 rows of the data without a value in 'Sex': they train the loss, but belong to no group of the constraints on these "
                + "columns. Groups.MissingValues = GroupPolicy.Include makes them a group." },
            warnings);
        Assert.IsFalse(model.Model.Duals.Any(dual => dual.Inequality.Contains("(missing)", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(new[] { "(missing) (40 rows, a missing value)" },
            model.Model.Summary.Constraints[0].ExcludedGroups.Select(group => group.ToString()).ToArray());
    }

    [TestMethod]
    public void MissingValues_AsTrained_AreWhatTheAuditLeavesOut()
    {
        foreach (var policy in new[] { GroupPolicy.Exclude, GroupPolicy.Include })
        {
            var people = People(Unknown);
            var (model, _) = Fit(people, options => (options.Groups.MissingValues, options.ValidationFraction) = (policy, 0),
                Fairness.DemographicParity("Sex", 0.9), Fairness.DemographicParity("Sex", 0.9) with
                {
                    Baseline = GroupBaseline.Overall,
                    Name = "to all",
                });
            var context = new MLContext(1);
            var audit = context.Constrained().Audit.BinaryClassification(model.Transform(context.Data.LoadFromEnumerable(people)),
                ["Sex"], missingValues: policy);

            foreach (var (constraint, summary) in model.Model.Constraints.Zip(model.Model.Summary.Constraints))
                Assert.AreEqual(audit.ValueOf(constraint), summary.TrainingValue, 1e-6, $"{policy}: {constraint.Name}");
        }
    }

    [TestMethod]
    public void MissingValues_Included_AreAGroup()
    {
        var (model, warnings) = Fit(People(Unknown), options => options.Groups.MissingValues = GroupPolicy.Include,
            Fairness.DemographicParity("Sex", 0.9));

        Assert.IsEmpty(warnings);
        Assert.IsTrue(model.Model.Duals.Any(dual => dual.Inequality.Contains("(missing)", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void MissingValues_Excluded_BelongToNoGroupOfTheConstraintsOnTheirColumn()
    {
        var validation = Census.People(200, seed: 4);
        validation[0].Sex = validation[1].Sex = "";

        var (model, warnings) = Fit(
            People(Unknown), options => options.Groups.MissingValues = GroupPolicy.Exclude, validation,
                Fairness.DemographicParity("Sex", 0.9), Fairness.DemographicParity(["Sex", "Veteran"], 0.9),
                Fairness.DemographicParity("Veteran", 0.9));

        CollectionAssert.AreEqual(
            new[]
            {
                "40 rows of the data without a value in 'Sex': they train the loss, but belong to no group of the constraints on these "
                    + "columns. Groups.MissingValues = GroupPolicy.Include makes them a group.",
                "40 rows of the data without a value in 'Sex' or 'Veteran': they train the loss, but belong to no group of the constraints "
                    + "on these columns. Groups.MissingValues = GroupPolicy.Include makes them a group.",
                "2 rows of the validation data without a value in 'Sex': they count for the accuracy, but belong to no group of the "
                    + "constraints on these columns. Groups.MissingValues = GroupPolicy.Include makes them a group.",
                "2 rows of the validation data without a value in 'Sex' or 'Veteran': they count for the accuracy, but belong to no group "
                    + "of the constraints on these columns. Groups.MissingValues = GroupPolicy.Include makes them a group.",
            },
            warnings);
        Assert.IsFalse(model.Model.Duals.Any(dual => dual.Inequality.Contains("(missing)", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(new[] { "(missing) (40 rows, a missing value)" },
            model.Model.Summary.Constraints[0].ExcludedGroups.Select(group => group.ToString()).ToArray());
        Assert.HasCount(2, model.Model.Summary.Constraints[1].ExcludedGroups);
        Assert.IsEmpty(model.Model.Summary.Constraints[2].ExcludedGroups);
    }

    [TestMethod]
    public void MissingValues_OfANumberColumn_AreKnownByTheirCode()
    {
        var people = Census.People(600);
        foreach (var person in people.Take(50))
            person.District = float.NaN;

        var (model, _) = Fit(people, options => options.Groups.MissingValues = GroupPolicy.Exclude,
            Fairness.DemographicParity("District", 0.9));

        CollectionAssert.AreEqual(new[] { "(missing) (50 rows, a missing value)" },
            model.Model.Summary.Constraints[0].ExcludedGroups.Select(group => group.ToString()).ToArray());
    }

    [TestMethod]
    public void MissingValues_Error_SaysHowMany()
        => Assert.AreEqual(
            "40 rows of the data without a value in 'Sex': fill it in, or set Groups.MissingValues to Include or Exclude.",
            Refused(People(Unknown), options => options.Groups.MissingValues = GroupPolicy.Error,
                Fairness.DemographicParity("Sex", 0.1)));

    [TestMethod]
    public void MissingValues_Error_HoldsForTheValidationDataToo()
    {
        var validation = Census.People(200, seed: 4);
        validation[7].Sex = "";

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => Fit(Census.People(600), options
            => options.Groups.MissingValues = GroupPolicy.Error, validation, Fairness.DemographicParity("Sex", 0.1)));

        Assert.AreEqual(
            "1 row of the validation data without a value in 'Sex': fill it in, or set Groups.MissingValues to Include or Exclude.",
            error.Message);
    }

    private static void Unknown(List<Person> people) => people.Take(40).ToList().ForEach(person => person.Sex = "");
}
