using System.Text;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Persistence;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

[TestClass]
public sealed class DualOptimizerOptionsTests
{
    public static IEnumerable<object[]> Optimizers => DualOptimizersUnderTest.Names;

    [TestMethod]
    [DataRow("ialm", typeof(InexactAugmentedLagrangianOptions))]
    [DataRow("alm", typeof(AugmentedLagrangianOptions))]
    [DataRow("nupi", typeof(NuPIOptions))]
    [DataRow("pbm", typeof(PenaltyBarrierOptions))]
    [DataRow("ssg", typeof(SwitchingSubgradientOptions))]
    public void Json_NamesTheMethodByAWord(string kind, Type type)
    {
        var options = (DualOptimizerOptions)Activator.CreateInstance(type)!;
        var written = ModelJson.Write(options);
        Assert.AreEqual(kind, (string)JsonNode.Parse(written)!["kind"]!);
        Assert.AreEqual(options, ModelJson.Read<DualOptimizerOptions>(written));
    }

    [TestMethod]
    public void Json_InfiniteGammaAndInitialDuals_RoundTrip()
    {
        var options = new InexactAugmentedLagrangianOptions { Gamma = double.PositiveInfinity, InitialDuals = [.1, .25] };
        var read = (InexactAugmentedLagrangianOptions)ModelJson.Read<DualOptimizerOptions>(
            ModelJson.Write<DualOptimizerOptions>(options));
        Assert.AreEqual(double.PositiveInfinity, read.Gamma);
        CollectionAssert.AreEqual(new[] { .1, .25 }, read.InitialDuals!.ToArray());
    }

    [TestMethod]
    [DataRow("kind", "\"System.Diagnostics.Process\"", "System.Diagnostics.Process")]
    [DataRow("betta", "1", "betta")]
    [DataRow("penaltyIsBeta", "\"none\"", "penaltyIsBeta")]
    [DataRow("penaltyIsBeta", "1", "penaltyIsBeta")]
    [DataRow("warmUpEpochs", "null", "warmUpEpochs")]
    public void Json_NotSuchOptions_SaysWhatIsWrong(string member, string value, string message)
    {
        var json = JsonNode.Parse(ModelJson.Write<DualOptimizerOptions>(new InexactAugmentedLagrangianOptions()))!.AsObject();
        json[member] = JsonNode.Parse(value);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(()
            => ModelJson.Read<DualOptimizerOptions>(Encoding.UTF8.GetBytes(json.ToJsonString()))).Message, message);
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Copy_IsIndependentAndEqual(string name)
    {
        var options = DualOptimizersUnderTest.Options(name);
        var copy = options.Copy();
        Assert.AreNotSame(options, copy);
        Assert.AreEqual(DualOptimizersUnderTest.Text(options), DualOptimizersUnderTest.Text(copy));
        copy.WarmUpEpochs = 7;
        Assert.IsNull(options.WarmUpEpochs);
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
        var expected = DualOptimizersUnderTest.Text(DualOptimizersUnderTest.Options(name));
        foreach (var block in dual.StateDict().Blocks)
            Assert.AreEqual(expected, DualOptimizersUnderTest.Text((DualOptimizerOptions)((dynamic)block).Options));
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
            (new InexactAugmentedLagrangianOptions { WarmUpEpochs = -1 }, "WarmUpEpochs must be at least 0, got -1."),
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
