using System.Globalization;
using HumanCompatible.ML.Data;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Data;

[TestClass]
public sealed class FeatureMatrixTests
{
    [TestMethod]
    public void Add_MoreRowsThanExpected_KeepsAllAndNamesTheFirstBadSlot()
    {
        var matrix = new FeatureMatrix(2, expectedRows: 1);

        Assert.AreEqual(-1, matrix.Add(new VBuffer<float>(2, [1, 2])));
        Assert.AreEqual(-1, matrix.Add(new VBuffer<float>(2, 1, [4], [1])));
        Assert.AreEqual(1, matrix.Add(new VBuffer<float>(2, [5, float.NaN])));
        matrix.Trim();

        Assert.AreEqual(3, matrix.RowCount);
        CollectionAssert.AreEqual(new[] { 1, 2, 0, 4, 5, float.NaN }, matrix.Values);
    }

    [TestMethod]
    public void TooLarge_UnderAnotherCulture_SpeaksTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberGroupSeparator = "'";
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.AreEqual("The features need more than 2,147,483,591 numbers (300 slots, over 7,158,278 rows): train on a sample.",
                FeatureMatrix.TooLarge(300, 7_158_278));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
