using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// Manifest.json, History.json and Duals.json as they were written, see <see cref="WrittenObject"/>. What is rare in them is left to the
/// serializer: dual optimizers other than the default, and constraints of the user's own.
/// </summary>
internal static class WrittenManifest
{
    private const string Kind = "kind";

    internal static ModelManifest Read(JsonElement json) => WrittenObject.Of(json, json => new ModelManifest
    {
        Format = json.Integer("format"),
        Task = json.Word<LearningTask>("task"),
        Classes = json.Has("classes") ? json.Texts("classes") : null,
        LabelScale = json.Has("labelScale")
            ? json.Object("labelScale", one => new LabelScale(one.Number("mean"), one.Number("deviation"))) : null,
        Origin = json.Object("origin", Origin),
        Metadata = json.Map("metadata", WrittenObject.TextOf),
        FeatureCount = json.Integer("featureCount"),
        Network = json.Object("network", Network),
        Constraints = json.List("constraints", Constraint),
        DualOptimizer = json.Object("dualOptimizer", one => one.Text(Kind) == "ialm" ? Options(one) : throw IsRare()),
        Multipliers = json.List("multipliers", one => new Multiplier(one.Text("constraint"), one.Text("inequality"), one.Number("value"))),
        Summary = json.Object("summary", WrittenSummary.Read),
        Entries = json.Map("entries", entry => WrittenObject.Of(entry, one => new EntryDigest(one.Long("bytes"), one.Text("sha256")))),
    });

    internal static List<EpochHistory> ReadHistory(JsonElement json) => WrittenObject.ListOf(json, one => new EpochHistory(
        one.Integer("epoch"), one.Number("trainingLoss"), one.Number("validationLoss"), one.Number("validationAccuracy"),
        one.Numbers("auditedValues"), one.Numbers("duals")));

    internal static DualOptimizerState ReadDuals(JsonElement json) => WrittenObject.Of(json, json => new DualOptimizerState
    {
        Epoch = json.Long("epoch"),
        Updates = json.Long("updates"),
        Blocks = Immutable(json.List("blocks", Block).ToArray()),
    });

    /// <summary>The metric of a word.</summary>
    internal static GroupMetric Metric(string word)
    {
        foreach (var metric in GroupMetric.Every)
        {
            if (JsonNamingPolicy.CamelCase.ConvertName(metric.Name) == word)
                return metric;
        }

        throw IsRare();
    }

