using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Tests.Groups;

[TestClass]
public sealed class GroupPartitionTests
{
    private static readonly GroupColumn Sex = new("Sex", [0, 1, 1, 0, 1], ["Female", "Male"]);
    private static readonly GroupColumn Race = new("Race", [1, 0, 1, 1, 1], ["Black", "White"]);

    [TestMethod]
    public void Intersect_TwoColumns_GivesTheCombinationsThatOccurInOrderOfTheirCodes()
    {
        var partition = GroupPartition.Intersect([Sex, Race]);

        CollectionAssert.AreEqual(new[] { "Female, White", "Male, Black", "Male, White" }, partition.GroupNames.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 0, 2 }, partition.GroupOfRow);
        CollectionAssert.AreEqual(new[] { 2, 1, 2 }, partition.Counts.ToArray());
        CollectionAssert.AreEqual(new[] { "Sex", "Race" }, partition.ColumnNames.ToArray());
    }

    [TestMethod]
    public void Intersect_ValuesWithCommas_AreQuotedSoThatNamesStayDistinct()
    {
        var partition = GroupPartition.Intersect([new("A", [0, 1], ["x", "x, y"]), new("B", [1, 0], ["z", "y, z"])]);

        CollectionAssert.AreEqual(new[] { "x, \"y, z\"", "\"x, y\", z" }, partition.GroupNames.ToArray());
    }

    [TestMethod]
    public void Intersect_OneColumn_KeepsNamesAsTheyAreAndDropsValuesThatDoNotOccur()
    {
        var partition = GroupPartition.Intersect([new("A", [2, 0], ["x, y", "never", "z"])]);

        CollectionAssert.AreEqual(new[] { "x, y", "z" }, partition.GroupNames.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 0 }, partition.GroupOfRow);
    }

    [TestMethod]
    public void WithoutGroupsBelow_SmallGroup_IsExcludedWithItsRowsAndNamed()
    {
        var partition = GroupPartition.Intersect([Sex, Race]).WithoutGroupsBelow(2);

        CollectionAssert.AreEqual(new[] { "Female, White", "Male, White" }, partition.GroupNames.ToArray());
        CollectionAssert.AreEqual(new[] { 0, GroupPartition.Excluded, 1, 0, 1 }, partition.GroupOfRow);
        CollectionAssert.AreEqual(new[] { "Male, Black" }, partition.ExcludedGroups.ToArray());
        CollectionAssert.AreEqual(new[] { 2, 2 }, partition.Counts.ToArray());
    }

    [TestMethod]
    public void WithoutMissingValues_DropsEveryGroupThatMissesAValueInOneColumn()
    {
        GroupColumn sex = new("Sex", [0, 1, 0, 1, 2], ["(missing)", "Female", "Male"]) { MissingCode = 0 };
        GroupColumn age = new("Age", [0, 1, 1, 0, 0], ["old", "(missing)"]) { MissingCode = 1 };

        var partition = GroupPartition.Intersect([sex, age]);
        var known = partition.WithoutMissingValues();

        CollectionAssert.AreEqual(new[] { "(missing), old", "(missing), (missing)", "Female, (missing)" },
            partition.MissingGroups.Select(g => partition.GroupNames[g]).ToArray());
        CollectionAssert.AreEqual(new[] { "Female, old", "Male, old" }, known.GroupNames.ToArray());
        CollectionAssert.AreEqual(new[] { -1, -1, -1, 0, 1 }, known.GroupOfRow);
        Assert.IsEmpty(known.MissingGroups);
    }

    [TestMethod]
    public void Intersect_AColumnWithoutMissingValues_NamesNoGroupMissingWhateverItsNames()
        => Assert.IsEmpty(GroupPartition.Intersect([new GroupColumn("A", [0, 1], ["(missing)", "x"])]).MissingGroups);

    [TestMethod]
    public void Without_AGroupBeforeAMissingOne_KeepsTrackOfTheMissingOne()
    {
        var partition = GroupPartition.Intersect(
            [new GroupColumn("A", [0, 1, 2, 2], ["a", "b", "(missing)"]) { MissingCode = 2 }]);

        var rest = partition.Without((name, _) => name == "a");

        CollectionAssert.AreEqual(new[] { 1 }, rest.MissingGroups.ToArray());
        CollectionAssert.AreEqual(new[] { "b" }, rest.WithoutMissingValues().GroupNames.ToArray());
        CollectionAssert.AreEqual(new[] { "a", "(missing)" }, rest.WithoutMissingValues().ExcludedGroups.ToArray());
    }

    [TestMethod]
    public void Intersect_ColumnsOfDifferentLengths_IsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => GroupPartition.Intersect([Sex, new("Race", [0], ["Black"])]));

        Assert.AreEqual("Group column 'Race' has 1 rows, but 'Sex' has 5. (Parameter 'columns')", error.Message);
    }

    [TestMethod]
    public void Whole_PutsAllRowsIntoOneGroup()
    {
        var partition = GroupPartition.Whole(3);

        CollectionAssert.AreEqual(new[] { 0, 0, 0 }, partition.GroupOfRow);
        CollectionAssert.AreEqual(new[] { GroupPartition.AllRows }, partition.GroupNames.ToArray());
    }
}
