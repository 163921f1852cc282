using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class DateTextTests
{
    [TestMethod]
    [DataRow("2020-01-05", true)]
    [DataRow("2020/1/5", true)]
    [DataRow("05.01.2020", true)]
    [DataRow("1/5/20", true)]
    [DataRow("20200105", true)]
    [DataRow("2020-01", true)]
    [DataRow("2020-01-05T10:30:00Z", true)]
    [DataRow("2020-01-05 10:30:00.123 +02:00", true)]
    [DataRow("1/5/2020 9:05 PM", true)]
    [DataRow("5 Jan 2020", true)]
    [DataRow("January 5, 2020", true)]
    [DataRow("10:30", true)]
    [DataRow("2020", false)]
    [DataRow("20209905", false)]
    [DataRow("1.5", false)]
    [DataRow("2020-01/05", false)]
    [DataRow("192.168.0.1", false)]
    [DataRow("5-10", false)]
    public void IsDate_Cell_SaysWhether(string cell, bool expected) => Assert.AreEqual(expected, DateText.IsDate(cell));
}
