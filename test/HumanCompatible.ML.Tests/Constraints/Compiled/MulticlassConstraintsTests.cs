using FsCheck.Fluent;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Constraints.Compiled;

[TestClass]
public sealed class MulticlassConstraintsTests
{
    private static readonly string[] Classes = ["low", "mid", "high"];

    // Everything but custom and regression; the reference groups and classes that exist.
    private static readonly FairnessConstraint[] BuiltIn = CompiledConstraintsTests.BuiltIn;

    /// <summary>
    /// Six rows, three classes: predicted low, mid, high (a) and low, high, high (b); labels low, low, high and low, mid, high.
    /// </summary>
    private static readonly double[,] SmallLogits = { { 2, 0, 0 }, { 0, 2, 0 }, { 0, 0, 2 }, { 2, 0, 0 }, { 0, 0, 2 }, { 0, 0, 2 } };
    private static readonly double[] SmallLabels = [0, 0, 2, 0, 1, 2];
    private static readonly GroupPartition SmallGroups = GroupPartition.Intersect([new GroupColumn("G", [0, 0, 0, 1, 1, 1], ["a", "b"])]);

    private static CompiledConstraints CompileSmall(params FairnessConstraint[] constraints) =>
        CompiledConstraints.Compile(constraints, [.. constraints.Select(_ => SmallGroups)], dtype: ScalarType.Float64,
            task: new ConstraintTask(TaskLabels.Multiclass(Classes)));

    private static double[] Values(Tensor tensor) => tensor.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();

    private static (Tensor Statistics, double[] C) Exact(CompiledConstraints compiled)
    {
        var statistics = compiled.ExactStatistics(torch.tensor(SmallLogits), torch.tensor(SmallLabels), compiled.Membership(null));
        return (statistics, Values(compiled.Violations(statistics)));
    }

    [TestMethod]
    public void DemographicParity_OfSmallTable_IsHandComputedForEachClass()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = CompileSmall(Fairness.DemographicParity("G", 0.1));

        var (statistics, c) = Exact(compiled);

