using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Constraints.Compiled;

[TestClass]
public sealed class InequalitySystemTests
{
    private static readonly FairnessConstraint[] Declarations =
    [
        Fairness.DemographicParity("A", 0.05),
        Fairness.EqualizedOdds("A", 0.1),
        Fairness.PredictiveParity("A", 0.1),
        Fairness.DisparateImpact("A", 0.8) with { Name = "ratio" },
        Fairness.DemographicParity("A", 0.1) with { Baseline = GroupBaseline.Overall, Name = "overall" },
    ];

    [TestMethod]
    public void Violations_ManagedAndTensorForms_AgreeWhereTheyAreDefined()
    {
        using var scope = torch.NewDisposeScope();
        var random = new Random(3);
        var rows = 400;
        // Group 3 has no positive row, so that some rates are not defined.
        var groups = Enumerable.Range(0, rows).Select(_ => random.Next(4)).ToArray();
        var labels = groups.Select(group => group != 3 && random.NextDouble() < 0.4 ? 1f : 0f).ToArray();
        var partition = GroupPartition.Intersect([new GroupColumn("A", groups, ["a", "b", "c", "d"])]);
        using var compiled = CompiledConstraints.Compile(Declarations, [.. Declarations.Select(_ => partition)],
            dtype: torch.ScalarType.Float64);
        var logits = torch.tensor(Enumerable.Range(0, rows).Select(_ => random.NextDouble() - 0.5).ToArray());
        var statistics = compiled.ExactStatistics(logits, torch.tensor(labels).to_type(torch.ScalarType.Float64),
            compiled.Membership(null));

        var managed = new double[compiled.Count];
        compiled.Violations(statistics.contiguous().data<double>().ToArray(), managed);

        var tensor = compiled.Violations(statistics).data<double>().ToArray();
        Assert.IsTrue(managed.Any(double.IsNaN), "a rate should be undefined");
        for (var index = 0; index < tensor.Length; index++)
        {
            Assert.AreEqual(tensor[index], double.IsNaN(managed[index]) ? 0 : managed[index], 1e-12,
                compiled.Constraints.SelectMany(constraint => constraint.InequalityNames).ElementAt(index));
        }
    }
}
