using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using static HumanCompatible.ML.Metrics.RowQuantity;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Docs;

/// <summary>Does what docs/extending.md says, with the very code that it shows: the parts between the markers below.</summary>
[TestClass]
public sealed class ExtendingTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Census.View(ML, 3000);

    [TestMethod]
    [DataRow("metric")]
    [DataRow("constraint")]
    [DataRow("factory")]
    [DataRow("options")]
    [DataRow("block")]
    [DataRow("optimizer")]
    public void Document_ShowsTheCodeOfThisFile(string excerpt)
    {
        if (Checkout.Folder is null)
            Assert.Inconclusive("The tests do not run inside a checkout: there is no document to read.");
        var lines = File.ReadAllLines(Path.Combine(Checkout.Folder!, "test", "HumanCompatible.ML.Tests", "Docs", "ExtendingTests.cs"));
        int start = FindLine($"// <{excerpt}>"), end = FindLine($"// </{excerpt}>"), indent = lines[start].IndexOf('/');
        var code = lines[(start + 1)..end].Select(line => line.Length < indent ? line : line[indent..]);
        var document = File.ReadAllText(Path.Combine(Checkout.Folder!, "docs", "extending.md")).ReplaceLineEndings("\n");

        StringAssert.Contains(document, $"```cs\n{string.Join('\n', code)}\n```\n");

        int FindLine(string marker) => Array.FindIndex(lines, line => line.Trim() == marker);
    }

    [TestMethod]
    public void Metric_OfOneRow_IsAudited()
    {
        var scored = Train().Transform(Data);

        var audit = Audit(scored);

        foreach (var group in audit.Intersection.Groups)
            Assert.AreEqual(FalsePositiveShare(scored, group.Name), group[GroupMetric.FalsePositiveShare], 1e-12, group.Name);
        Assert.IsTrue(audit.Intersection.Groups.All(group => group.Interval(GroupMetric.FalsePositiveShare).Lower >= 0));
    }

    [TestMethod]
    public void Constraint_OfOneMetric_IsTrainedAndAudited()
    {
        var constraint = Fairness.TreatmentEquality("Sex", 0.1);
        var (without, with) = (Train(), Train(constraint));

        var audit = Audit(with.Transform(Data));

        var shares = audit.Intersection.Groups.Select(group => FalsePositiveShare(with.Transform(Data), group.Name)).ToList();
        Assert.AreEqual(shares.Max() - shares.Min(), audit.ValueOf(constraint), 1e-12);
        var before = Audit(without.Transform(Data)).ValueOf(constraint);
        Assert.IsTrue(audit.ValueOf(constraint) < before / 2, $"{before} -> {audit.ValueOf(constraint)}");
        Assert.AreEqual("TreatmentEquality(Sex)", with.Model.Summary.Constraints.Single().Name);
    }

    [TestMethod]
    public void Constraint_OfAKindOfTheFile_ReadsBackEqual()
        => AssertReadsBack<FairnessConstraint>(Fairness.TreatmentEquality(["Sex", "Region"], 0.1) with { Baseline = GroupBaseline.Overall },
            "treatmentEquality");

    [TestMethod]
    public void DualOptimizer_AfterAnUpdate_IsItsFormula()
    {
        var dual = new ExponentiatedGradient(2, ConstraintKind.Inequality, new() { LearningRate = 0.5, InitialDuals = [0.2, 2] });

        dual.Update([0.4, -1]);

        Assert.AreEqual(0.2 * Math.Exp(0.2), dual.DualValues[0], 1e-15);
        Assert.AreEqual(2 * Math.Exp(-0.5), dual.DualValues[1], 1e-15);
        var error = Assert.ThrowsExactly<ArgumentException>(() => new ExponentiatedGradient(1, ConstraintKind.Equality));
        StringAssert.Contains(error.Message, "kind must be one of Inequality, got Equality.");
    }

    [TestMethod]
    public void DualOptimizer_InALoop_FindsTheKktPoint()
    {
        using var weight = nn.Parameter(tensor(3.0));
        var dual = new ExponentiatedGradient(1, ConstraintKind.Inequality, new() { LearningRate = 0.1 });
        for (var step = 0; step < 4000; step++)
        {
            using var scope = NewDisposeScope();
            weight.grad?.zero_();
            dual.ForwardUpdate(weight * weight, (1 - weight).reshape(1)).backward(); // minimize w² subject to 1 - w <= 0
            using (no_grad())
                weight.sub_(0.05 * weight.grad!);
        }

        Assert.AreEqual(1, weight.item<double>(), 1e-3);
        Assert.AreEqual(2, dual.DualValues[0], 1e-2);
    }

    [TestMethod]
    public void DualOptimizer_FromAState_GoesOnAlike()
    {
        var options = new ExponentiatedGradientOptions { LearningRate = 0.3 };
        DualOptimizer one = new ExponentiatedGradient(2, ConstraintKind.Inequality, options),
            other = new ExponentiatedGradient(2, ConstraintKind.Inequality);
        one.Update([0.5, 0.1]);

        other.LoadStateDict(one.StateDict());
        one.Update([0.2, -0.3]);
        other.Update([0.2, -0.3]);

        CollectionAssert.AreEqual(one.DualValues.ToArray(), other.DualValues.ToArray());
        AssertReadsBack<DualBlockState>(one.StateDict().Blocks[0], "eg");
        AssertReadsBack<DualOptimizerOptions>(options, "eg");
    }

    [TestMethod]
    public void DualOptimizer_OfATrainer_NarrowsTheDifference()
    {
        var constraint = Fairness.DemographicParity("Sex", 0.05);
        var options = Census.Options(constraint);
        options.NumberOfEpochs = 12;
        options.DualOptimizer = new ExponentiatedGradientOptions { LearningRate = 2, DualLowerBound = 0.01 };

        var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);

        double before = Audit(Train().Transform(Data)).ValueOf(constraint), after = Audit(model.Transform(Data)).ValueOf(constraint);
        Assert.IsTrue(after < before / 2, $"{before} -> {after}");
        Assert.IsTrue(model.Model.Duals.Max(dual => dual.Value) > 0.01);
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Train(params FairnessConstraint[] constraints)
    {
        var options = Census.Options(constraints);
        options.NumberOfEpochs = 12;
        return ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
    }

    private static FairnessAudit Audit(IDataView scored) => ML.Constrained().Audit.BinaryClassification(scored, ["Sex"]);

    private static double FalsePositiveShare(IDataView scored, string sex)
    {
        var errors = scored.GetColumn<string>("Sex").Zip(scored.GetColumn<bool>("Label"), scored.GetColumn<bool>("PredictedLabel"))
            .Where(row => row.First == sex && row.Second != row.Third).ToList();
        return errors.Count(row => row.Third) / (double)errors.Count;
    }

    // What a JsonDerivedType attribute with this word on the family does, and what is without it.
    private static void AssertReadsBack<TFamily>(TFamily value, string word)
        where TFamily : notnull
    {
        var options = new JsonSerializerOptions(JsonDialect.Options)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver
            {
                Modifiers =
                {
                    type =>
                    {
                        if (type.Type == typeof(TFamily))
                            type.PolymorphismOptions!.DerivedTypes.Add(new JsonDerivedType(value.GetType(), word));
                    },
                },
            },
        };

        var json = JsonSerializer.Serialize(value, options);

        StringAssert.StartsWith(json, $$"""{"kind":"{{word}}",""");
        Assert.AreEqual(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<TFamily>(json, options)!, options));
        Assert.ThrowsExactly<NotSupportedException>(() => JsonSerializer.Serialize(value, JsonDialect.Options));
    }
}

