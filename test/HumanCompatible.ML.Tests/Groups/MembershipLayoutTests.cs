using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Groups;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Groups;

[TestClass]
public sealed class MembershipLayoutTests
{
    private static readonly GroupPartition Sex = new(["Sex"], [0, 1, -1], ["f", "m"], [1, 1]);
    private static readonly GroupPartition Age = new(["Age"], [0, 0, 1], ["old", "young"], [2, 1]);

    private static readonly FairnessConstraint[] Constraints =
    [
        Fairness.DemographicParity("Sex", 0.1),
        Fairness.DemographicParity("Age", 0.1),
        Fairness.EqualOpportunity("Sex", 0.1) with { Baseline = GroupBaseline.Overall },
    ];

    [TestMethod]
    public void ColumnOf_ConstraintsOfOnePartition_ShareColumns()
    {
        var layout = new MembershipLayout(Constraints, new GroupPartitions([Sex, Age], [0, 1, 0]));

        Assert.AreEqual(5, layout.ColumnCount);
        Assert.AreEqual(1, layout.ColumnOf(0, 1));
        Assert.AreEqual(1, layout.ColumnOf(2, 1));
        Assert.AreEqual(2, layout.ColumnOf(2, RateTerm.Overall));
        Assert.AreEqual(3, layout.ColumnOf(1, 0));
    }

    [TestMethod]
    public void Expand_OfCompactRows_HasTheirWeightsInTheColumnsOfTheirGroups()
    {
        using var scope = torch.NewDisposeScope();
        var layout = new MembershipLayout(Constraints, new GroupPartitions([Sex, Age], [0, 1, 0]));
        var compact = torch.tensor(layout.Compact([0, 1, 2], [2, 3, 0.5f]), [3, layout.CompactWidth]);

        var matrix = layout.Expand(compact);

        CollectionAssert.AreEqual(new long[] { 3, 5 }, matrix.shape);
        CollectionAssert.AreEqual(new[] { 2, 0, 2, 2, 0, 0, 3, 3, 3, 0, 0, 0, 0, 0, 0.5f }, matrix.contiguous().data<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { 0, 3, 3, 3, 0 },
            layout.Expand(compact.narrow(0, 1, 1)).contiguous().data<float>().ToArray());
    }

    [TestMethod]
    public void Expand_InMemoryAndByTensors_GiveTheSame()
    {
        using var scope = torch.NewDisposeScope();
        var layout = new MembershipLayout(Constraints, new GroupPartitions([Sex, Age], [0, 1, 0]));
        var compact = torch.tensor(layout.Compact([2, 0, 1], [2, 3, 0.5f]), [3, layout.CompactWidth]);
        var beside = torch.cat([torch.full(3, 2, 7f), compact], 1);

        var doubles = layout.Expand(beside.to_type(torch.ScalarType.Float64), 2);

        Assert.AreEqual(torch.ScalarType.Float64, doubles.dtype);
        CollectionAssert.AreEqual(doubles.to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray(),
            layout.Expand(beside, 2).contiguous().data<float>().ToArray());
    }

    [TestMethod]
    public void Compact_MoreRowsTimesGroupsThanAnArrayHolds_TakesTwoNumbersARow()
    {
        const int Rows = 2_500_000, Groups = 1_000;
        var partition = new GroupPartition(["Zip"], new int[Rows], [.. Enumerable.Range(0, Groups).Select(i => $"z{i}")], new int[Groups]);

        var layout = new MembershipLayout([Fairness.DemographicParity("Zip", 0.1)], [partition]);

        Assert.AreEqual(2 * Rows, layout.Compact([.. Enumerable.Range(0, Rows).Select(row => (long)row)], null).Length);
    }
}
