using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Tests.Constraints.Compiled;

namespace HumanCompatible.ML.Tests.Constraints;

[TestClass]
public sealed class FairnessConstraintTests
{
    private static string[] ProblemsOf(params FairnessConstraint[] constraints)
    {
        var problems = new List<string>();
        FairnessConstraint.Validate(constraints, problems);
        return [.. problems];
    }

    [TestMethod]
    public void Equality_OfDeclarations_IsByValueOfTheirColumns()
    {
        FairnessConstraint a = Fairness.DemographicParity(["Sex", "Race"], 0.05);

        Assert.AreEqual(a, Fairness.DemographicParity(new[] { "Sex", "Race" }, 0.05));
        Assert.AreEqual(a.GetHashCode(), Fairness.DemographicParity(["Sex", "Race"], 0.05).GetHashCode());
        Assert.AreEqual(a, a with { Name = "DemographicParity(Sex, Race)" });
        Assert.AreNotEqual(a, Fairness.DemographicParity(["Race", "Sex"], 0.05));
        Assert.AreNotEqual(a, Fairness.DemographicParity(["Sex", "Race"], 0.06));
        Assert.AreNotEqual(a, a with { Name = "other" });
        Assert.AreNotEqual(a, Fairness.EqualOpportunity(["Sex", "Race"], 0.05));
    }

    [TestMethod]
    public void GroupColumnNames_ArrayChangedLater_DoesNotChangeTheDeclaration()
    {
        string[] names = ["Sex"];
        var constraint = Fairness.DemographicParity(names, 0.05);
        var changed = constraint with { GroupColumnNames = names };
        names[0] = "Race";

        Assert.AreEqual("Sex", constraint.GroupColumnNames[0]);
        Assert.AreEqual("Sex", changed.GroupColumnNames[0]);
    }