/// <summary>The row of the table.</summary>
internal static class AddedMetrics
{
    // <metric>
    /// <summary>Share of the errors that are false positives, FP / (FP + FN); in [0, 1].</summary>
    public static GroupMetric FalsePositiveShare { get; } = Row(nameof(FalsePositiveShare), FalsePositive, over: Incorrect);
    // </metric>

    private static GroupMetric Row(string name, RowQuantity numerator, RowQuantity over) => new(name, numerator, over);
}

// <constraint>
/// <summary>
/// Treatment equality: errors are of the same sort in every group. With e_g = FP_g / (FP_g + FN_g) the audited value is max e_g - min e_g,
/// at most the bound, from 0 to 1. A group without errors does not define it.
/// </summary>
/// <remarks>
/// Source: Berk, Heidari, Jabbari, Kearns, Roth (2021), Fairness in criminal justice risk assessments, there as the ratio FN / FP.
/// </remarks>
public sealed record TreatmentEquality : ParityConstraint
{
    [JsonConstructor]
    internal TreatmentEquality(ColumnNames groupColumnNames, double bound) : base(groupColumnNames, bound) { }

    internal override IReadOnlyList<GroupMetric> Metrics => [GroupMetric.FalsePositiveShare];
}
// </constraint>

/// <summary>Makes the row look as if it stood in <see cref="GroupMetric"/>, and the factory as if it stood in <see cref="Fairness"/>.</summary>
internal static class AddedMembers
{
    extension(GroupMetric)
    {
        internal static GroupMetric FalsePositiveShare => AddedMetrics.FalsePositiveShare;
    }

