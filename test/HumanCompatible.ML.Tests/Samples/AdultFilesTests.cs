using HumanCompatible.ML.Samples;
using HumanCompatible.ML.Samples.Data;

namespace HumanCompatible.ML.Tests.Samples;

[TestClass]
public sealed class AdultFilesTests
{
    private const string FirstRow =
        "39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, 2174, 0, 40, United-States, <=50K";
    private const string SecondRow = "52, ?, 209642, HS-grad, 9, Married-civ-spouse, ?, Husband, Black, Male, 0, 0, 45, ?, >50K";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("adult-test-");

    [TestCleanup]
    public void RemoveFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void Copy_TrainingFile_ReordersColumnsAndLeavesOutTheSurveyWeight()
    {
        Assert.AreEqual(2, AdultFiles.Copy(Write("adult.data", FirstRow, SecondRow, ""), Target));

        var lines = File.ReadAllLines(Target);
        Assert.AreEqual("age,education-num,capital-gain,capital-loss,hours-per-week,workclass,education,marital-status,"
            + "occupation,relationship,race,sex,native-country,income", lines[0]);
        Assert.AreEqual("39,13,2174,0,40,State-gov,Bachelors,Never-married,Adm-clerical,Not-in-family,White,Male,United-States,0",
            lines[1]);
        Assert.AreEqual("52,9,0,0,45,?,HS-grad,Married-civ-spouse,?,Husband,Black,Male,?,1", lines[2]);
    }

    [TestMethod]
    public void Copy_TestFile_SkipsTheCommentAndTheFullStops()
    {
        Assert.AreEqual(2, AdultFiles.Copy(Write("adult.test", "|1x3 Cross validator", FirstRow + ".", SecondRow + ".", ""), Target));

        CollectionAssert.AreEqual(new[] { "0", "1" }, File.ReadLines(Target).Skip(1).Select(line => line.Split(',')[^1]).ToArray());
    }

    [TestMethod]
    public void Copy_TooFewValues_NamesFileAndLine()
    {
        var path = Write("adult.data", FirstRow, "39, State-gov");

        var error = Assert.ThrowsExactly<SampleInputException>(() => AdultFiles.Copy(path, Target));

        Assert.AreEqual($"{path}, line 2: 15 values expected, got 2.", error.Message);
    }

    [TestMethod]
    public void Copy_UnknownLabel_NamesFileLineAndLabel()
    {
        var path = Write("adult.data", FirstRow.Replace("<=50K", "rich"));

        var error = Assert.ThrowsExactly<SampleInputException>(() => AdultFiles.Copy(path, Target));

        Assert.AreEqual($"{path}, line 1: the label must be >50K or <=50K, got 'rich'.", error.Message);
    }

    [TestMethod]
    public void Copy_NoRows_Fails()
    {
        var path = Write("adult.test", "|1x3 Cross validator");

        Assert.AreEqual($"{path} has no rows.", Assert.ThrowsExactly<SampleInputException>(() => AdultFiles.Copy(path, Target)).Message);
    }

    [TestMethod]
    public void In_FindsTheFilesInTheFolderAndInItsSubfolder()
    {
        Assert.IsNull(AdultFiles.In(_folder.FullName));
        var data = Write("adult.data", FirstRow);
        Assert.IsNull(AdultFiles.In(_folder.FullName), "adult.test is missing");
        var test = Write("adult.test", FirstRow);
        Assert.AreEqual(new AdultFiles(data, test), AdultFiles.In(_folder.FullName));

        var parent = _folder.CreateSubdirectory("parent");
        Directory.Move(data, Path.Combine(parent.CreateSubdirectory("adult").FullName, "adult.data"));
        Directory.Move(test, Path.Combine(parent.FullName, "adult", "adult.test"));
        Assert.AreEqual(Path.Combine(parent.FullName, "adult", "adult.data"), AdultFiles.In(parent.FullName)?.TrainingPath);
    }

    private string Target => Path.Combine(_folder.FullName, "copy.csv");

    private string Write(string name, params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
