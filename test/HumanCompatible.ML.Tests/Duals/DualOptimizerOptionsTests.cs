using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class DualOptimizerOptionsTests
{
    public static IEnumerable<object[]> Optimizers => DualOptimizersUnderTest.Names;

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Json_RoundTripsEverySetting(string name)
    {
        var options = DualOptimizersUnderTest.Options(name);
        var read = DualOptimizerOptions.FromJson(options.ToJson());
        Assert.AreEqual(options.GetType(), read.GetType());
        foreach (var property in options.GetType().GetProperties())
        {
            var (expected, actual) = (property.GetValue(options), property.GetValue(read));
            if (expected is IReadOnlyList<double> numbers)
                CollectionAssert.AreEqual(numbers.ToArray(), ((IReadOnlyList<double>)actual!).ToArray(), property.Name);
            else
                Assert.AreEqual(expected, actual, property.Name);
        }
    }

    [TestMethod]
    [DataRow("ialm", typeof(InexactAugmentedLagrangianOptions))]
    [DataRow("alm", typeof(AugmentedLagrangianOptions))]
    [DataRow("nupi", typeof(NuPIOptions))]
    [DataRow("pbm", typeof(PenaltyBarrierOptions))]
    [DataRow("ssg", typeof(SwitchingSubgradientOptions))]
    public void Json_OfKindAlone_IsTheDefaultsOfThatKind(string kind, Type type)
    {
        var read = DualOptimizerOptions.FromJson($"{{\"kind\":\"{kind}\"}}");
        Assert.AreEqual(type, read.GetType());
        Assert.AreEqual(((DualOptimizerOptions)Activator.CreateInstance(type)!).ToJson(), read.ToJson());
        StringAssert.StartsWith(read.ToJson(), $"{{\"kind\":\"{kind}\"");
    }

    [TestMethod]
    public void Json_InfiniteGamma_RoundTrips()
    {
        var read = (InexactAugmentedLagrangianOptions)DualOptimizerOptions.FromJson(
            new InexactAugmentedLagrangianOptions { Gamma = double.PositiveInfinity }.ToJson());
        Assert.AreEqual(double.PositiveInfinity, read.Gamma);
    }

    [TestMethod]
    [DataRow("{\"kind\":\"System.Diagnostics.Process\"}", "cannot be read")]
    [DataRow("{\"beta\":1}", "cannot be read")]
    [DataRow("{\"kind\":\"ialm\",\"betta\":1}", "betta")]
    [DataRow("{\"kind\":\"ialm\",\"penaltyRule\":\"none\"}", "penaltyRule")]
    [DataRow("{\"kind\":\"ialm\",\"beta\":-1}", "Beta must be at least 0 and finite, got -1.")]
    [DataRow("null", "null")]
    [DataRow("[", "cannot be read")]
    public void FromJson_NotSuchSettings_SaysWhatIsWrong(string json, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => DualOptimizerOptions.FromJson(json)).Message, message);

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Copy_IsIndependentAndEqual(string name)
    {
        var options = DualOptimizersUnderTest.Options(name);
        var copy = options.Copy();
        Assert.AreNotSame(options, copy);
        Assert.AreEqual(options.ToJson(), copy.ToJson());
        copy.Schedule.WarmUpEpochs = 7;
        Assert.AreEqual(0, options.Schedule.WarmUpEpochs);
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Create_MakesTheNamedBlocksOfTheOptions(string name)
    {
        using var scope = NewDisposeScope();
        const ConstraintKind kind = ConstraintKind.Inequality;
        var dual = DualOptimizersUnderTest.Create(name, ScalarType.Float32, ("a", 2, kind), ("b", 1, kind), ("c", 4, kind));
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, dual.Blocks.Select(block => block.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 2, 3 }, dual.Blocks.Select(block => block.Offset).ToArray());
        Assert.IsTrue(dual.Blocks.All(block => block.Kind == ConstraintKind.Inequality));
        Assert.AreEqual(7, dual.ConstraintCount);
        // Every block has the same options.
        var expected = DualOptimizersUnderTest.Options(name).ToJson();
        foreach (var block in dual.StateDict().Blocks)
            Assert.AreEqual(expected, ((DualOptimizerOptions)((dynamic)block).Options).ToJson());
    }

    [TestMethod]
    public void Create_PenaltyBarrierWithEqualities_IsRejected()
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(() => new PenaltyBarrierOptions().Create(
            [("a", 1, ConstraintKind.Inequality), ("b", 1, ConstraintKind.Equality)], ScalarType.Float32, null));
        StringAssert.EndsWith(exception.Message, "- The penalty-barrier method takes inequality constraints only.");
    }

    [TestMethod]
    public void Validate_WrongOptionsOfEveryKind_AreReported()
    {
        const string range = "DualLowerBound to DualUpperBound must be a range that holds a finite number, got ";
        (DualOptimizerOptions Options, string Problem)[] rows =
        [
            (new InexactAugmentedLagrangianOptions { Sigma = 0 }, "Sigma must be above 0 and finite, got 0."),
            (new InexactAugmentedLagrangianOptions { Schedule = null! }, "Schedule must not be null."),
            (new AugmentedLagrangianOptions { LearningRate = -1 }, "LearningRate must be at least 0 and finite, got -1."),
            (new AugmentedLagrangianOptions { DualUpperBound = double.NaN }, range + "-100 to NaN."),
            (new NuPIOptions { DualLowerBound = double.PositiveInfinity, DualUpperBound = double.PositiveInfinity },
                range + "Infinity to Infinity."),
            (new NuPIOptions { Nu = 2 }, "Nu must be from 0 to 1, got 2."),
            (new NuPIOptions { InitialDuals = [0, double.NaN] }, "InitialDuals[1] must be finite and from 0 to 100, got NaN."),
            (new NuPIOptions { InitialDuals = [] }, "InitialDuals must hold 1 number, got 0."),
            (new PenaltyBarrierOptions { Rho = 0 }, "Rho must be above 0 and finite, got 0."),
            (new PenaltyBarrierOptions { DualLowerBound = 0 }, "DualLowerBound must be above 0 and finite, got 0."),
            (new SwitchingSubgradientOptions { Tolerance = -1 }, "Tolerance must be at least 0 and finite, got -1."),
        ];
        foreach (var (options, problem) in rows)
        {
            var problems = new List<string>();
            options.Validate(new(problems), ConstraintKind.Inequality);
            CollectionAssert.AreEqual(new[] { problem }, problems);
        }
    }
}