    [TestMethod]
    public void Name_ByDefault_SaysKindColumnsAndComparison()
    {
        Assert.AreEqual("EqualizedOdds(Sex, Race)", Fairness.EqualizedOdds(["Sex", "Race"], 0.1).Name);
        Assert.AreEqual("DemographicParityRatio(Sex)", Fairness.DisparateImpact("Sex", 0.8).Name);
        Assert.AreEqual("LossParity(Race to overall)", (Fairness.LossParity("Race", 0.1) with { Baseline = GroupBaseline.Overall }).Name);
        Assert.AreEqual("LossParity(Race to White)",
            (Fairness.LossParity("Race", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "White" }).Name);
        Assert.AreEqual("TruePositiveRateAtLeast(Sex)", Fairness.RateAtLeast(GroupMetric.TruePositiveRate, "Sex", 0.7).Name);
        Assert.AreEqual("SelectionRateAtMost", Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.2).Name);
        Assert.AreEqual("mine", (Fairness.LossParity("Race", 0.1) with { Name = "mine" }).Name);
    }

    [TestMethod]
    public void LargestMargin_IsWhatTheBoundLeavesOfTheRange_OrTheSizeOfTheBound()
    {
        Assert.AreEqual(0.05, Fairness.DemographicParity("Sex", 0.05).LargestMargin);
        Assert.AreEqual(0.2, Fairness.DisparateImpact("Sex", 0.8).LargestMargin, 1e-15);
        Assert.AreEqual(0.35, Fairness.RateAtMost(GroupMetric.SelectionRate, "Sex", 0.35).LargestMargin);
        Assert.AreEqual(0.65, Fairness.RateAtLeast(GroupMetric.SelectionRate, "Sex", 0.35).LargestMargin);
        Assert.AreEqual(0.6, Fairness.BoundedGroupLoss("Sex", 0.6).LargestMargin);
        Assert.AreEqual(2.5, Fairness.RateAtLeast(GroupMetric.MeanLoss, "Sex", 2.5).LargestMargin, "a loss has no upper end");
        Assert.AreEqual(1.5, Fairness.Custom("mine", ["Sex"], -1.5, batch => batch.Predictions).LargestMargin);
    }

    [TestMethod]
    public void Room_IsWhatIsLeftToTheNearerEndOfTheRange_OrWhereNothingIsBeyondTheBoundToTheOther()
    {
        Assert.AreEqual(0.35, Fairness.RateAtMost(GroupMetric.SelectionRate, "Sex", 0.35).Room);
        Assert.AreEqual(0.35, Fairness.RateAtLeast(GroupMetric.SelectionRate, "Sex", 0.35).Room);
        Assert.AreEqual(0.1, Fairness.RateAtMost(GroupMetric.SelectionRate, "Sex", 0.9).Room, 1e-15);
        Assert.AreEqual(0.1, Fairness.RateAtLeast(GroupMetric.SelectionRate, "Sex", 0.9).Room, 1e-15);
        Assert.AreEqual(1, Fairness.RateAtMost(GroupMetric.SelectionRate, "Sex", 1).Room);
        Assert.AreEqual(1, Fairness.RateAtLeast(GroupMetric.SelectionRate, "Sex", 0).Room);
        Assert.AreEqual(0.6, Fairness.BoundedGroupLoss("Sex", 0.6).Room);
    }

    [TestMethod]
    public void Inequalities_AgainstAReferenceGroup_CompareEachOtherGroupWithItBothWays()
    {
        var constraint = Fairness.EqualOpportunity("Race", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "White" };

        string[] names = [.. constraint.Inequalities(["Asian", "Black", "White"]).Select(r => r.Name)];

        CollectionAssert.AreEqual(
            new[] { "Asian - White", "White - Asian", "Black - White", "White - Black" }.Select(p
                => $"EqualOpportunity(Race to White): {p} <= 0.1").ToArray(), names);
    }

    [TestMethod]
    public void Inequalities_UnknownReferenceGroup_IsAnErrorThatListsTheGroups()
    {
        var constraint = Fairness.EqualOpportunity("Race", 0.1) with { Baseline = GroupBaseline.ReferenceGroup, ReferenceGroup = "white" };

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => constraint.Inequalities(["Black", "White"]).ToArray());

        Assert.AreEqual("EqualOpportunity(Race to white): there is no group 'white'; the groups are 'Black'; 'White'.", error.Message);
    }

    [TestMethod]
    public void Validate_GoodDeclarations_HaveNoProblems() => Assert.IsEmpty(ProblemsOf(CompiledConstraintsTests.BuiltIn));

    [TestMethod]
    public void Validate_EachProblem_HasItsMessage()
    {
        void Is(FairnessConstraint constraint, params string[] expected) => CollectionAssert.AreEqual(expected, ProblemsOf(constraint));

        Is(Fairness.DemographicParity("Sex", double.NaN), "DemographicParity(Sex): Bound must be a number from 0 to 1, got NaN.");
        Is(Fairness.DemographicParity("Sex", -0.1), "DemographicParity(Sex): Bound must be a number from 0 to 1, got -0.1.");
        Is(Fairness.DemographicParity("Sex", 1.5), "DemographicParity(Sex): Bound must be a number from 0 to 1, got 1.5.");
        Is(Fairness.LossParity("Sex", double.PositiveInfinity),
            "LossParity(Sex): Bound must be finite and not negative, got Infinity.");
        Is(Fairness.BoundedGroupLoss("Sex", -1), "BoundedGroupLoss(Sex): Bound must be finite and not negative, got -1.");
        Is(Fairness.LossParity("Sex", 2));
        Is(Fairness.LossParity("Sex", 2) with { Comparison = GroupComparison.Ratio },
            "LossParityRatio(Sex): Bound must be a number from 0 to 1, got 2.");
        Is(Fairness.EqualizedOdds([], 0.1), "EqualizedOdds(): at least one group column is needed.");
        Is(Fairness.EqualizedOdds(["Sex", " "], 0.1), "EqualizedOdds(Sex,  ): the name of group column 1 is empty.");
        Is(Fairness.EqualizedOdds(["Sex", "Race", "Sex"], 0.1),
            "EqualizedOdds(Sex, Race, Sex): group column 'Sex' is named more than once.");
        Is(Fairness.EqualizedOdds("Sex", 0.1) with { Name = "" }, "EqualizedOdds(Sex): Name is empty.");
        Is(Fairness.EqualizedOdds("Sex", 0.1) with { Name = "x", Comparison = (GroupComparison)7 },
            "x: Comparison must be one of Difference, Ratio, got 7.");
        Is(Fairness.EqualizedOdds("Sex", 0.1) with { Name = "x", Baseline = (GroupBaseline)7 },
            "x: Baseline must be one of Pairwise, Overall, ReferenceGroup, got 7.");
        Is(Fairness.EqualizedOdds("Sex", 0.1) with { Name = "x", Baseline = GroupBaseline.ReferenceGroup },
            "x: Baseline is ReferenceGroup, but no ReferenceGroup is named.");
        Is(Fairness.EqualizedOdds("Sex", 0.1) with { Name = "x", ReferenceGroup = "Male" },
            "x: ReferenceGroup 'Male' is named, but Baseline is Pairwise.");
        Is((RateBound)Fairness.RateAtMost(GroupMetric.Accuracy, [], 0.1) with { Name = "x", Direction = (BoundDirection)5 },
            "x: Direction must be one of AtMost, AtLeast, got 5.");
    }

    [TestMethod]
    public void Bound_OfNegativeZero_IsZero()
    {
        Assert.IsFalse(double.IsNegative(Fairness.DemographicParity("Sex", -0.0).Bound));
        Assert.AreEqual(Fairness.DemographicParity("Sex", 0), Fairness.DemographicParity("Sex", 0.1) with { Bound = -0.0 });
    }

    [TestMethod]
    public void RateAtMost_WithoutAMetric_IsRefused()
        => Assert.ThrowsExactly<ArgumentNullException>(() => Fairness.RateAtMost(null!, "Sex", 0.1));

    [TestMethod]
    public void Validate_SeveralProblems_AreAllReported()
    {
        var problems = ProblemsOf(Fairness.DemographicParity(["", "A", "A"], 2), null!, Fairness.EqualOpportunity("Sex", 0.1),
            Fairness.EqualOpportunity("Sex", 0.2));

        CollectionAssert.AreEqual(new[]
        {
            "DemographicParity(, A, A): the name of group column 0 is empty.",
            "DemographicParity(, A, A): group column 'A' is named more than once.",
            "DemographicParity(, A, A): Bound must be a number from 0 to 1, got 2.",
            "Constraint 1 is null.",
            "2 constraints are named 'EqualOpportunity(Sex)'; give each its own Name.",
        }, problems);
    }

    [TestMethod]
    public void IsFlatteredByTraining_IsOfBoundsOfHowWellAModelPredicts_AndOfDifferencesOfLossesAccuraciesAndRatesOverPredictions()
    {
        FairnessConstraint[] flattered =
        [
            Fairness.AccuracyParity("Sex", 0.1), Fairness.LossParity("Sex", 0.1), Fairness.BoundedGroupLoss("Sex", 0.1),
            Fairness.RateAtMost(GroupMetric.ErrorRate, [], 0.1), Fairness.RateAtMost(GroupMetric.FalsePositiveRate, "Sex", 0.1),
            Fairness.RateAtLeast(GroupMetric.PositivePredictiveValue, "Sex", 0.1), Fairness.PredictiveParity("Sex", 0.1),
            Fairness.FalseOmissionRateParity("Sex", 0.1),
        ];
        FairnessConstraint[] others =
        [
            Fairness.DemographicParity("Sex", 0.1), Fairness.DisparateImpact("Sex", 0.8), Fairness.EqualizedOdds("Sex", 0.1),
            Fairness.EqualOpportunity("Sex", 0.1), Fairness.PredictiveEquality("Sex", 0.1), Fairness.MeanParity("Sex", 0.1),
            Fairness.ResidualParity("Sex", 0.1), Fairness.RateAtMost(GroupMetric.SelectionRate, "Sex", 0.1),
            Fairness.Custom("own", ["Sex"], 0.1, batch => batch.Mean(batch.Predictions)),
        ];

        foreach (var constraint in flattered)
            Assert.IsTrue(constraint.IsFlatteredByTraining, constraint.Name);
        foreach (var constraint in others)
            Assert.IsFalse(constraint.IsFlatteredByTraining, constraint.Name);
    }

    [TestMethod]
    public void Violation_OfUpperAndLowerBounds_IsPositiveWhenMissed()
    {
        Assert.AreEqual(0.05, Fairness.DemographicParity("Sex", 0.05).Violation(0.1), 1e-12);
        Assert.AreEqual(0.1, Fairness.DisparateImpact("Sex", 0.8).Violation(0.7), 1e-12);
        Assert.AreEqual(-0.1, Fairness.RateAtLeast(GroupMetric.Accuracy, [], 0.8).Violation(0.9), 1e-12);
    }
}
