using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Csv;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class CsvProblemTests
{
    [TestMethod]
    [DataRow("--label Hired: FILE has no column 'Hired'; did you mean 'hired'?", "--label", "Hired")]
    [DataRow("--label pay: FILE has no column 'pay'; it has 'age', 'hours', 'job', 'code', 'sex', 'city', 'hired'.", "--label", "pay")]
    [DataRow("--positive 1: the label 'hired' of FILE has no such value; it has 'no', 'yes'.", "--positive", "1")]
    [DataRow("--group gender: FILE has no column 'gender'; it has 'age', 'hours', 'job', 'code', 'sex', 'city', 'hired'.", "--group",
        "gender")]
    [DataRow("--group hired: that is the label.", "--group", "hired")]
    [DataRow("--group sex,sex: 'sex' is named more than once.", "--group", "sex,sex")]
    [DataRow("--group sex,: a name is empty.", "--group", "sex,")]
    [DataRow("--drop pay: FILE has no column 'pay'; it has 'age', 'hours', 'job', 'code', 'sex', 'city', 'hired'.", "--drop", "pay")]
    [DataRow("--numeric sex: --group names it, too, and the values of a group column are categories.", "--numeric", "sex")]
    [DataRow("Column 'city': most of its cells are no numbers ('Oslo', 'Bonn', 'Rome'). Name it in --categorical or --drop.", "--numeric",
        "city")]
    [DataRow("--weight sex: --group names it, too.", "--weight", "sex")]
    [DataRow("--weight job: --categorical names it, too.", "--weight", "job", "--categorical", "job")]
    [DataRow("Column 'city': most of its cells are no numbers ('Oslo', 'Bonn', 'Rome'). Every row needs a weight.", "--weight", "city")]
    [DataRow("--weight age: '' is no number. Every row needs a weight.", "--weight", "age")]
    [DataRow("--where \"sex\": must be written as column=value1|value2, a column or value in double quotes as "
        + "\"column\"=\"value1\"|value2.", "--where", "\"sex\"")]
    [DataRow("--where \"sex=Male: must be written as column=value1|value2, a column or value in double quotes as "
        + "\"column\"=\"value1\"|value2.", "--where", "\"sex=Male")]
    [DataRow("--where se\"x: FILE has no column 'se\"x'; it has 'age', 'hours', 'job', 'code', 'sex', 'city', 'hired'.", "--where",
        "\"se\"\"x\"=Male")]
    [DataRow("--where sex=: must be written as column=value1|value2.", "--where", "sex=")]
    [DataRow("--where sex: FILE has no row with the value 'Other'; it has 'Female', 'Male'.", "--where", "sex=Male|Other")]
    [DataRow("FILE: the label 'hired' of all rows to train on is 'yes': there is nothing to tell apart.", "--where", "hired=yes")]
    [DataRow("FILE: all rows to train on are of the group 'Male' of 'sex': there is nothing to compare.", "--where", "sex=Male")]
    [DataRow(
        "--constraint gini:0.1: there is no constraint 'gini'; there are dp (demographic parity), di (disparate impact, a ratio), eo "
        + "(equalized odds), eopp (equal opportunity), fpr (predictive equality), acc (accuracy parity), ppv (predictive parity), for "
        + "(false omission rate parity), loss (loss parity).", "--constraint", "gini:0.1")]
    [DataRow("--constraint dp: must be written as dp:BOUND, with a point before the fraction, such as dp:0.05.", "--constraint", "dp")]
    [DataRow("--constraint dp:small: must be written as dp:BOUND, with a point before the fraction, such as dp:0.05.", "--constraint",
        "dp:small")]
    [DataRow("--constraint dp:1.5: the bound must be a number from 0 to 1, got 1.5.", "--constraint", "dp:1.5")]
    [DataRow("--constraint loss:-1: the bound must be a finite number of at least 0, got -1.", "--constraint", "loss:-1")]
    [DataRow("--constraint dp: 'city' is not one of the columns of --group ('sex').", "--constraint", "dp:0.1@city")]
    [DataRow("--constraint: DemographicParity(sex) is declared 2 times.", "--constraint", "dp:0.1", "--constraint", "dp:0.2")]
    [DataRow("--seeds 5-1: must be whole numbers or ranges between commas, such as 1-5 or 1,3,7.", "--seeds", "5-1")]
    [DataRow("--seeds 1-99999999: these are more than 1000 seeds.", "--seeds", "1-99999999")]
    [DataRow("--test-fraction and --test exclude each other.", "--test-fraction", "0.3", "--test", "t.csv")]
    [DataRow("There is no file no-such-file.csv.", "--test", "no-such-file.csv")]
    [DataRow("--separator colon: must be comma, semicolon, tab or one ASCII character other than a double quote and #.", "--separator",
        "colon")]
    [DataRow("--separator #: must be comma, semicolon, tab or one ASCII character other than a double quote and #.", "--separator", "#")]
    [DataRow(
        "--group age,hours,job: 60 different combinations of values in 60 rows: that names rows, not groups (age 34, hours 40, job 9).",
        "--group", "age,hours,job")]
    [DataRow("No column is left as a feature.", "--drop", "age,hours,job,code,sex,city")]
    public async Task Run_UnusableArgument_SaysWhyAndExitsWithOne(string expected, params string[] changed)
    {
        using var folder = new CsvFolder();
        var file = folder.WritePeople("people.csv", rows: 60);
        var arguments = new List<string> { "--file", file };
        foreach (var (option, value) in new[] { ("--label", "hired"), ("--positive", "yes"), ("--group", "sex") })
        {
            if (!changed.Contains(option))
                arguments.AddRange([option, value]);
        }

        var (exitCode, _, error) = await CsvFolder.Run([.. arguments, .. changed]);

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual("Error: " + expected.Replace("FILE", file, StringComparison.Ordinal) + Environment.NewLine, error);
    }

    [TestMethod]
    [DataRow("--confidence must be above 0.5 and below 1, got 95.", "--confidence", "95")]
    [DataRow("--confidence must be a number with a point before its fraction, such as 0.95, got 0,95.", "--confidence", "0,95")]
    [DataRow("--test-fraction must be above 0 and below 1, got 1.", "--test-fraction", "1")]
    [DataRow("--test-fraction must be a number with a point before its fraction, such as 0.3, got 0,3.", "--test-fraction", "0,3")]
    [DataRow("--test-fraction must be a number with a point before its fraction, such as 0.3, got 30%.", "--test-fraction", "30%")]
    [DataRow("--skip-test-lines must be at least 0, got -1.", "--skip-test-lines", "-1")]
    [DataRow("--min-group must be a whole number without signs between thousands, such as 1000, got 1,000.", "--min-group", "1,000")]
    [DataRow("--constraint dp:0,05: must be written as dp:BOUND, with a point before the fraction, such as dp:0.05.", "--constraint",
        "dp:0,05")]
    [DataRow("--constraint dp:05: must be written as dp:BOUND, with a point before the fraction, such as dp:0.05.", "--constraint",
        "dp:05")]
    public async Task Run_NumberInAnotherForm_ShowsTheForm(string expected, string option, string value)
    {
        using var folder = new CsvFolder();

        var (exitCode, output, error) = await CsvFolder.Run("--file", folder.WritePeople("people.csv", rows: 60), "--label", "hired",
            "--positive", "yes", "--group", "sex", option, value);

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual("", output);
        StringAssert.StartsWith(error, "Error: " + expected + Environment.NewLine);
    }

    [TestMethod]
    public async Task Run_GroupWithoutPositives_PassesOnWhatTheLibrarySays()
    {
        using var folder = new CsvFolder();
        var file = folder.Write("t.csv", "x,g,y\n"
            + string.Concat(Enumerable.Range(0, 60).Select(row => $"{row},{(row % 2 == 0 ? "a" : "b")},{(row % 4 == 0 ? 1 : 0)}\n")));

        var (exitCode, _, error) = await CsvFolder.Run("--file", file, "--label", "y", "--positive", "1", "--group", "g", "--constraint",
            "eo:0.1");

        Assert.AreEqual(1, exitCode);
        StringAssert.StartsWith(error, "Error: EqualizedOdds(g): ");
        StringAssert.Contains(error,
            "EqualizedOdds(g): fewer than two groups of the training data have positive rows: there is nothing to compare. Left out: b (no "
            + "positive rows, so that only its other rates are bound).");
    }

    // In a row to test on, which no training reads.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Run_NegativeWeight_NamesTheLine(bool isOfTestTable)
    {
        using var folder = new CsvFolder();
        string Table(string name, string weight) => folder.Write(name, "x,g,w,y\n" + string.Concat(Enumerable.Range(0, 60).Select(row
            => $"{row},{(row % 2 == 0 ? "a" : "b")},{(row == 7 ? weight : "1.5")},{row / 2 % 2}\n")));

        var (exitCode, _, error) = await CsvFolder.Run("--file", Table("t.csv", isOfTestTable ? "2" : "-0.5"), "--test",
            Table("test.csv", isOfTestTable ? "-0.5" : "3"), "--label", "y", "--positive", "1", "--group", "g", "--weight", "w");

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual($"Error: --weight w: '-0.5' (on line 9) is below 0.{Environment.NewLine}", error);
    }

    [TestMethod]
    public async Task Run_JsonThroughALink_WritesWhatItPointsTo()
    {
        using var folder = new CsvFolder();
        var (target, link) = (folder.Write("target.json", "before"), folder.PathOf("link.json"));
        File.CreateSymbolicLink(link, target);

        var (exitCode, _, error) = await CsvFolder.Run("--file", folder.WritePeople("people.csv", rows: 100), "--label", "hired",
            "--positive", "yes", "--group", "sex", "--json", link);

        Assert.AreEqual(0, exitCode, error);
        Assert.IsNotNull(new FileInfo(link).LinkTarget, "the link stays");
        Assert.Contains("people.csv", File.ReadAllText(target));
    }

    [TestMethod]
    public void Train_WhatTheLibraryRefuses_IsBadInputWithItsExceptionInside()
    {
        using var folder = new CsvFolder();
        var options = Options(folder.Write("t.csv", "x,g,y\n"
            + string.Concat(Enumerable.Range(0, 60).Select(row => $"{row},{(row % 2 == 0 ? "a" : "b")},{(row % 4 == 0 ? 1 : 0)}\n"))));

        var problem = Assert.ThrowsExactly<SampleInputException>(() => CsvTraining.Run(CsvData.Load(options, _ => { }), options,
            [Fairness.EqualizedOdds(["g"], 0.1)], seed: 1, CancellationToken.None));

        Assert.IsInstanceOfType<InvalidOperationException>(problem.InnerException);
        Assert.AreEqual(problem.InnerException.Message, problem.Message);
    }

    [TestMethod]
    public void Train_WhatNoInputCauses_IsNotCalledBadInput()
    {
        using var folder = new CsvFolder();
        var options = Options(folder.Write("t.csv", "x,g,y\n"
            + string.Concat(Enumerable.Range(0, 60).Select(row => $"{row},{(row % 2 == 0 ? "a" : "b")},{row / 2 % 2}\n"))));
        var data = CsvData.Load(options, _ => { });

        Assert.Throws<ArgumentException>(() => CsvTraining.Run(data with { Numeric = ["no such column"] }, options, [], seed: 1,
            CancellationToken.None));
        Assert.ThrowsExactly<InvalidOperationException>(() => CsvTraining.Refusing(1, () => Array.Empty<int>().First()));
    }

    private static CsvOptions Options(string file) => new() { File = file, Label = "y", Positive = "1", Groups = ["g"] };

    [TestMethod]
    [DataRow("--json")]
    [DataRow("--model")]
    public async Task Run_FileCannotBeWritten_SaysSoBeforeReading(string option)
    {
        using var folder = new CsvFolder();

        var (exitCode, output, error) = await CsvFolder.Run("--file", "no-such-file.csv", "--label", "y", "--positive", "1", "--group",
            "g", option, folder.PathOf("no-such-folder/out"));

        Assert.AreEqual(1, exitCode);
        Assert.AreEqual("", output);
        StringAssert.Contains(error, $"there is no folder {folder.PathOf("no-such-folder")}.");
    }
}
