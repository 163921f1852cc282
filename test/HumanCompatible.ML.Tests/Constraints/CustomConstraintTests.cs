using System.Text.Json.Nodes;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Persistence;

namespace HumanCompatible.ML.Tests.Constraints;

[TestClass]
public sealed class CustomConstraintTests
{
    private static readonly CustomStatistic Mean = batch => batch.Mean(batch.Predictions);

    [TestMethod]
    public void Custom_IsADeclarationWithItsNameColumnsAndBound()
    {
        var constraint = Fairness.Custom("few", ["Sex", "Race"], -2.5, Mean, ["all"]);

        Assert.AreEqual("few", constraint.Name);
        Assert.AreEqual("CustomConstraint", constraint.Kind);
        CollectionAssert.AreEqual(new[] { "Sex", "Race" }, constraint.GroupColumnNames.ToArray());
        Assert.AreEqual(-2.5, constraint.Bound);
        Assert.AreSame(Mean, ((CustomConstraint)constraint).Statistic);
        Assert.AreEqual(constraint, Fairness.Custom("few", ["Sex", "Race"], -2.5, Mean, ["all"]));
        Assert.AreNotEqual(constraint, Fairness.Custom("few", ["Sex", "Race"], -2.5, batch => batch.Labels, ["all"]));
        Assert.AreNotEqual(constraint, Fairness.Custom("few", ["Sex", "Race"], -2.5, Mean));
        Assert.ThrowsExactly<ArgumentNullException>(() => Fairness.Custom("few", [], 0, null!));
    }

    [TestMethod]
    public void Validate_EachProblem_HasItsMessage()
    {
        static void Is(FairnessConstraint constraint, params string[] expected)
        {
            var problems = new List<string>();
            FairnessConstraint.Validate([constraint], problems);
            CollectionAssert.AreEqual(expected, problems);
        }

        Is(Fairness.Custom("x", [], -3, Mean));
        Is(Fairness.Custom("x", [], 1e15, Mean, ["a", "b"]));
        Is(Fairness.Custom("x", [], double.NaN, Mean), "x: Bound must be a finite number, got NaN.");
        Is(Fairness.Custom("x", [], double.NegativeInfinity, Mean), "x: Bound must be a finite number, got -Infinity.");
        Is(Fairness.Custom(" ", ["Sex"], 0, Mean), "CustomConstraint(Sex): Name is empty.");
        Is(Fairness.Custom("x", ["Sex", "Sex"], 0, Mean), "x: group column 'Sex' is named more than once.");
        Is(Fairness.Custom("x", [], 0, Mean, []), "x: InequalityNames is empty.");
        Is(Fairness.Custom("x", [], 0, Mean, ["a", "", "a"]), "x: the name of inequality 1 is empty.",
            "x: inequality 'a' is named more than once.");
        Is(Fairness.Custom("x", [], 0, Mean) with { ClassName = "a" },
            "x: ClassName 'a' is named, but a custom constraint is given the predictions of all classes.");
    }

    [TestMethod]
    public void ValidateFor_WithoutStatistic_SaysThatTheFileDoesNotKeepIt()
    {
        var problems = new List<string>();
        WithoutStatistic(Fairness.Custom("x", [], 0, Mean)).ValidateFor(LearningTask.BinaryClassification, problems);
        Fairness.Custom("y", [], 0, Mean).ValidateFor(LearningTask.BinaryClassification, problems);

        CollectionAssert.AreEqual(new[] { "x: Statistic is null. A model file does not keep it: give it again to train." }, problems);
    }

    [TestMethod]
    public void Json_KeepsAllButTheStatistic()
    {
        var json = ModelJson.Write<FairnessConstraint[]>(
            [Fairness.Custom("few", ["Sex"], -0.5, Mean, ["a", "b"]), Fairness.Custom("many", [], 2, Mean)]);

        Assert.AreEqual("""[{"kind":"customConstraint","groupColumnNames":["Sex"],"bound":-0.5,"inequalityNames":["a","b"],"name":"few"},{"kind":"customConstraint","groupColumnNames":[],"bound":2,"name":"many"}]""",
            JsonNode.Parse(json)!.ToJsonString());
        var read = ModelJson.Read<FairnessConstraint[]>(json);
        CollectionAssert.AreEqual(new FairnessConstraint[] {
            WithoutStatistic(Fairness.Custom("few", ["Sex"], -0.5, Mean, ["a", "b"])),
            WithoutStatistic(Fairness.Custom("many", [], 2, Mean)) }, read);
    }

    [TestMethod]
    public void Audit_OfACustomConstraint_IsRefused()
    {
        var error = Assert.ThrowsExactly<NotSupportedException>(() => Fairness.Custom("x", [], 0, Mean).ValueOf(null!));

        Assert.AreEqual("x: a custom constraint has no value in terms of the rates of groups.", error.Message);
    }

    private static FairnessConstraint WithoutStatistic(FairnessConstraint constraint)
        => (CustomConstraint)constraint with { Statistic = null };
}
