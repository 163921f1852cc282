using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Tests.Groups;

[TestClass]
public sealed class GroupPartitionsTests
{
    private static readonly GroupPartition Sex = new(["Sex"], [0, 1, 0, -1, -1, 1], ["f", "m"], [2, 2]);
    private static readonly GroupPartition Age = new(["Age"], [0, 0, 0, 0, -1, 1], ["old", "young"], [4, 1]);

    [TestMethod]
    public void Cells_AreTheCombinationsOfAllPartitionsAndNone()
    {
        CollectionAssert.AreEqual(new[] { 0, 1, 0, 2, 3, 4 }, Of([Sex, Age, Sex]).Cells(new int[6]));
        CollectionAssert.AreEqual(new int[3], Of([]).Cells(new int[3]));
    }

    [TestMethod]
    public void Cells_OfClasses_DivideEachCellByClass()
    {
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 3, 1 }, Of([Sex]).Cells([1, 0, 0, 1, 1, 0]));
        CollectionAssert.AreEqual(new[] { 1, 0, 1 }, Of([]).Cells([1, 0, 1]));
    }

    [TestMethod]
    public void By_EqualKeys_ShareOnePartitionEvenWhereEachCallMakesAnother()
    {
        var made = new List<int>();
        var partitions = GroupPartitions.By(["a", "b", "a"], constraint =>
        {
            made.Add(constraint);
            return Sex with { Counts = [made.Count] };
        });

        CollectionAssert.AreEqual(new[] { 0, 1 }, made);
        CollectionAssert.AreEqual(new[] { 0, 1, 0 }, partitions.OfConstraint);
        Assert.HasCount(2, partitions.Distinct);
        Assert.AreEqual(3, partitions.Count);
        CollectionAssert.AreEqual(new[] { 1, 2, 1 }, partitions.Select(partition => partition.Counts[0]).ToArray());
    }

    [TestMethod]
    public void Take_KeepsTheGroupsAndCountsTheirRows()
    {
        var taken = new GroupPartitions([Sex, Age], [1, 0]).Take([5, 3, 1]);

        CollectionAssert.AreEqual(new[] { 1, 0, 0 }, taken[0].GroupOfRow);
        CollectionAssert.AreEqual(new[] { 2, 1 }, taken[0].Counts.ToArray());
        CollectionAssert.AreEqual(new[] { 1, -1, 1 }, taken[1].GroupOfRow);
        CollectionAssert.AreEqual(new[] { 0, 2 }, taken[1].Counts.ToArray());
        CollectionAssert.AreEqual(new[] { "f", "m" }, taken[1].GroupNames.ToArray());
    }

    [TestMethod]
    public void Match_OtherData_HaveTheTrainingGroupsAndAreToldOnceWhatTheyLack()
    {
        var training = new GroupPartitions([Sex, Sex.Without((name, _) => name == "f"), Age], [0, 1, 2, 0]);
        var other = new GroupPartitions([new(["Sex"], [0, 1, 2], ["f", "m", "x"], [1, 1, 1]), new(["Age"], [0, 0, 0], ["old"], [3])],
            [0, 0, 1, 0]);

        var matched = other.Match(training, out var warnings);

        CollectionAssert.AreEqual(training.OfConstraint, matched.OfConstraint);
        CollectionAssert.AreEqual(new[] { 0, 1, -1 }, matched[0].GroupOfRow);
        CollectionAssert.AreEqual(new[] { -1, 0, -1 }, matched[1].GroupOfRow, "a group that is left out is not unseen, but counts nowhere");
        CollectionAssert.AreEqual(new[] { "old", "young" }, matched[2].GroupNames.ToArray());
        CollectionAssert.AreEqual(new[] { 3, 0 }, matched[2].Counts.ToArray());
        CollectionAssert.AreEqual(new[]
        {
            "The validation data have groups of 'Sex' that the training data lack: 'x'. Their rows count for the accuracy, not for the "
            + "constraints.",
        }, warnings.ToArray());
    }

    [TestMethod]
    public void WithoutRows_LeavesTheGroupsAndTheirNames()
    {
        var rest = Sex.WithoutRows((group, row) => group == 1 && row > 1);

        CollectionAssert.AreEqual(new[] { 0, 1, 0, -1, -1, -1 }, rest.GroupOfRow);
        CollectionAssert.AreEqual(new[] { 2, 1 }, rest.Counts.ToArray());
    }

    private static GroupPartitions Of(GroupPartitions partitions) => partitions;
}
