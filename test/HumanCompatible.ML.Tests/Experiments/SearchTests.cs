using HumanCompatible.ML.Experiments;
using HumanCompatible.ML.Trainers;

namespace HumanCompatible.ML.Tests.Experiments;

/// <summary>Where runs are placed.</summary>
[TestClass]
public sealed class SearchTests
{
    [TestMethod]
    public void Halton_ManyPoints_FillEveryDimensionEvenly()
    {
        var sequence = new HaltonSequence(6, seed: 7);
        var points = Enumerable.Range(1, 320).Select(sequence.At).ToList();

        for (var dimension = 0; dimension < 6; dimension++)
        {
            var counts = points.CountBy(point => (int)(point[dimension] * 4)).ToDictionary();
            Assert.HasCount(4, counts);
            foreach (var (part, count) in counts)
                Assert.IsTrue(count is >= 74 and <= 86, $"dimension {dimension}, quarter {part}: {count} of 320");
        }
    }

    [TestMethod]
    public void Halton_OtherSeed_OtherPoints()
    {
        CollectionAssert.AreEqual(new HaltonSequence(3, 1).At(5), new HaltonSequence(3, 1).At(5));
        CollectionAssert.AreNotEqual(new HaltonSequence(3, 1).At(5), new HaltonSequence(3, 2).At(5));
    }

    [TestMethod]
    public void Parzen_GoodRunsAtOnePlace_DrawsThere()
    {
        double[][] runs = [[0.2, 0.1], [0.22, 0.15], [0.18, 0.05], [0.21, 0.2],
            .. Enumerable.Range(0, 12).Select(index => new[] { 0.5 + (0.04 * index), 0.4 + (0.05 * index) })];
        var sampler = new ParzenSampler([null, 4], runs);
        var random = new Random(1);

        var drawn = Enumerable.Range(0, 100).Select(_ => sampler.Next(random)).ToList();

        Assert.IsTrue(drawn.All(point => point.All(value => value is >= 0 and < 1)));
        Assert.IsGreaterThan(80, drawn.Count(point => point[0] < 0.4));
        Assert.IsGreaterThan(80, drawn.Count(point => point[1] < 0.25));
    }

    [TestMethod]
    public void Parzen_OneRun_Draws()
        => Assert.HasCount(2, new ParzenSampler([null, 3], [[0.5, 0.5]]).Next(new Random(1)));

    [TestMethod]
    public void WholeNumber_EndsOfInterval_AreReached()
    {
        var parameter = SearchParameter.WholeNumber("NumberOfEpochs", 3, 12, (options, value) => options.NumberOfEpochs = value);

        Assert.AreEqual("3", parameter.At(0).Text);
        Assert.AreEqual("12", parameter.At(0.9999).Text);
        Assert.HasCount(10, Enumerable.Range(0, 1000).Select(index => parameter.At(index / 1000.0).Text).Distinct().ToList());
    }

    [TestMethod]
    public void Number_Logarithmic_MiddleIsGeometricMean()
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();

        SearchParameter.Number("LearningRate", 0.001, 0.1, (target, value) => target.LearningRate = value, isLogarithmic: true)
            .At(0.5).Apply(options);

