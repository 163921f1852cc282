using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace PlatformContract.Tests.ML.Catalogs;

/// <summary>The data path of a user, on the UCI Adult table: from the text file to a saved pipeline's features.</summary>
[TestClass]
public sealed class AdultPipelineTests
{
    private static readonly string[] Names =
    [
        "age", "workclass", "fnlwgt", "education", "educationNum", "marital", "occupation", "relationship", "race", "sex", "gain", "loss", "hours", "country", "income",
    ];

    private static readonly string[] Numeric = ["age", "educationNum", "gain", "loss", "hours"];

    private readonly MLContext ml = new(seed: 1);

    private static string AdultFile()
    {
        var candidates = new List<string?> { Environment.GetEnvironmentVariable("HUMANCOMPATIBLE_DATA") };
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            candidates.Add(Path.Combine(folder.FullName, "shared", "data"));
        }

        string? found = candidates.Where(folder => folder != null).Select(folder => Path.Combine(folder!, "adult", "adult.data")).FirstOrDefault(File.Exists);
        if (found == null)
        {
            Assert.Inconclusive("The Adult table is not here: set HUMANCOMPATIBLE_DATA to the folder that holds adult/adult.data.");
        }

        return found!;
    }

    private IDataView Load()
    {
        var columns = Names.Select((name, i) => new TextLoader.Column(name, name == "fnlwgt" || Numeric.Contains(name) ? DataKind.Single : DataKind.String, i)).ToArray();
        return ml.Data.LoadFromTextFile(AdultFile(), columns, separatorChar: ',', trimWhitespace: true);
    }

    private IEstimator<ITransformer> Pipeline()
    {
        string[] categorical = [.. Names.Except(Numeric).Except(["fnlwgt", "income"])];
        return ml.Transforms.ReplaceMissingValues([.. Numeric.Select(name => new InputOutputColumnPair(name))], MissingValueReplacingEstimator.ReplacementMode.Mean)
            .Append(ml.Transforms.Categorical.OneHotEncoding([.. categorical.Select(name => new InputOutputColumnPair(name))]))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", "income", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            .Append(ml.Transforms.Concatenate("Features", [.. Numeric, .. categorical]))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"));
    }

    [TestMethod]
    public void Table_HasItsPublishedCounts()
    {
        var data = Load();
        string[] incomes = Observed.Texts(data, "income");
        Assert.HasCount(32561, incomes);
        Assert.AreEqual(7841, incomes.Count(income => income == ">50K"));
        Assert.AreEqual(10771, Observed.Texts(data, "sex").Count(sex => sex == "Female"));
        Assert.AreEqual(1836, Observed.Texts(data, "workclass").Count(work => work == "?"));
    }

    [TestMethod]
    public void Features_AreScaledToUnitMeanSquareAndNamed()
    {
        var data = Load();
        var view = ml.Data.Cache(Pipeline().Fit(data).Transform(data), "Features");
        string[] names = Observed.SlotNames(view, "Features");
        Assert.HasCount(107, names);
        CollectionAssert.AreEqual(new[] { "age", "educationNum", "gain", "loss", "hours", "workclass.State-gov" }, names[..6]);
        Assert.AreEqual("country.Holand-Netherlands", names[^1]);
        Assert.IsTrue(view.Schema["Features"].IsNormalized());

        double[] squares = new double[107];
        int rows = 0;
        foreach (var vector in view.GetColumn<VBuffer<float>>("Features"))
        {
            Assert.IsFalse(vector.IsDense);
            foreach (var (slot, value) in vector.Items())
            {
                squares[slot] += (double)value * value;
            }

            rows++;
        }

        foreach (double sum in squares)
        {
            Assert.AreEqual(1, sum / rows, 1e-5);
        }
    }

    [TestMethod]
    public void SplitSavedAndLoaded_SameFeaturesOfTheSameRows()
    {
        var split = ml.Data.TrainTestSplit(Load(), testFraction: 0.3, seed: 7);
        var model = Pipeline().Fit(split.TrainSet);
        using var stream = new MemoryStream();
        ml.Model.Save(model, split.TrainSet.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _);

        float[][] expected = Observed.FloatVectors(model.Transform(split.TestSet), "Features");
        float[][] actual = Observed.FloatVectors(loaded.Transform(split.TestSet), "Features");
        Assert.HasCount(9766, expected);
        for (int i = 0; i < expected.Length; i++)
        {
            CollectionAssert.AreEqual(expected[i], actual[i]);
        }

        // The first test row's numbers, from Microsoft.ML 5.0.
        Samples.AssertClose([1.2948645, 0.6725406, 0, 0, 0.9455497], expected[0].Take(5));
    }
}
