using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>Every wrong call: what it says, and that it changes nothing.</summary>
[TestClass]
public sealed class DualOptimizerErrorTests
{
    private const string Shape = "constraints must have shape [5] (2 of block 'first', 3 of block 'second'), got ";
    private const string Unchanged = " The multipliers are unchanged.";

    private static readonly Dictionary<string, (Action<DualOptimizer> Call, string Message)> Rows = new()
    {
        ["too few"] = (dual => dual.Update(zeros(4)), Shape + "[4]. (Parameter 'constraints')"),
        ["too many"] = (dual => dual.Forward(zeros(1), zeros(6)), Shape + "[6]. (Parameter 'constraints')"),
        ["a matrix"] = (dual => dual.ForwardUpdate(zeros(1), zeros(1, 5)), Shape + "[1, 5]. (Parameter 'constraints')"),
        ["step, too few"] = (dual => dual.Step(zeros(1)), Shape + "[1]. (Parameter 'constraints')"),
        ["integers"] = (dual => dual.Update(zeros(5, dtype: ScalarType.Int64)),
            "constraints must be Float32 or Float64, got Int64. (Parameter 'constraints')"),
        ["loss of two"] = (dual => dual.Forward(zeros(2), zeros(5)), "loss must be one number, got shape [2]. (Parameter 'loss')"),
        ["loss of integers"] = (dual => dual.Forward(zeros(1, dtype: ScalarType.Int32), zeros(5)),
            "loss must be Float32 or Float64, got Int32. (Parameter 'loss')"),
        ["mixed types"] = (dual => dual.ForwardUpdate(zeros(1, dtype: ScalarType.Float64), zeros(5)),
            "constraints must be Float64 as the loss is, got Float32. (Parameter 'constraints')"),
        ["too few numbers"] = (dual => dual.Update([1.0, 2]),
            "constraints must hold 5 numbers, got 2." + Unchanged + " (Parameter 'constraints')"),
        ["NaN"] = (dual => dual.Update(tensor(new[] { 1f, 2, 3, float.NaN, 5 })),
            "Constraint 1 of block 'second' (position 3 of 5) must be finite, got NaN." + Unchanged),
        ["NaN among numbers"] = (dual => dual.Update([1, 2, double.NaN, 4, 5.0]),
            "Constraint 0 of block 'second' (position 2 of 5) must be finite, got NaN." + Unchanged),
        ["infinity"] = (dual => dual.ForwardUpdate(zeros(1), tensor(new[] { 0f, float.NegativeInfinity, 0, 0, 0 })),
            "Constraint 1 of block 'first' (position 1 of 5) must be finite, got -Infinity." + Unchanged),
        ["NaN in Forward"] = (dual => dual.Forward(zeros(1), tensor(new[] { float.NaN, 2, 3, 4, 5 })),
            "Constraint 0 of block 'first' (position 0 of 5) must be finite, got NaN." + Unchanged),
        ["NaN in Step"] = (dual => dual.Step(tensor(new[] { float.NaN, 2, 3, 4, 5 })),
            "Constraint 0 of block 'first' (position 0 of 5) must be finite, got NaN." + Unchanged),
        ["NaN loss"] = (dual => dual.ForwardUpdate(tensor(float.NaN), ones(5)), "loss must be finite, got NaN." + Unchanged),
        ["infinite loss"] = (dual => dual.Forward(tensor(float.PositiveInfinity), ones(5)),
            "loss must be finite, got Infinity." + Unchanged),
    };

    public static IEnumerable<object[]> Cases =>
        from row in Rows.Keys from name in DualOptimizersUnderTest.Names select new object[] { row, name[0] };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void WrongCall_SaysWhatAndChangesNothing(string row, string name)
    {
        using var scope = NewDisposeScope();
        var dual = DualOptimizersUnderTest.Create(name);
        dual.Update(tensor(new[] { .1, .2, .3, .4, .5 }, dtype: ScalarType.Float64));
        var before = dual.StateDict();
        Exception exception = row.Contains("NaN") || row.Contains("infini")
            ? Assert.ThrowsExactly<NotFiniteNumberException>(() => Rows[row].Call(dual))
            : Assert.ThrowsExactly<ArgumentException>(() => Rows[row].Call(dual));
        Assert.AreEqual(Rows[row].Message, exception.Message);
        StateAssert.AreEqual(before, dual.StateDict());
    }