        Assert.AreEqual(0.01, options.LearningRate!.Value, 1e-12);
    }

    [TestMethod]
    public void Choice_EveryPart_SetsItsValue()
    {
        var parameter = SearchParameter.Choice("BatchSize", [32, 64, 128], (options, value) => options.BatchSize = value);
        int? At(double unit)
        {
            var options = new ConstrainedBinaryClassificationTrainer.Options();
            parameter.At(unit).Apply(options);
            return options.BatchSize;
        }

        CollectionAssert.AreEqual(new int?[] { 32, 64, 128, 128 }, new[] { At(0), At(0.4), At(0.7), At(0.99999) });
    }

    [TestMethod]
    public void StartingAt_Values_AreAtTheirPlaces()
    {
        string[] TextsOf(SearchParameter parameter) => [.. parameter.Starts.Select(place => parameter.At(place).Text)];

        CollectionAssert.AreEqual(new[] { "0.003", "0.001", "0.1" }, TextsOf(SearchParameter
            .Number("LearningRate", 0.001, 0.1, (_, _) => { }, isLogarithmic: true).StartingAt(0.003, 0.001, 0.1)));
        CollectionAssert.AreEqual(new[] { "0", "0.2", "1" }, TextsOf(SearchParameter
            .Number("MarginShare", 0, 1, (_, _) => { }).StartingAt(0, 0.2, 1)));
        CollectionAssert.AreEqual(new[] { "3", "7", "12" }, TextsOf(SearchParameter
            .WholeNumber("NumberOfEpochs", 3, 12, (_, _) => { }, isLogarithmic: true).StartingAt(3, 7, 12)));
        CollectionAssert.AreEqual(new[] { "c", "a" }, TextsOf(SearchParameter
            .Choice("Letter", ["a", "b", "c"], (_, _) => { }).StartingAt(2, 0)));
    }

    [TestMethod]
    public void Execute_ValuesToStartAt_AreTriedAfterTheOptionsAsTheyAre()
    {
        var rate = SmallExperiments.Space[0].StartingAt(0.01, 0.02);

        var result = SmallExperiments.Run(SmallExperiments.Settings() with { MaxModels = 4, SearchSpace = [rate] });

        string[] rates = [.. result.RunDetails.Skip(1).Select(run => run.Parameters[rate.Name])];
        CollectionAssert.AreEqual(new[] { "0.01", "0.02" }, rates.Take(2).ToArray());
        Assert.IsFalse(rates[2] is "0.01" or "0.02");
    }

    [TestMethod]
    public void Default_KnownPlaces_AreWholePoints()
        => Assert.AreEqual(1, SearchSpace.Default.Select(parameter => parameter.Starts.Count).Where(count => count > 0).Distinct().Count());

    [TestMethod]
    public void Number_EmptyRange_Throws()
    {
        var problem = Assert.ThrowsExactly<ArgumentException>(
            () => SearchParameter.Number("LearningRate", 0, 1, (_, _) => { }, isLogarithmic: true));
        Assert.Contains("LearningRate: the least value must be above 0 and below the largest, got 0 and 1.", problem.Message);
        Assert.ThrowsExactly<ArgumentException>(() => SearchParameter.WholeNumber("x", 2, 2, (_, _) => { }));
        Assert.ThrowsExactly<ArgumentException>(() => SearchParameter.Choice<int>("x", [], (_, _) => { }));
    }

    [TestMethod]
    public void Default_EveryPlace_GivesValidOptions()
    {
        var sequence = new HaltonSequence(SearchSpace.Default.Count, 3);
        for (var index = 1; index <= 50; index++)
        {
            var options = new ConstrainedBinaryClassificationTrainer.Options();
            foreach (var (parameter, unit) in SearchSpace.Default.Zip(sequence.At(index)))
                parameter.At(unit).Apply(options);
            TrainerOptionChecks.Check(options);
        }
    }

    [TestMethod]
    public void Rank_RunsThatKeepBounds_ComeFirst()
    {
        TrialScore[] scores = [new(0.02, 0.9), new(0, 0.7), new(0.01, 0.8), new(0, 0.75)];

        CollectionAssert.AreEqual(new[] { scores[3], scores[1], scores[2], scores[0] },
            scores.OrderBy(score => score.Rank(isLoss: false)).ToArray());
        Assert.AreEqual(scores[1], scores.OrderBy(score => score.Rank(isLoss: true)).First());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Rank_ObjectiveThatIsNotDefined_IsTheWorstOfThoseThatKeepTheBounds(bool isLoss)
    {
        TrialScore[] scores = [new(0, double.NaN), new(0.01, 0.9), new(0, 0.2)];

        CollectionAssert.AreEqual(new[] { scores[2], scores[0], scores[1] }, scores.OrderBy(score => score.Rank(isLoss)).ToArray());
    }
}