    extension(Fairness)
    {
        // <factory>
        /// <summary>Of the errors in each group the shares that are false positives differ by at most <paramref name="bound"/>.</summary>
        /// <param name="columns">The columns whose combinations of values are the groups.</param>
        /// <param name="bound">The largest difference allowed, from 0 to 1.</param>
        /// <returns>The declaration.</returns>
        public static TreatmentEquality TreatmentEquality(ColumnNames columns, double bound) => new(columns, bound);
        // </factory>
    }
}

// <options>
/// <summary>Options of <see cref="ExponentiatedGradient"/>. It takes inequalities only.</summary>
public sealed record ExponentiatedGradientOptions : MultiplierOptions
{
    /// <summary>Creates the defaults.</summary>
    public ExponentiatedGradientOptions() => DualLowerBound = 1e-4; // a multiplier of 0 would stay 0

    /// <summary>eta, the factor of a dual step, at least 0 and finite.</summary>
    /// <value>The default value is 0.1.</value>
    public double LearningRate { get; set; } = 0.1;

    internal override void Validate(Problems problems, ConstraintKind kind, int? count = null)
    {
        problems.OneOf(nameof(kind), kind, ConstraintKind.Inequality);
        problems.NotNegative(nameof(LearningRate), LearningRate);
        problems.Positive(nameof(DualLowerBound), DualLowerBound);
        base.Validate(problems, kind, count);
    }

    internal override DualOptimizer CreateOptimizer(ScalarType dtype, Device? device) => new ExponentiatedGradient(dtype, device);

    internal override ConstraintBlock CreateBlock(string name, int offset, int count, ConstraintKind kind)
        => new ExponentiatedGradientBlock(name, offset, count, kind, this);
}
// </options>

// <block>
/// <summary>A block of <see cref="ExponentiatedGradient"/>, which keeps nothing but its multipliers.</summary>
internal sealed class ExponentiatedGradientBlock(
    string name, int offset, int count, ConstraintKind kind, ExponentiatedGradientOptions options)
    : ConstraintBlock<ExponentiatedGradientOptions, ExponentiatedGradientBlockState>(name, offset, count, kind, options)
{
    internal override void Update(ReadOnlySpan<double> constraints, Span<double> duals, long epoch, long update)
    {
        var (lower, upper) = Options.DualRange(Kind);
        for (var j = 0; j < duals.Length; j++)
            duals[j] = Math.Clamp(duals[j] * Math.Exp(Options.LearningRate * constraints[j]), lower, upper);
    }

    internal override DualBlockState Save(ReadOnlySpan<double> duals) => new ExponentiatedGradientBlockState
    {
        Name = Name,
        ConstraintKind = Kind,
        Duals = [.. duals],
        Options = Options,
    };

    private protected override void Restore(ExponentiatedGradientBlockState state)
    {
    }
}

/// <summary>The state of a block of <see cref="ExponentiatedGradient"/>.</summary>
internal sealed record ExponentiatedGradientBlockState : DualBlockState<ExponentiatedGradientOptions>
{
    private protected override void ValidateOwn(Problems problems)
    {
    }
}
// </block>

// <optimizer>
/// <summary>
/// Exponentiated gradient: λ ← clamp(λ·exp(eta·c)), eta <see cref="ExponentiatedGradientOptions.LearningRate"/>. The Lagrangian is
/// loss + λ'c.
/// </summary>
/// <remarks>
/// Source: J. Kivinen, M. Warmuth, "Exponentiated gradient versus gradient descent for linear predictors" (1997), without normalization.
/// </remarks>
public sealed class ExponentiatedGradient : DualOptimizer
{
    /// <inheritdoc cref="NuPI(int, ConstraintKind, NuPIOptions, ScalarType, Device)"/>
    public ExponentiatedGradient(int count, ConstraintKind kind, ExponentiatedGradientOptions? options = null,
        ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(dtype, device) => Add(FirstBlockName, count, kind, options ?? new());

    internal ExponentiatedGradient(ScalarType dtype, Device? device)
        : base(dtype, device)
    {
    }

    /// <inheritdoc cref="NuPI.AddConstraintGroup"/>
    public ConstraintBlock AddConstraintGroup(string name, int count, ConstraintKind kind, ExponentiatedGradientOptions? options = null)
        => Add(name, count, kind, options ?? new());
}
// </optimizer>
