using FsCheck.Fluent;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Constraints.Compiled;

[TestClass]
public sealed class RegressionConstraintsTests
{
    private static readonly FairnessConstraint[] BuiltIn =
    [
        Fairness.MeanParity("Sex", 0.5),
        Fairness.MeanParity(["Sex", "Race"], 0.5) with { Baseline = GroupBaseline.Overall },
        Fairness.MeanParity("Race", 0.8) with { Comparison = GroupComparison.Ratio },
        Fairness.ResidualParity("Race", 0.1),
        Fairness.LossParity("Sex", 2.5),
        Fairness.BoundedGroupLoss("Race", 4),
        Fairness.RateAtLeast(GroupMetric.MeanLoss, [], 0.5),
    ];

    private static CompiledConstraints Compile(ConstraintScenario scenario, params FairnessConstraint[] constraints) =>
        CompiledConstraints.Compile(constraints, scenario.PartitionsOf(constraints), dtype: ScalarType.Float64,
            task: new ConstraintTask(TaskLabels.Regression()));

    private static double[] Values(Tensor tensor) => tensor.detach().to_type(ScalarType.Float64).data<double>().ToArray();

    // Predictions of women 1, -1, -1, -1 and of men 1, 1, 1, -1; labels 1, 1, 0, 0 in both.
    private static (Tensor Predictions, Tensor Labels, Tensor Membership) Small(CompiledConstraints compiled) => (
        torch.tensor(ConstraintScenario.Small.Logits), torch.tensor(ConstraintScenario.Small.Labels, dtype: ScalarType.Float64),
            compiled.Membership(null));

