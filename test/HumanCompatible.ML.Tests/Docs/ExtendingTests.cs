using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Docs;

/// <summary>Does what docs/extending.md says, with the very code that it shows: the parts between the markers of Extensions.cs.</summary>
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
    public void Document_ShowsTheCodeThatIsTested(string excerpt)
    {
        if (Checkout.Folder is null)
            Assert.Inconclusive("The tests do not run inside a checkout: there is no document to read.");
        var lines = File.ReadAllLines(Path.Combine(Checkout.Folder!, "test", "HumanCompatible.ML.Tests", "Docs", "Extensions.cs"));
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
            Assert.AreEqual(JaccardIndex(scored, group.Name), group[GroupMetric.JaccardIndex], 1e-12, group.Name);
        Assert.IsTrue(audit.Intersection.Groups.All(group => group.Interval(GroupMetric.JaccardIndex).Lower >= 0));
    }

    [TestMethod]
    public void Constraint_OfOneMetric_IsTrainedAndAudited()
    {
        var constraint = Fairness.JaccardParity("Sex", 0.1);
        var (without, with) = (Train(), Train(constraint));

        var audit = Audit(with.Transform(Data));

        var indices = audit.Intersection.Groups.Select(group => JaccardIndex(with.Transform(Data), group.Name)).ToList();
        Assert.AreEqual(indices.Max() - indices.Min(), audit.ValueOf(constraint), 1e-12);
        var before = Audit(without.Transform(Data)).ValueOf(constraint);
        Assert.IsTrue(audit.ValueOf(constraint) < 0.75 * before, $"{before} -> {audit.ValueOf(constraint)}");
        Assert.AreEqual("JaccardParity(Sex)", with.Model.Summary.Constraints.Single().Name);
    }

    [TestMethod]
    public void Constraint_OfAKindOfTheFile_ReadsBackEqual()
        => AssertReadsBack<FairnessConstraint>(Fairness.JaccardParity(["Sex", "Region"], 0.1) with { Baseline = GroupBaseline.Overall },
            "jaccardParity");

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

    private static double JaccardIndex(IDataView scored, string sex)
    {
        var rows = scored.GetColumn<string>("Sex").Zip(scored.GetColumn<bool>("Label"), scored.GetColumn<bool>("PredictedLabel"))
            .Where(row => row.First == sex).ToList();
        return rows.Count(row => row.Second && row.Third) / (double)rows.Count(row => row.Second || row.Third);
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
