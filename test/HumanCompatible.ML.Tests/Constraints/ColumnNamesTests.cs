using HumanCompatible.ML.Constraints;

namespace HumanCompatible.ML.Tests.Constraints;

[TestClass]
public sealed class ColumnNamesTests
{
    [TestMethod]
    public void Conversions_OfANameAnArrayAndACollectionExpression_NameTheSameColumns()
    {
        ColumnNames one = "Sex", array = new[] { "Sex" }, expression = ["Sex"], several = ["Sex", "Race"];

        Assert.AreEqual(one, array);
        Assert.AreEqual(one, expression);
        Assert.IsTrue(one == expression && one.GetHashCode() == expression.GetHashCode());
        Assert.AreNotEqual(one, several);
        Assert.AreNotEqual<ColumnNames>(several, ["Race", "Sex"]);
        CollectionAssert.AreEqual(new[] { "Sex", "Race" }, several.ToArray());
        Assert.AreEqual("Race", several[1]);
        Assert.AreEqual("[Sex, Race]", several.ToString());
    }

    [TestMethod]
    public void Default_IsNoColumn()
    {
        Assert.AreEqual(default(ColumnNames), (ColumnNames)[]);
        Assert.IsEmpty(default(ColumnNames));
        Assert.AreEqual("[]", default(ColumnNames).ToString());
    }

    [TestMethod]
    public void Conversion_OfAnArrayThatIsNull_IsRefused()
        => Assert.ThrowsExactly<ArgumentNullException>(() => (ColumnNames)(string[])null!);
}