    [TestMethod]
    public void SmallTable_HasTheHandComputedMeansResidualsAndLosses()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small, Fairness.MeanParity("Sex", 0.3), Fairness.ResidualParity("Sex", 0.1),
            Fairness.LossParity("Sex", 0.2), Fairness.BoundedGroupLoss("Sex", 1));
        var (predictions, labels, membership) = Small(compiled);

        var statistics = compiled.ExactStatistics(predictions, labels, membership);
        var c = Values(compiled.Violations(statistics));

        CollectionAssert.AreEqual(new[] { "MeanParity(Sex): Female - Male <= 0.3", "MeanParity(Sex): Male - Female <= 0.3" },
            compiled.Constraints[0].InequalityNames.ToArray());
        // Mean predictions -1/2 and 1/2, residuals 1 and 0; squared errors of women 0, 4, 1, 1 and of men 0, 0, 1, 1.
        double[] expected = [-1 - 0.3, 1 - 0.3, 1 - 0.1, -1 - 0.1, 1 - 0.2, -1 - 0.2, 1.5 - 1, 0.5 - 1];
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], c[i], 1e-12, $"{i}");
        Assert.AreEqual(4, compiled.QuantityCount);
    }

    [TestMethod]
    public void Violations_OfAnyTable_AgreeWithTheNaiveLoop() =>
        Prop.ForAll(ConstraintScenario.Any, scenario =>
        {
            using var scope = torch.NewDisposeScope();
            using var compiled = Compile(scenario, BuiltIn);
            Tensor predictions = torch.tensor(scenario.Logits), labels = torch.tensor(scenario.Labels, dtype: ScalarType.Float64),
                membership = compiled.Membership(scenario.Weights);
            var exact = Values(compiled.Violations(compiled.ExactStatistics(predictions, labels, membership)));
            var surrogate = Values(compiled.SurrogateViolations(predictions, labels, membership));
            double Mean(GroupMetric metric, Func<int, bool> include)
            {
                double sum = 0, weight = 0;
                for (var row = 0; row < scenario.RowCount; row++)
                {
                    if (!include(row)) continue;
                    double p = scenario.Logits[row], y = scenario.Labels[row];
                    sum += scenario.Weights[row]
                        * (metric == GroupMetric.MeanPrediction ? p : metric == GroupMetric.MeanResidual ? y - p : (y - p) * (y - p));
                    weight += scenario.Weights[row];
                }
                return sum / weight;
            }
            foreach (var constraint in compiled.Constraints)
            {
                var partition = scenario.PartitionOf(constraint.Declaration);
                LinearInequality[] inequalities = [.. constraint.Declaration.Inequalities(partition.GroupNames)];
                for (var i = 0; i < inequalities.Length; i++)
                {
                    var expected = inequalities[i].Terms.Sum(t
                        => t.Coefficient * Mean(t.Metric, row
                        => t.Group == RateTerm.Overall || partition.GroupOfRow[row] == t.Group)) - inequalities[i].Bound;
                    Assert.AreEqual(double.IsNaN(expected) ? 0 : expected, exact[constraint.Start + i], 1e-9, inequalities[i].Name);
                    Assert.AreEqual(exact[constraint.Start + i], surrogate[constraint.Start + i], 1e-12, inequalities[i].Name);
                }
            }
        }).CheckSeeded(40);

    [TestMethod]
    public void SurrogateViolations_Gradient_AgreesWithNumericalDifferentiation()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = Compile(ConstraintScenario.Small, BuiltIn);
        var (predictions, labels, membership) = Small(compiled);
        var coefficients = torch.tensor([.. Enumerable.Range(1, compiled.Count).Select(i => Math.Sin(i))]);
        Tensor Objective(Tensor z) => compiled.SurrogateViolations(z, labels, membership).mul(coefficients).sum();

        var variable = predictions.clone().requires_grad_();
        Objective(variable).backward();
        var gradient = Values(variable.grad!);

        for (var i = 0; i < gradient.Length; i++)
        {
            var step = new double[gradient.Length];
            step[i] = 1e-5;
            var direction = torch.tensor(step);
            var numerical = (Objective(predictions.add(direction)).item<double>() - Objective(predictions.sub(direction)).item<double>(
                )) / 2e-5;
            Assert.AreEqual(numerical, gradient[i], 1e-6 * Math.Max(1, Math.Abs(numerical)));
        }
    }

    [TestMethod]
    [DataRow(2.0, 4.0, 0.5)]
    [DataRow(4.0, 2.0, 0.5)]
    [DataRow(0.0, 0.0, 1.0)]
    [DataRow(0.0, 2.0, 0.0)]
    [DataRow(-1.0, 2.0, -0.5)]
    [DataRow(-2.0, -1.0, -1.0)]
    public void MeanParityRatio_IsTheSmallerByTheLarger_AndNegativeWithANegativeMean(double first, double second, double expected)
    {
        using var scope = torch.NewDisposeScope();
        var scenario = new ConstraintScenario([first, second], [0, 0], [1, 1], [0, 1], [0, 0]);
        using var compiled = Compile(scenario, Fairness.MeanParity("Sex", 0.4) with { Comparison = GroupComparison.Ratio });
        var statistics = compiled.ExactStatistics(torch.tensor(scenario.Logits), torch.tensor(scenario.Labels, dtype: ScalarType.Float64),
            compiled.Membership(null));

        Assert.AreEqual(expected, RateSpread.Ratio([first, second]), 1e-12);
        Assert.AreEqual(expected >= 0.4, Values(compiled.Violations(statistics)).All(c => c <= 1e-12), "the inequalities say the same");
    }

    [TestMethod]
    public void Validate_OfRegressionDeclarations_HasTheirBounds()
    {
        static void Is(FairnessConstraint constraint, params string[] expected)
        {
            var problems = new List<string>();
            FairnessConstraint.Validate([constraint], problems);
            constraint.ValidateFor(LearningTask.Regression, problems);
            CollectionAssert.AreEqual(expected, problems);
        }

        foreach (var constraint in BuiltIn) Is(constraint);
        Is(Fairness.MeanParity("Sex", 1000));
        Is(Fairness.MeanParity("Sex", -1), "MeanParity(Sex): Bound must be finite and not negative, got -1.");
        Is(Fairness.MeanParity("Sex", 2) with { Comparison = GroupComparison.Ratio },
            "MeanParityRatio(Sex): Bound must be a number from 0 to 1, got 2.");
        Is(Fairness.ResidualParity("Sex", 1) with { Comparison = GroupComparison.Ratio },
            "ResidualParityRatio(Sex): Comparison is Ratio, but mean residuals may be negative; compare them by their Difference.");
        Is(Fairness.RateAtMost(GroupMetric.MeanLoss, [], double.NaN), "MeanLossAtMost: Bound must be finite and not negative, got NaN.");
    }

    [TestMethod]
    public void ValidateFor_StatisticOfAnotherTask_NamesConstraintAndTask()
    {
        static void Is(FairnessConstraint constraint, LearningTask task, params string[] expected)
        {
            var problems = new List<string>();
            constraint.ValidateFor(task, problems);
            CollectionAssert.AreEqual(expected, problems);
        }

        Is(Fairness.DemographicParity("Sex", 0.1), LearningTask.Regression,
            "DemographicParity(Sex): SelectionRate is a statistic of classification, not of regression.");
        Is(Fairness.EqualizedOdds("Sex", 0.1), LearningTask.Regression,
            "EqualizedOdds(Sex): TruePositiveRate is a statistic of classification, not of regression.",
                "EqualizedOdds(Sex): FalsePositiveRate is a statistic of classification, not of regression.");
        Is(Fairness.MeanParity("Sex", 0.1), LearningTask.BinaryClassification,
            "MeanParity(Sex): MeanPrediction is a statistic of regression, not of binary classification.");
        Is(Fairness.ResidualParity("Sex", 0.1), LearningTask.MulticlassClassification,
            "ResidualParity(Sex): MeanResidual is a statistic of regression, not of multiclass classification.");
        Is(Fairness.DemographicParity("Sex", 0.1) with { ClassName = "a", Name = "x" }, LearningTask.BinaryClassification,
            "x: ClassName 'a' is named, but only multiclass classification has classes to choose from, not binary classification.");
        Is(Fairness.AccuracyParity("Sex", 0.1) with { ClassName = "a", Name = "x" }, LearningTask.MulticlassClassification,
            "x: ClassName 'a' is named, but Accuracy is of all classes together.");
        Is(Fairness.EqualizedOdds("Sex", 0.1) with { ClassName = "a" }, LearningTask.MulticlassClassification);
        Is(Fairness.LossParity("Sex", 0.1), LearningTask.Regression);
        foreach (var constraint in CompiledConstraintsTests.BuiltIn)
        {
            Is(constraint, LearningTask.BinaryClassification);
            Is(constraint, LearningTask.MulticlassClassification);
        }

        var error = Assert.ThrowsExactly<ArgumentException>(() => Compile(ConstraintScenario.Small, Fairness.AccuracyParity("Sex", 0.1)));
        Assert.AreEqual("AccuracyParity(Sex): Accuracy is a statistic of classification, not of regression. (Parameter 'constraints')",
            error.Message);
    }

    [TestMethod]
    public void Json_RoundTripsEveryDeclarationAndTheClass()
    {
        FairnessConstraint[] constraints = [.. BuiltIn, Fairness.EqualizedOdds("Sex", 0.1) with { ClassName = "a" },
            Fairness.RateAtMost(GroupMetric.SelectionRate, [], 0.2) with { ClassName = "b" }];

        var read = ModelJson.Read<FairnessConstraint[]>(ModelJson.Write(constraints));

        CollectionAssert.AreEqual(constraints, read);
        CollectionAssert.AreEqual(new[] { "EqualizedOdds(Sex) of a", "SelectionRateAtMost of b" },
            read.TakeLast(2).Select(c => c.Name).ToArray());
        Assert.AreNotEqual(constraints[^1], constraints[^1] with { ClassName = "c", Name = constraints[^1].Name });
    }
}
