using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Tests.Persistence;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>Whole pipelines as ONNX.</summary>
[TestClass]
public sealed class OnnxPipelineTests
{
    private static readonly MLContext ML = new(1);

    [TestMethod]
    [DataRow(false, DisplayName = "generated")]
    [DataRow(true, DisplayName = "Adult")]
    public void Convert_TheCensusPipeline_ScoresAsTheModel_AlsoAfterLoadAndInApplyOnnxModel(bool real)
    {
        using var tables = real ? CensusTables.Find(null, 1, _ => { }) : CensusTables.Generate(3000, 1000, 1);
        if (real && tables.IsGenerated)
            Assert.Inconclusive("Adult is not here.");
        var options = Workout.Small(Fairness.DemographicParity("sex", 0.05));
        (options.LabelColumnName, options.Encoding) = ("income", new());
        var train = ML.Data.TakeRows(CensusPipeline.Load(ML, tables.TrainingPath), 8000);
        var test = ML.Data.TakeRows(CensusPipeline.Load(ML, tables.TestPath), 1000);
        var model = CensusPipeline.Featurize(ML).Append(ML.Constrained().Trainers.BinaryClassification(options)).Fit(train);
        var loaded = ModelArchive.LoadFrom(ML, model, train.Schema);
        var expected = Scored.Of(model.Transform(test));
        Assert.IsGreaterThan(1, expected.Max(row => row.Score) - expected.Min(row => row.Score));

        for (var operatorSet = 9; operatorSet <= 12; operatorSet++)
        {
            using var file = OnnxFile.Convert(ML, operatorSet % 2 == 0 ? model : loaded, test, operatorSet);
            CollectionAssert.AreEquivalent(test.Schema.Select(column => column.Name).ToList(), file.Inputs.ToList());

            OnnxAssert.AreClose(expected, file.RunAll(test), $"operator set {operatorSet}");
            OnnxAssert.AreClose(expected[..30], file.RunEach(ML.Data.TakeRows(test, 30)), $"one row, operator set {operatorSet}");
            AssertApplies(file, test, expected);
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(8)]
    public void Convert_ARandomPipeline_ScoresAsTheModel(int seed)
    {
        var random = new Random(seed);
        var gaps = random.Next(2) == 0;
        Raw[] rows = [.. Census.People(400, seed).Select(person => new Raw
        {
            Label = person.Label,
            Skill = gaps && random.Next(8) == 0 ? float.NaN : person.Features[0],
            Hours = gaps && random.Next(8) == 0 ? float.NaN : MathF.Round(person.Features[1]),
            Age = person.Features[2],
            Sex = person.Sex,
            Region = random.Next(9) == 0 ? "" : person.Region,
            Score = person.District,
        })];
        var view = ML.Data.LoadFromEnumerable(rows);
        var options = Workout.Small();
        options.NumberOfEpochs = 1;
        options.FeatureEncoding = random.Next(2) == 0 ? FeatureEncoding.None : FeatureEncoding.Automatic;
        options.Network = random.Next(3) == 0 ? Network.Linear()
            : Network.MultilayerPerceptron([random.Next(1, 9), random.Next(1, 9)], (Activation)random.Next(5));
        var (steps, told) = Steps(random, gaps);

        var model = steps.Append(ML.Constrained().Trainers.BinaryClassification(options)).Fit(view);
        using var file = OnnxFile.Convert(ML, model, view, random.Next(11, 13));

        told += $", {options.FeatureEncoding}, {options.Network}";
        var expected = Scored.Of(model.Transform(view));
        OnnxAssert.AreClose(expected, file.RunAll(view), told);
        OnnxAssert.AreClose(expected[..5], file.RunEach(ML.Data.TakeRows(view, 5)), told);
        AssertApplies(file, view, expected);
    }

    [TestMethod]
    public void Convert_AModelWithAnotherThreshold_PredictsByIt()
    {
        var run = Workout.Get("BinaryClassification: DemographicParity(Sex)");
        var threshold = Scored.Of(run.Model.Transform(run.Data)).Average(row => row.Score);
        var strict = ML.BinaryClassification.ChangeModelThreshold(run.Model, threshold);
        var features = ML.Transforms.SelectColumns("Features").Fit(run.Data).Transform(run.Data);
        var expected = Scored.Of(strict.Transform(features));
        Assert.AreNotEqual(expected.Count(row => row.Score > 0), expected.Count(row => row.PredictedLabel));

        using var file = OnnxFile.Convert(ML, strict, ML.Data.Cache(features));

        foreach (var (own, other) in expected.Zip(file.RunAll(features)).Where(pair => Math.Abs(pair.First.Score - threshold) > 1e-4))
            Assert.AreEqual(own.PredictedLabel, other.PredictedLabel);
    }

    [TestMethod]
    public void Convert_ColumnsThatAreNamedLikeVariables_StayWhatTheyAre()
    {
        var run = Workout.Get("BinaryClassification: DemographicParity(Sex)");
        var rows = ML.Data.LoadFromEnumerable(Census.People(50).Select(person => new Clash
        {
            Score = person.Number,
            Weight = person.Weight,
            Gemm = person.District,
            Bias = person.Household,
            Features = person.Features,
        }));
        using var file = OnnxFile.Convert(ML, run.Model, rows);

        OnnxAssert.AreClose(Scored.Of(run.Model.Transform(rows)), file.RunAll(rows), "clash");
        foreach (var name in new[] { "HumanCompatible.ML.Weight", "HumanCompatible.ML.Gemm", "HumanCompatible.ML.Bias1" })
            CollectionAssert.AreEqual(rows.GetColumn<float>(name).ToArray(), file.Output<float>(rows, name));
    }

    [TestMethod]
    public void Convert_OneVersusAllOfOurs_ScoresAsTheModel()
    {
        var data = Census.View(ML, 300);
        var keyed = ML.Transforms.Conversion.MapValueToKey("Label", "Region").Fit(data).Transform(data);
        var model = ML.MulticlassClassification.Trainers.OneVersusAll(ML.Constrained().Trainers.BinaryClassification(Workout.Small()))
            .Fit(keyed);
        var rows = ML.Data.LoadFromEnumerable(Census.People(300).Select(person => new Clash { Features = person.Features }));
        using var file = OnnxFile.Convert(ML, model, rows);

        var expected = model.Transform(rows).GetColumn<VBuffer<float>>("Score").SelectMany(row => row.DenseValues()).ToArray();
        var actual = file.Output<float>(rows, "Score");
        Assert.HasCount(expected.Length, actual);
        foreach (var (own, other) in expected.Zip(actual))
            Assert.AreEqual(own, other, 1e-5f);
    }

    [TestMethod]
    public void Convert_TheUsersOwnModule_IsRefusedByName()
    {
        var data = Census.View(ML, 200);
        var options = Workout.Small();
        (options.Network, options.NumberOfEpochs) = (UserNetworks.Deep, 1);
        using var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(data);

        var refusal = Assert.ThrowsExactly<NotSupportedException>(() => OnnxFile.Convert(ML, model, data));

        Assert.AreEqual("The network 'tests: deep' is a module of your own and cannot be written as ONNX: what it computes is known to "
            + "TorchSharp only. Built-in networks can.", refusal.Message);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Convert_CodesBehindANormalizer_AreTheSameCodes(int normalizer)
    {
        var random = new Random(normalizer);
        Raw[] rows = [.. Enumerable.Range(0, 3000).Select(_ =>
        {
            var code = 20_000 + random.Next(60);
            return new Raw { Age = code, Skill = (float)random.NextDouble(), Label = code * 7 % 3 == 0 };
        })];
        var view = ML.Data.LoadFromEnumerable(rows);
        var options = Workout.Small();
        (options.NumberOfEpochs, options.LearningRate) = (5, 0.01);
        var model = ML.Transforms.Concatenate("Features", "Age", "Skill").Append(Normalizer(normalizer)!)
            .Append(ML.Constrained().Trainers.BinaryClassification(options)).Fit(view);
        var expected = Scored.Of(model.Transform(view));
        Assert.IsGreaterThan(0.9, ML.BinaryClassification.Evaluate(model.Transform(view)).Accuracy);

        using var file = OnnxFile.Convert(ML, model, view);

        OnnxAssert.AreClose(expected, file.RunAll(view), "codes");
    }

    private static void AssertApplies(OnnxFile file, IDataView rows, Scored[] expected)
    {
        var path = Path.GetTempFileName();
        try
        {
            file.Save(path);
            using var applied = ML.Transforms.ApplyOnnxModel(path).Fit(rows);
            var scores = applied.Transform(rows).GetColumn<float[]>("Score").ToArray();
            Assert.HasCount(expected.Length, scores);
            foreach (var (own, other) in expected.Zip(scores))
                Assert.AreEqual(own.Score, other.Single(), 1e-5f * Math.Max(1, Math.Abs(own.Score)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // One of the usual ways to make features of the raw columns.
    private static (IEstimator<ITransformer> Steps, string Told) Steps(Random random, bool gaps)
    {
        var kind = random.Next(2) == 0 ? OneHotEncodingEstimator.OutputKind.Indicator : OneHotEncodingEstimator.OutputKind.Bag;
        var (normalizer, replacement) = (random.Next(5), (MissingValueReplacingEstimator.ReplacementMode)random.Next(4));
        IEstimator<ITransformer> steps = ML.Transforms.Categorical.OneHotEncoding(
            [new("SexCode", "Sex"), new("RegionCode", "Region")], kind);
        if (gaps)
        {
            InputOutputColumnPair[] holes = [new("SkillFilled", "Skill"), new("HoursFilled", "Hours")];
            steps = steps.Append(ML.Transforms.ReplaceMissingValues(holes, replacement));
        }

        var (skill, hours) = gaps ? ("SkillFilled", "HoursFilled") : ("Skill", "Hours");
        steps = steps.Append(ML.Transforms.Concatenate("Features", "Age", "SexCode", skill, hours, "RegionCode"));
        var scaled = Normalizer(normalizer);
        return (scaled is null ? steps : steps.Append(scaled), $"{kind}, {(gaps ? replacement : "no gaps")}, normalizer {normalizer}");
    }

    private static IEstimator<ITransformer>? Normalizer(int number) => number switch
    {
        0 => ML.Transforms.NormalizeMeanVariance("Features"),
        1 => ML.Transforms.NormalizeMinMax("Features"),
        2 => ML.Transforms.NormalizeMeanVariance("Features", fixZero: false),
        3 => ML.Transforms.NormalizeMinMax("Features", fixZero: false),
        _ => null,
    };

    private sealed class Raw
    {
        public bool Label { get; set; }

        public float Skill { get; set; }

        public float Hours { get; set; }

        public float Age { get; set; }

        public string Sex { get; set; } = "";

        public string Region { get; set; } = "";

        public float Score { get; set; }
    }

    private sealed class Clash
    {
        public float Score { get; set; }

        [ColumnName("HumanCompatible.ML.Weight")]
        public float Weight { get; set; }

        [ColumnName("HumanCompatible.ML.Gemm")]
        public float Gemm { get; set; }

        [ColumnName("HumanCompatible.ML.Bias1")]
        public float Bias { get; set; }

        [VectorType(Census.FeatureCount)]
        public float[] Features { get; set; } = [];
    }
}