        CollectionAssert.AreEqual(
            new[] { "low: a - b", "low: b - a", "mid: a - b", "mid: b - a", "high: a - b", "high: b - a" }.Select(row
                => $"DemographicParity(G): {row} <= 0.1").ToArray(),
            compiled.Constraints[0].InequalityNames.ToArray());
        double[] expected = [0, 0, 1 / 3.0, -1 / 3.0, -1 / 3.0, 1 / 3.0];
        for (var i = 0; i < 6; i++) Assert.AreEqual(expected[i] - 0.1, c[i], 1e-12);
        Assert.AreEqual(4, compiled.QuantityCount, "the number of rows, and the predicted of each class");
    }

    [TestMethod]
    public void EqualizedOdds_OfSmallTable_IsHandComputedForEachClass()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = CompileSmall(Fairness.EqualizedOdds("G", 0.1));

        var (statistics, c) = Exact(compiled);

        // TPR of low: 1/2 and 1; of high: 1 and 1; nobody of a is mid. FPR of low: 0 and 0; of mid: 1/3 and 0; of high: 0 and 1/2.
        string[] names = [.. compiled.Constraints[0].InequalityNames];
        double Of(string row) => c[Array.IndexOf(names, $"EqualizedOdds(G): {row} <= 0.1")] + 0.1;
        Assert.AreEqual(-0.5, Of("low: TruePositiveRate: a - b"), 1e-12);
        Assert.AreEqual(0.1, Of("mid: TruePositiveRate: a - b"), 1e-12, "not defined: c is 0");
        Assert.AreEqual(0, Of("high: TruePositiveRate: a - b"), 1e-12);
        Assert.AreEqual(1 / 3.0, Of("mid: FalsePositiveRate: a - b"), 1e-12);
        Assert.AreEqual(0.5, Of("high: FalsePositiveRate: b - a"), 1e-12);
    }

    [TestMethod]
    public void ClassName_RestrictsToItsClass()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = CompileSmall(
            Fairness.DemographicParity("G", 0.1) with { ClassName = "low" },
            Fairness.PredictiveEquality("G", 0.1) with { ClassName = "mid" },
            Fairness.RateAtMost(GroupMetric.SelectionRate, "G", 0.4) with { ClassName = "high", Name = "few" });

        var (statistics, c) = Exact(compiled);

        CollectionAssert.AreEqual(new[] { "DemographicParity(G) of low: a - b <= 0.1", "DemographicParity(G) of low: b - a <= 0.1" },
            compiled.Constraints[0].InequalityNames.ToArray());
        CollectionAssert.AreEqual(new[] { "few: high: a <= 0.4", "few: high: b <= 0.4" },
            compiled.Constraints[2].InequalityNames.ToArray());
        double[] expected = [0 - 0.1, 0 - 0.1, 1 / 3.0 - 0.1, -1 / 3.0 - 0.1, 1 / 3.0 - 0.4, 2 / 3.0 - 0.4];
        AreEqual(expected, c);
    }

    [TestMethod]
    public void AccuracyAndLoss_AreOfAllClassesTogether()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = CompileSmall(Fairness.AccuracyParity("G", 0.1), Fairness.LossParity("G", 0.1),
            Fairness.BoundedGroupLoss("G", 0.1), Fairness.RateAtMost(GroupMetric.ErrorRate, "G", 0.2));

        var (_, c) = Exact(compiled);

        CollectionAssert.AreEqual(new[] { "AccuracyParity(G): a - b <= 0.1", "AccuracyParity(G): b - a <= 0.1" },
            compiled.Constraints[0].InequalityNames.ToArray());
        Assert.AreEqual(8, compiled.Count);
        double right = Math.Log(1 + 2 * Math.Exp(-2)), wrong = right + 2;
        double loss = (2 * right + wrong) / 3, error = 1 / 3.0; // two of three are right in both groups
        AreEqual([-0.1, -0.1, -0.1, -0.1, loss - 0.1, loss - 0.1, error - 0.2, error - 0.2], c);
    }

    [TestMethod]
    public void MetricOfAClassOverQuantitiesOfBothClasses_IsOfThatClass()
    {
        using var scope = torch.NewDisposeScope();

        // The share of the rows on which a class is told from the others that are of it; beside the accuracy, which is of all classes.
        var metric = new GroupMetric("TruePositivesOfCorrect", RowQuantity.TruePositive, RowQuantity.Correct);
        var other = new GroupMetric("FalsePositivesOfIncorrect", RowQuantity.FalsePositive, RowQuantity.Incorrect);
        using var compiled = CompileSmall(Fairness.AccuracyParity("G", 0), Fairness.RateAtMost(metric, "G", 0),
            Fairness.RateAtMost(other, "G", 0) with { ClassName = "mid" });

        var (_, c) = Exact(compiled);

        // a: low is told of 2 of 3 rows (1 positive), mid of 2 (0), high of 3 (1); b: low of 3 (1), mid of 2 (0), high of 2 (1).
        AreEqual([0, 0, 1 / 2.0, 1 / 3.0, 0, 0, 1 / 3.0, 1 / 2.0, 1, 0], c);
    }

    [TestMethod]
    public void ClassThatIsNotThere_IsAnErrorThatListsTheClasses()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => CompileSmall(Fairness.EqualOpportunity("G", 0.1) with { ClassName = "top" }));

        Assert.AreEqual("EqualOpportunity(G) of top: there is no class 'top'; the classes are 'low'; 'mid'; 'high'.", error.Message);
    }

    [TestMethod]
    public void TwoClasses_AgreeWithBinaryClassification() =>
        Prop.ForAll(ConstraintScenario.Any, scenario =>
        {
            using var scope = torch.NewDisposeScope();
            var declarations = BuiltIn.Select(c
                => c.Metrics[0].IsPerClass ? c with { ClassName = "yes", Name = c.Name } : c).ToArray();
            var partitions = scenario.PartitionsOf(BuiltIn);
            using var binary = CompiledConstraints.Compile(BuiltIn, partitions, dtype: ScalarType.Float64);
            using var two = CompiledConstraints.Compile(declarations, partitions, dtype: ScalarType.Float64,
                task: new ConstraintTask(TaskLabels.Multiclass(["no", "yes"])));
            Tensor logits = torch.tensor(scenario.Logits), labels = torch.tensor(scenario.Labels, dtype: ScalarType.Float64),
                membership = binary.Membership(scenario.Weights);
            var both = torch.stack([torch.full([scenario.RowCount], 0.25, dtype: ScalarType.Float64), logits.add(0.25)], 1);

            Tensor exact = binary.ExactStatistics(logits, labels, membership), exactTwo = two.ExactStatistics(both, labels, membership);
            AreEqual(Values(binary.Violations(exact)), Values(two.Violations(exactTwo)));
            AreEqual(Values(binary.SurrogateViolations(logits, labels, membership)),
                Values(two.SurrogateViolations(both, labels, membership)));
        }).CheckSeeded(40);

    [TestMethod]
    public void PermutedClasses_PermuteTheInequalities() =>
        Prop.ForAll(Gen.Choose(1, 30).ToArbitrary(), Gen.Choose(0, 5).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(),
            (rows, order, seed) =>
        {
            using var scope = torch.NewDisposeScope();
            var permutation = new[] { new[] { 0, 1, 2 }, [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] }[order];
            var random = new Random(seed);
            var scenario = new ConstraintScenario(
                new double[rows], new float[rows], [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) / 2f)],
                    [.. Enumerable.Range(0, rows).Select(_ => random.Next(2))], [.. Enumerable.Range(0, rows).Select(_ => random.Next(3))]);
            int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(3))];
            double[][] logits = [.. Enumerable.Range(0, rows)
                .Select(_ => new[] { random.NextDouble() * 4, random.NextDouble() * 4, random.NextDouble() * 4 })];

            Dictionary<string, double> Of(int[] classes)
            {
                // The new class i is the old class classes[i].
                using var compiled = CompiledConstraints.Compile(
                    BuiltIn, scenario.PartitionsOf(BuiltIn), dtype: ScalarType.Float64,
                        task: new ConstraintTask(TaskLabels.Multiclass([.. classes.Select(k => Classes[k])])));
                var output = torch.tensor([.. logits.SelectMany(row => classes.Select(k => row[k]))], [rows, 3]);
                var label = torch.tensor([.. labels.Select(k => (double)Array.IndexOf(classes, k))]);
                var exact = compiled.ExactStatistics(output, label, compiled.Membership(scenario.Weights));
                double[] c = [.. Values(compiled.Violations(exact)),
                    .. Values(compiled.SurrogateViolations(output, label, compiled.Membership(scenario.Weights)))];
                string[] names = [.. compiled.Constraints.SelectMany(x => x.InequalityNames)];
                return names.Select(n => n + " exact").Concat(names.Select(n => n + " surrogate")).Zip(c)
                    .ToDictionary(p => p.First, p => p.Second);
            }

            var before = Of([0, 1, 2]);
            var after = Of(permutation);

            CollectionAssert.AreEquivalent(before.Keys, after.Keys);
            foreach (var (name, value) in before) Assert.AreEqual(value, after[name], 1e-9, name);
        }).CheckSeeded(30);

    [TestMethod]
    public void SurrogateViolations_Gradient_AgreesWithNumericalDifferentiation()
    {
        using var scope = torch.NewDisposeScope();
        FairnessConstraint[] constraints = [Fairness.EqualizedOdds("G", 0.1), Fairness.PredictiveParity("G", 0.1),
            Fairness.FalseOmissionRateParity("G", 0.1) with { ClassName = "mid" }, Fairness.AccuracyParity("G", 0),
            Fairness.LossParity("G", 0), Fairness.RateAtMost(GroupMetric.ErrorRate, "G", 0)];
        using var compiled = CompileSmall(constraints);
        Tensor labels = torch.tensor(SmallLabels), membership = compiled.Membership([1, 2, 1, 0.5f, 1, 1]);
        var coefficients = torch.tensor([.. Enumerable.Range(1, compiled.Count).Select(i => Math.Sin(i))]);
        Tensor Objective(Tensor z) => compiled.SurrogateViolations(z, labels, membership).mul(coefficients).sum();
        var logits = torch.tensor(SmallLogits).mul(0.4);

        var variable = logits.clone().requires_grad_();
        Objective(variable).backward();
        var gradient = Values(variable.grad!);

        Assert.AreEqual(18, gradient.Length);
        for (var i = 0; i < gradient.Length; i++)
        {
            var step = new double[18];
            step[i] = 1e-5;
            var direction = torch.tensor(step, [6, 3]);
            var numerical = (Objective(logits.add(direction)).item<double>() - Objective(logits.sub(direction)).item<double>()) / 2e-5;
            Assert.AreEqual(numerical, gradient[i], 1e-6 * Math.Max(1, Math.Abs(numerical)));
        }
    }

    [TestMethod]
    public void CustomConstraint_IsGivenTheProbabilitiesOfAllClasses()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = CompiledConstraints.Compile(
            [Fairness.Custom("mid", ["G"], 0.1, b => b.GroupMeans(b.Predictions.select(1, 1)))], [SmallGroups], dtype: ScalarType.Float64,
            task: new ConstraintTask(TaskLabels.Multiclass(Classes)), probe: new ProbeRows([0, 0, 2, 0, 1, 2], null));
        Tensor logits = torch.tensor(SmallLogits), labels = torch.tensor(SmallLabels), membership = compiled.Membership(null);

        AreEqual([1 / 3.0, 0], Values(compiled.CustomValues(logits, labels, membership, null)));
        var power = Math.Exp(2 * Math.Log2(3) * 2);
        double other = 1 / (power + 2), own = power / (power + 2);
        AreEqual([(other + own + other) / 3 - 0.1, other - 0.1], Values(compiled.SurrogateViolations(logits, labels, membership)));
    }

    [TestMethod]
    public void ShapesThatDoNotFit_AreAnErrorNotACrash()
    {
        using var scope = torch.NewDisposeScope();
        using var compiled = CompileSmall(Fairness.DemographicParity("G", 0.1));

        var error = Assert.ThrowsExactly<ArgumentException>(()
            => compiled.ExactStatistics(torch.zeros(6, 2, dtype: ScalarType.Float64), torch.tensor(SmallLabels),
            compiled.Membership(null)));

        Assert.AreEqual("Predictions [6, 2] and labels [6] must be [batch, 3] and [batch]. (Parameter 'labels')", error.Message);
    }

    [TestMethod]
    public void Evaluate_LeavesNoTensorAlive()
    {
        var before = torch.Tensor.TotalCount;
        using (var compiled = CompileSmall(Fairness.EqualizedOdds("G", 0.1), Fairness.LossParity("G", 0.1),
            Fairness.AccuracyParity("G", 0.1)))
        using (Tensor logits = torch.tensor(SmallLogits), labels = torch.tensor(SmallLabels), membership = compiled.Membership(null))
        {
            var inputs = torch.Tensor.TotalCount;
            using (Tensor surrogate = compiled.SurrogateViolations(logits, labels, membership),
                exact = compiled.ExactBatch(logits, labels, membership))
            {
                Assert.AreEqual(inputs + 2, torch.Tensor.TotalCount);
            }
        }
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    private static void AreEqual(double[] expected, double[] actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!(double.IsNaN(expected[i]) && double.IsNaN(actual[i]))) Assert.AreEqual(expected[i], actual[i], 1e-9);
    }
}