    private static ModelOrigin Origin(WrittenObject json)
    {
        var text = json.Text("trainedAt");
        var trainedAt = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        WrittenObject.Require(trainedAt.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture) == text);
        return new(trainedAt, json.Text("library"), json.Text("dataFingerprint"))
        {
            Experiment = json.Has("experiment") ? json.Object("experiment", one => new ModelExperiment(one.Integer("run"),
                one.Integer("runs"), one.Integer("looks"), one.Integer("seed"), one.Text("parameters"), one.Text("choice"))) : null,
        };
    }

    private static NetworkDefinition Network(WrittenObject json) => json.Text(Kind) switch
    {
        "linear" => new LinearNetwork(),
        "multilayerPerceptron" => Perceptron(new MultilayerPerceptronNetwork(Integers(json.Take("hiddenUnits"))), json),
        "residualPerceptron" => Perceptron(new ResidualPerceptronNetwork(json.Integer("units"), json.Integer("blocks")), json),
        "module" => new ModuleNetwork(json.Text("name")),
        _ => throw IsRare(),
    };

    private static PerceptronNetwork Perceptron(PerceptronNetwork network, WrittenObject json)
    {
        network = network with { Activation = json.Word<Activation>("activation"), Dropout = json.Number("dropout") };
        if (!json.Has("normalization"))
            return network;
        network = network with { Normalization = json.Word<Normalization>("normalization") };
        WrittenObject.Require(network.Normalization != Normalization.None);
        return network;
    }

    private static ImmutableArray<int> Integers(JsonElement json)
    {
        var integers = new int[json.GetArrayLength()];
        for (var index = 0; index < integers.Length; index++)
        {
            integers[index] = json[index].GetInt32();
            WrittenObject.Require(integers[index].ToString(CultureInfo.InvariantCulture) == json[index].GetRawText());
        }

        return Immutable(integers);
    }

    private static FairnessConstraint Constraint(WrittenObject json)
    {
        var (kind, columns, bound) = (json.Text(Kind), (ColumnNames)json.Texts("groupColumnNames"), json.Number("bound"));
        FairnessConstraint constraint = kind switch
        {
            "demographicParity" => new DemographicParity(columns, bound),
            "equalizedOdds" => new EqualizedOdds(columns, bound),
            "equalOpportunity" => new EqualOpportunity(columns, bound),
            "predictiveEquality" => new PredictiveEquality(columns, bound),
            "accuracyParity" => new AccuracyParity(columns, bound),
            "predictiveParity" => new PredictiveParity(columns, bound),
            "falseOmissionRateParity" => new FalseOmissionRateParity(columns, bound),
            "lossParity" => new LossParity(columns, bound),
            "meanParity" => new MeanParity(columns, bound),
            "residualParity" => new ResidualParity(columns, bound),
            "boundedGroupLoss" => new BoundedGroupLoss(columns, bound),
            "rateBound" => new RateBound(Metric(json.Text("metric")), json.Word<BoundDirection>("direction"), columns, bound),
            _ => throw IsRare(),
        };
        if (constraint is ParityConstraint parity)
        {
            constraint = parity with
            {
                Comparison = json.Word<GroupComparison>("comparison"),
                Baseline = json.Word<GroupBaseline>("baseline"),
                ReferenceGroup = json.TextOrNull("referenceGroup"),
            };
        }

        constraint = constraint with { ClassName = json.TextOrNull("className") };
        return constraint with { Name = json.Text("name") };
    }

    private static InexactAugmentedLagrangianOptions Options(WrittenObject json) => new()
    {
        Beta = json.Number("beta"),
        Gamma = json.Number("gamma"),
        Penalty = json.Number("penalty"),
        PenaltyIsBeta = json.Flag("penaltyIsBeta"),
        PenalizeSlack = json.Flag("penalizeSlack"),
        Sigma = json.Number("sigma"),
        BetaMax = json.Number("betaMax"),
        GrowPerEpoch = json.Flag("growPerEpoch"),
        GrowOnlyWhileViolated = json.Flag("growOnlyWhileViolated"),
        SummableGamma = json.Flag("summableGamma"),
        Momentum = json.Number("momentum"),
        Dampening = json.NumberOrNull("dampening"),
        Tolerance = json.Number("tolerance"),
        DualLowerBound = json.Number("dualLowerBound"),
        DualUpperBound = json.Number("dualUpperBound"),
        InitialDuals = json.Has("initialDuals") ? json.Numbers("initialDuals") : null,
        WarmUpEpochs = json.Has("warmUpEpochs") ? json.Integer("warmUpEpochs") : null,
        BatchesPerStep = json.Has("batchesPerStep") ? json.Integer("batchesPerStep") : null,
        OncePerEpoch = json.Flag("oncePerEpoch"),
    };

    private static DualBlockState Block(WrittenObject json)
    {
        WrittenObject.Require(json.Text(Kind) == "ialm");
        return new InexactAugmentedLagrangianBlockState
        {
            Beta = json.Number("beta"),
            LastViolation = json.Number("lastViolation"),
            MomentumBuffer = Immutable(json.Numbers("momentumBuffer")),
            Options = json.Object("options", Options),
            Name = json.Text("name"),
            ConstraintKind = json.Word<ConstraintKind>("constraintKind"),
            Duals = Immutable(json.Numbers("duals")),
        };
    }

    private static ImmutableArray<T> Immutable<T>(T[] array) => ImmutableCollectionsMarshal.AsImmutableArray(array);

    private static InvalidOperationException IsRare() => new("It is left to the serializer.");
}
