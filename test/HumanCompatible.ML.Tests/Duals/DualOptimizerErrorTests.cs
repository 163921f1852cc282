using HumanCompatible.ML.Duals;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Duals;

/// <summary>Every wrong call: what it says, and that it changes nothing.</summary>
[TestClass]
public sealed class DualOptimizerErrorTests
{
    private const string Shape = "; expected [5]: 2 of group 'first', 3 of group 'second'. (Parameter 'constraints')";

    private static readonly Dictionary<string, (Action<DualOptimizer> Call, string Message)> Rows = new()
    {
        ["too few"] = (dual => dual.Update(zeros(4)), "constraints has shape [4]" + Shape),
        ["too many"] = (dual => dual.Forward(zeros(1), zeros(6)), "constraints has shape [6]" + Shape),
        ["a matrix"] = (dual => dual.ForwardUpdate(zeros(1), zeros(1, 5)), "constraints has shape [1, 5]" + Shape),
        ["violation, too few"] = (dual => dual.Violation(zeros(1)), "constraints has shape [1]" + Shape),
        ["integers"] = (dual => dual.Update(zeros(5, dtype: ScalarType.Int64)), "constraints is Int64; expected Float32 or Float64."),
        ["loss of two"] = (dual => dual.Forward(zeros(2), zeros(5)), "loss has shape [2]; expected one number. (Parameter 'loss')"),
        ["loss of integers"] = (dual => dual.Forward(zeros(1, dtype: ScalarType.Int32), zeros(5)),
            "loss is Int32; expected Float32 or Float64."),
        ["mixed types"] = (dual => dual.ForwardUpdate(zeros(1, dtype: ScalarType.Float64), zeros(5)),
            "loss is Float64 and constraints is Float32; expected the same type. (Parameter 'constraints')"),
        ["one tensor for two groups"] = (dual
            => dual.Update([zeros(5)]),
            "constraints holds 1 tensor(s); expected 2, one per group: 'first', 'second'. (Parameter 'constraints')"),
        ["a group's length"] = (dual => dual.ForwardUpdate(zeros(1), [zeros(2), zeros(2)]),
            "constraints of group 'second' has shape [2]; expected [3]."),
        ["a group's type"] = (dual => dual.Update([zeros(2), zeros(3, dtype: ScalarType.Float64)]),
            "constraints of group 'second' is Float64; expected Float32, the type of the first group."),
        ["a group's null"] = (dual => dual.Update([zeros(2), null!]), "constraints of group 'second' is null. (Parameter 'constraints')"),
        ["a missing name"] = (dual => dual.Update(new Dictionary<string, Tensor> { ["first"] = zeros(2) }),
            "constraints lacks 'second'; expected the groups 'first', 'second'. (Parameter 'constraints')"),
        ["unknown and missing names"] = (dual
            => dual.Forward(zeros(1), new Dictionary<string, Tensor> { ["first"] = zeros(2), ["third"] = zeros(3) }),
            "constraints lacks 'second' and has unknown 'third'; expected the groups 'first', 'second'. (Parameter 'constraints')"),
        ["an unknown name"] = (dual => dual.Update(
            new Dictionary<string, Tensor> { ["first"] = zeros(2), ["second"] = zeros(3), ["x"] = zeros(1) }),
            "constraints has unknown 'x'; expected the groups 'first', 'second'. (Parameter 'constraints')"),
        ["NaN"] = (dual => dual.Update(tensor(new[] { 1f, 2, 3, float.NaN, 5 })),
            "Constraint 1 of group 'second' (position 3 of 5) is NaN; expected a finite number. The duals are unchanged."),
        ["infinity by name"] = (dual => dual.ForwardUpdate(zeros(1),
            new Dictionary<string, Tensor> { ["first"] = tensor(new[] { 0f, float.NegativeInfinity }), ["second"] = zeros(3) }),
            "Constraint 1 of group 'first' (position 1 of 5) is -Infinity; expected a finite number. The duals are unchanged."),
        ["NaN in Forward"] = (dual => dual.Forward(zeros(1), tensor(new[] { float.NaN, 2, 3, 4, 5 })),
            "Constraint 0 of group 'first' (position 0 of 5) is NaN; expected a finite number. The duals are unchanged."),
        ["NaN in Violation"] = (dual => dual.Violation(tensor(new[] { float.NaN, 2, 3, 4, 5 })),
            "Constraint 0 of group 'first' (position 0 of 5) is NaN; expected a finite number. The duals are unchanged."),
        ["NaN loss"] = (dual => dual.ForwardUpdate(tensor(float.NaN), ones(5)),
            "loss is NaN; expected a finite number. The duals are unchanged."),
        ["infinite loss"] = (dual => dual.Forward(tensor(float.PositiveInfinity), ones(5)),
            "loss is Infinity; expected a finite number. The duals are unchanged."),
        ["unknown group"] = (dual => dual.DualsOf("x"),
            "No group is named 'x'; expected one of 'first', 'second'. (Parameter 'groupName')"),
    };

