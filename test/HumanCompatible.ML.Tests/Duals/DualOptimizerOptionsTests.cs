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
        foreach (var property in options.GetType().GetProperties()
            .Where(property => property.Name != nameof(InexactAugmentedLagrangianOptions.Groups)))
        {
            Assert.AreEqual(property.GetValue(options), property.GetValue(read), property.Name);
        }

        StringAssert.Contains(options.ToJson(), $"\"kind\":\"{options.Name}\"");
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
    [DataRow("{\"kind\":\"ialm\",\"beta\":-1}", "Beta is -1; expected a finite number of at least 0.")]
    [DataRow("null", "null")]
    [DataRow("[", "cannot be read")]
    public void FromJson_NotSuchSettings_SaysWhatIsWrong(string json, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => DualOptimizerOptions.FromJson(json)).Message, message);

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Clone_IsIndependentAndEqual(string name)
    {
        var options = DualOptimizersUnderTest.Options(name);
        var clone = options.Clone();
        Assert.AreNotSame(options, clone);
        Assert.AreEqual(options.ToJson(), clone.ToJson());
    }

    [TestMethod]
    [DynamicData(nameof(Optimizers))]
    public void Create_MakesTheDeclaredGroupsOfTheOptionsKind(string name)
    {
        using var scope = NewDisposeScope();
        using var dual = DualOptimizersUnderTest.Create(name, ScalarType.Float32, ("a", 2, true), ("b", 1, true), ("c", 4, true));
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, dual.Groups.Select(group => group.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 2, 3 }, dual.Groups.Select(group => group.Offset).ToArray());
        Assert.IsTrue(dual.Groups.All(group => group.IsInequality));
        Assert.AreEqual(7, dual.ConstraintCount);
        Assert.AreEqual(DualOptimizersUnderTest.Options(name).Name, dual.StateDict().Kind);
        // Every group has the same settings.
        var state = dual.StateDict();
        foreach (var group in state.Groups)
            CollectionAssert.AreEquivalent(state.Groups[0].Values.ToArray(), group.Values.ToArray());
    }

    [TestMethod]
    public void Create_PenaltyBarrierWithEqualities_SaysWhichGroup()
    {
        var exception = Assert.ThrowsExactly<ArgumentException>(
            () => new PenaltyBarrierOptions().Create([new DualGroupDeclaration("a", 1, true), new DualGroupDeclaration("b", 1, false)],
                ScalarType.Float32, null));
        StringAssert.StartsWith(exception.Message,
            "The penalty-barrier method takes inequality constraints only; group 'b' holds equalities.");
    }

    [TestMethod]
    public void Validate_WrongSettingsOfEveryKind_AreReported()
    {
        (DualOptimizerOptions Options, string Problem)[] rows =
        [
            (new InexactAugmentedLagrangianOptions { Sigma = 0 }, "Sigma is 0; expected a finite number above 0."),
            (new AugmentedLagrangianOptions { LearningRate = -1 }, "LearningRate is -1; expected a finite number of at least 0."),
            (new AugmentedLagrangianOptions { DualUpperBound = double.NaN },
                "DualLowerBound to DualUpperBound is [-100, NaN]; expected lower <= upper, neither NaN."),
            (new NuPIOptions { Nu = 2 }, "Nu is 2; expected a number from 0 to 1."),
            (new PenaltyBarrierOptions { Rho = 0 }, "Rho is 0; expected a finite number above 0."),
            (new PenaltyBarrierOptions { DualLowerBound = 0 }, "DualLowerBound is 0; expected a finite number above 0."),
            (new SwitchingSubgradientOptions { Tolerance = -1 }, "Tolerance is -1; expected a finite number of at least 0."),
        ];
        foreach (var (options, problem) in rows)
        {
            var problems = new List<string>();
            options.Validate(problems);
            CollectionAssert.AreEqual(new[] { problem }, problems);
        }
    }

    [TestMethod]
    public void Groups_WithTheirOwnSettings_ReachTheOptimizerThroughJsonAndClone()
    {
        var options = new InexactAugmentedLagrangianOptions
        {
            Beta = 2,
            Momentum = .5,
            Groups = { ["b"] = new() { Beta = 3, Tolerance = .1, DualUpperBound = 7, InitialDual = 1 } }
        };
        var copy = (InexactAugmentedLagrangianOptions)DualOptimizerOptions.FromJson(options.Clone().ToJson());
        options.Groups["b"].Beta = 99;
        using var dual = (InexactAugmentedLagrangian)copy.Create(
            [new DualGroupDeclaration("a", 1, true), new DualGroupDeclaration("b", 2, true)], ScalarType.Float32, null);
        Assert.AreEqual((2.0, .5, .5, 0.0, 100.0),
            (dual.Groups[0].Beta, dual.Groups[0].Momentum, dual.Groups[0].Dampening, dual.Groups[0].Tolerance, dual.Groups[0].UpperBound));
        Assert.AreEqual((3.0, .5, .5, .1, 7.0),
            (dual.Groups[1].Beta, dual.Groups[1].Momentum, dual.Groups[1].Dampening, dual.Groups[1].Tolerance, dual.Groups[1].UpperBound));
        CollectionAssert.AreEqual(new[] { 0.0, 1, 1 }, dual.DualValues.ToArray());
    }

    [TestMethod]
    public void Groups_WrongOrUnknown_AreReportedByName()
    {
        var options = new InexactAugmentedLagrangianOptions { Groups = { ["b"] = new() { Beta = -1 } } };
        var problems = new List<string>();
        options.Validate(problems);
        CollectionAssert.AreEqual(new[] { "Groups['b']: Beta is -1; expected a finite number of at least 0." }, problems);
        options.Groups["b"].Beta = 1;
        var exception = Assert.ThrowsExactly<ArgumentException>(()
            => options.Create([new DualGroupDeclaration("a", 1, true)], ScalarType.Float32, null));
        StringAssert.StartsWith(exception.Message, "Groups holds settings of 'b'; expected names of constraint groups: 'a'.");
    }
}
