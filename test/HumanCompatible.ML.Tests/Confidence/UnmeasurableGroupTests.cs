using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Tests.Confidence;

[TestClass]
public sealed class UnmeasurableGroupTests
{
    [TestMethod]
    [DataRow(nameof(GroupMetric.SelectionRate), 95, "'B': 95 rows, about 400 needed")]
    [DataRow(nameof(GroupMetric.SelectionRate), 1, "'B': 1 row, about 400 needed")]
    [DataRow(nameof(GroupMetric.SelectionRate), 0, "'B': no row that counts in full, about 400 needed")]
    [DataRow(nameof(GroupMetric.TruePositiveRate), 0, "'B': no positive row that counts in full, about 400 needed")]
    [DataRow(nameof(GroupMetric.TruePositiveRate), 7, "'B': 7 positive rows, about 400 needed")]
    [DataRow(nameof(GroupMetric.FalsePositiveRate), 1, "'B': 1 negative row, about 400 needed")]
    [DataRow(nameof(GroupMetric.PositivePredictiveValue), 7, "'B': 7 positive predictions, about 400 needed")]
    [DataRow(nameof(GroupMetric.FalseOmissionRate), 1, "'B': 1 negative prediction, about 400 needed")]
    public void ToString_NamesTheRowsThatTheRateIsCountedOver(string metric, int rows, string expected)
        => Assert.AreEqual(expected,
            new UnmeasurableGroup("B", GroupMetric.Every.Single(other => other.Name == metric), rows, 400).ToString());

    [TestMethod]
    [DataRow(399, "'B': 399 rows, about 400 needed")]
    [DataRow(400, "'B': 400 rows, enough where those it is compared with have about 400")]
    public void ToString_OfAGroupWithRowsEnough_SaysThatOthersLackThem(int rows, string expected)
        => Assert.AreEqual(expected, new UnmeasurableGroup("B", GroupMetric.SelectionRate, rows, 400).ToString());

    [TestMethod]
    public void ToString_OfAClass_NamesIt()
    {
        UnmeasurableGroup recall = new("B", GroupMetric.TruePositiveRate, 7, 400, className: "x"),
            selection = new("B", GroupMetric.SelectionRate.OfClass(1, "x"), 7),
            none = new("B", GroupMetric.SelectionRate.OfClass(1, "x"), 0);

        Assert.AreEqual(("x", "x"), (recall.ClassName, selection.ClassName));
        Assert.AreEqual("'B': 7 rows of class 'x', about 400 needed", recall.ToString());
        Assert.AreEqual("'B': 7 rows for class 'x', no number of which is enough", selection.ToString());
        Assert.AreEqual("'B': no row for class 'x' that counts in full, no number of which is enough", none.ToString());
    }
}