    public static IEnumerable<object[]> Cases =>
        from row in Rows.Keys from name in DualOptimizersUnderTest.Names select new object[] { row, name[0] };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void WrongCall_SaysWhatAndChangesNothing(string row, string name)
    {
        using var scope = NewDisposeScope();
        using var dual = DualOptimizersUnderTest.Create(name);
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
        using var dual = DualOptimizersUnderTest.Create(name);
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.Update((Tensor)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.Forward(null!, (Tensor)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.Update((IReadOnlyList<Tensor>)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.Update((IReadOnlyDictionary<string, Tensor>)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => dual.LoadStateDict(null!));
    }

    [TestMethod]
    public void Constructors_OtherWrongSettings_SayWhich()
    {
        (Action Call, string Problem)[] rows =
        [
            (() => new InexactAugmentedLagrangian(2, initialDuals: [1, 2, 3]), "initialDuals has length 3; expected 2, or 1 for all."),
            (() => new InexactAugmentedLagrangian(2, initialDuals: [1, 200]),
                "initialDuals[1] is 200; expected a finite number in the dual range [-100, 100]."),
            (() => new InexactAugmentedLagrangian(1, initialDuals: [-1], isInequality: true),
                "initialDuals[0] is -1; expected a finite number in the dual range [0, 100]."),
            (() => new InexactAugmentedLagrangian(1, dualRange: (-5, -1), isInequality: true),
                "dualRange is [-5, -1]; expected an upper end of at least 0, the duals of inequality constraints being nonnegative."),
            (() => new InexactAugmentedLagrangian(1, name: ""), "name is empty; expected a name or none."),
            (() => new InexactAugmentedLagrangian(1, beta: 4, betaMax: 2), "betaMax is 2; expected at least beta, which is 4."),
            (() => new InexactAugmentedLagrangian(1, name: "a").AddConstraintGroup(1, name: "a"),
                "name is 'a', which another group has; expected a name of its own."),
            (() => new InexactAugmentedLagrangian(1, name: "group1").AddConstraintGroup(0),
                "count is 0; expected at least 1.\n- name is 'group1', which another group has; expected a name of its own."),
            (() => new AugmentedLagrangian(1, learningRate: -1), "learningRate is -1; expected a finite number of at least 0."),
            (() => new AugmentedLagrangian(1, penalty: 0, augmentation: Augmentation.HestenesPowellRockafellar),
                "penalty is 0; expected a finite number above 0."),
            (() => new AugmentedLagrangian(1, momentum: 2), "momentum is 2; expected a number from 0 to 1."),
            (() => new AugmentedLagrangian(1).AddConstraintGroup(1, tolerance: -1),
                "tolerance is -1; expected a finite number of at least 0."),
            (() => new NuPI(1, nu: 2), "nu is 2; expected a number from 0 to 1."),
            (() => new NuPI(1, penalty: -1), "penalty is -1; expected a finite number of at least 0."),
            (() => new NuPI(1).AddConstraintGroup(1, integralGain: -1), "integralGain is -1; expected a finite number of at least 0."),
            (() => new PenaltyBarrier(1, gamma: 1), "gamma is 1; expected at least 0 and below 1."),
            (() => new PenaltyBarrier(1, dualRange: (0, 1)), "dualRange.Lower is 0; expected a finite number above 0."),
            (() => new PenaltyBarrier(1, penaltyRange: (2, 1)),
                "penaltyRange.Upper is 1; expected a finite number of at least the lower end."),
            (() => new PenaltyBarrier(1, initialPenalty: 3), "initialPenalty is 3; expected a number in the penalty range."),
            (() => new PenaltyBarrier(1, epochLength: 0), "epochLength is 0; expected at least 1, or none."),
            (() => new SwitchingSubgradient(1, tolerance: -1), "tolerance is -1; expected a finite number of at least 0."),
            (() => new SwitchingSubgradient(1, constraintScale: 0), "constraintScale is 0; expected a finite number above 0."),
        ];
        foreach (var (call, problem) in rows)
        {
            var message = Assert.ThrowsExactly<ArgumentException>(call, problem).Message;
            StringAssert.EndsWith(message, "- " + problem);
        }

        Assert.AreEqual("dtype is Int64; expected Float32 or Float64. (Parameter 'dtype')",
            Assert.ThrowsExactly<ArgumentException>(() => new NuPI(1, dtype: ScalarType.Int64)).Message);
    }

    [TestMethod]
    public void AddConstraintGroup_Rejected_LeavesTheOptimizerAsItWas()
    {
        using var dual = new InexactAugmentedLagrangian(2);
        Assert.ThrowsExactly<ArgumentException>(() => dual.AddConstraintGroup(1, beta: -1));
        Assert.HasCount(1, dual.Groups);
        Assert.AreEqual(2, dual.ConstraintCount);
        dual.AddConstraintGroup(3);
        Assert.AreEqual(5, dual.ConstraintCount);
    }
}