    [TestMethod]
    [DynamicData(nameof(DualOptimizersUnderTest.Names), typeof(DualOptimizersUnderTest))]
    public void Null_IsRejected(string name)
    {
        var dual = DualOptimizersUnderTest.Create(name);
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.Update((Tensor)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.Step(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.Forward(null!, ones(5)));
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.ForwardUpdate(ones(1), null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.LoadStateDict(null!));
    }

    [TestMethod]
    public void Constructors_WrongArguments_SayWhich()
    {
        (Action Call, string Problem)[] rows =
        [
            (() => Ialm(new() { InitialDuals = [1, 2, 3] }, 2), "InitialDuals must hold 2 numbers, or 1 for all, got 3."),
            (() => Ialm(new() { InitialDuals = [1, 2] }, 1), "InitialDuals must hold 1 number, got 2."),
            (() => Ialm(new() { InitialDuals = [] }), "InitialDuals must hold 1 number, got 0."),
            (() => Ialm(new() { InitialDuals = [1, 200] }, 2), "InitialDuals[1] must be finite and from 0 to 100, got 200."),
            (() => Ialm(new() { InitialDuals = [-1] }), "InitialDuals[0] must be finite and from 0 to 100, got -1."),
            (() => Ialm(new() { DualLowerBound = -5, DualUpperBound = -1 }), "DualUpperBound must be at least 0 for inequalities, got -1."),
            (() => Ialm(new() { Beta = 4, BetaMax = 2 }), "BetaMax must be at least Beta, which is 4, got 2."),
            (() => Ialm(new()).AddConstraintGroup("", 1, ConstraintKind.Inequality), "name must not be empty."),
            (() => Ialm(new()).AddConstraintGroup("block0", 1, ConstraintKind.Inequality),
                "name must be one that no other block has, got 'block0'."),
            (() => Ialm(new()).AddConstraintGroup("block0", 0, ConstraintKind.Inequality),
                $"name must be one that no other block has, got 'block0'.{Environment.NewLine}- count must be at least 1, got 0."),
            (() => new NuPI(1, (ConstraintKind)2), "kind must be one of Inequality, Equality, got 2."),
            (() => new AugmentedLagrangian(1, ConstraintKind.Inequality, new() { LearningRate = -1 }),
                "LearningRate must be at least 0 and finite, got -1."),
            (() => new AugmentedLagrangian(1, ConstraintKind.Inequality,
                new() { Penalty = 0, HestenesPowellRockafellar = true }), "Penalty must be above 0 and finite, got 0."),
            (() => new AugmentedLagrangian(1, ConstraintKind.Inequality, new() { Momentum = 2 }), "Momentum must be from 0 to 1, got 2."),
            (() => new AugmentedLagrangian(1, ConstraintKind.Equality)
                .AddConstraintGroup("a", 1, ConstraintKind.Equality, new() { Tolerance = -1 }),
                "Tolerance must be at least 0 and finite, got -1."),
            (() => new NuPI(1, ConstraintKind.Inequality, new() { Nu = 2 }), "Nu must be from 0 to 1, got 2."),
            (() => new NuPI(1, ConstraintKind.Inequality, new() { Penalty = -1 }), "Penalty must be at least 0 and finite, got -1."),
            (() => new NuPI(1, ConstraintKind.Inequality)
                .AddConstraintGroup("a", 1, ConstraintKind.Inequality, new() { IntegralGain = -1 }),
                "IntegralGain must be at least 0 and finite, got -1."),
            (() => Pbm(new(), ConstraintKind.Equality), "The penalty-barrier method takes inequality constraints only."),
            (() => Pbm(new() { Gamma = 1 }), "Gamma must be at least 0 and below 1, got 1."),
            (() => Pbm(new() { PenaltyMultiplier = 1.5 }), "PenaltyMultiplier must be from 0 to 1, got 1.5."),
            (() => Pbm(new() { DualLowerBound = 0 }), "DualLowerBound must be above 0 and finite, got 0."),
            (() => Pbm(new() { PenaltyLowerBound = 2 }), "PenaltyUpperBound must be at least PenaltyLowerBound and finite, got 1."),
            (() => Pbm(new() { InitialPenalties = [3] }), "InitialPenalties[0] must be finite and from 0.1 to 1, got 3."),
            (() => Pbm(new() { InitialPenalties = [.5, .5] }), "InitialPenalties must hold 1 number, got 2."),
            (() => Pbm(new() { EpochLength = 0 }), "EpochLength must be at least 1, got 0."),
            (() => new SwitchingSubgradient(1, ConstraintKind.Inequality, new() { Tolerance = -1 }),
                "Tolerance must be at least 0 and finite, got -1."),
            (() => new SwitchingSubgradient(1, ConstraintKind.Inequality, new() { ConstraintScale = 0 }),
                "ConstraintScale must be above 0 and finite, got 0."),
        ];
        foreach (var (call, problem) in rows)
        {
            var message = Assert.ThrowsExactly<ArgumentException>(call, problem).Message;
            StringAssert.EndsWith(message, "- " + problem);
        }

        Assert.AreEqual("dtype must be Float32 or Float64, got Int64. (Parameter 'dtype')",
            Assert.ThrowsExactly<ArgumentException>(() => new NuPI(1, ConstraintKind.Inequality, dtype: ScalarType.Int64)).Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => Ialm(new()).AddConstraintGroup(null!, 1, ConstraintKind.Inequality));
    }

    [TestMethod]
    public void AddConstraintGroup_Rejected_LeavesTheOptimizerAsItWas()
    {
        var dual = Ialm(new(), 2);
        Assert.ThrowsExactly<ArgumentException>(() => dual.AddConstraintGroup("a", 1, ConstraintKind.Inequality, new() { Beta = -1 }));
        Assert.HasCount(1, dual.Blocks);
        Assert.AreEqual(2, dual.ConstraintCount);
        dual.AddConstraintGroup("a", 3, ConstraintKind.Inequality);
        Assert.AreEqual(5, dual.ConstraintCount);
    }

    private static InexactAugmentedLagrangian Ialm(InexactAugmentedLagrangianOptions options, int count = 1)
        => new(count, ConstraintKind.Inequality, options);

    private static PenaltyBarrier Pbm(PenaltyBarrierOptions options, ConstraintKind kind = ConstraintKind.Inequality)
        => new(1, kind, options);
}
