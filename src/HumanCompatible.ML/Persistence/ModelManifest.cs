using System.Text.Json.Serialization;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>Manifest.json: what a model is, by itself enough for a model card. It never names a type to load.</summary>
internal sealed record ModelManifest
{
    internal const string Name = "Manifest.json";

    /// <summary>The only version of the layout that this library writes and reads.</summary>
    internal const int CurrentFormat = 2;

    /// <summary>More than a manifest takes, so that memory is not taken for what is none.</summary>
    internal const int MaximumBytes = 1 << 26;

    /// <summary>The version of the layout.</summary>
    public required int Format { get; init; }

    /// <summary>The task of the trainer.</summary>
    public required LearningTask Task { get; init; }

    /// <summary>The classes of a multiclass classification in the order of their numbers; null otherwise.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The scale of the labels of a regression; null otherwise.</summary>
    public LabelScale? LabelScale { get; init; }

    /// <summary>When, with what and on which data the model was trained.</summary>
    public required ModelOrigin Origin { get; init; }

    /// <summary>What the user says of the model, by name.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The number of slots of the feature column.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>The network.</summary>
    public required NetworkDefinition Network { get; init; }

    /// <summary>The declared constraints.</summary>
    public required IReadOnlyList<FairnessConstraint> Constraints { get; init; }

    /// <summary>The settings of the dual optimizer.</summary>
    public required DualOptimizerOptions DualOptimizer { get; init; }

    /// <summary>The multipliers of the chosen epoch.</summary>
    public required IReadOnlyList<Multiplier> Multipliers { get; init; }

    /// <summary>The outcome of training: every bound, and what was measured against it.</summary>
    public required TrainingSummary Summary { get; init; }

    /// <summary>The other entries of the folder by name.</summary>
    public required IReadOnlyDictionary<string, EntryDigest> Entries { get; init; }

    /// <summary>What was learned of the labels.</summary>
    [JsonIgnore]
    public TaskLabels Labels => Classes is not null ? TaskLabels.Multiclass(Classes)
        : LabelScale is not null ? TaskLabels.Regression(LabelScale.Mean, LabelScale.Deviation) : TaskLabels.Binary;

    /// <summary>The constraints with the number of their multipliers.</summary>
    [JsonIgnore]
    public IReadOnlyList<MultiplierBlock> Blocks
        => [.. Multipliers.GroupBy(multiplier => multiplier.Constraint).Select(one => new MultiplierBlock(one.Key, one.Count()))];

    /// <summary>A checked manifest.</summary>
    /// <param name="utf8">The entry.</param>
    /// <param name="task">The task that it must be of.</param>
    /// <exception cref="InvalidDataException">It is of another format or wrong; the message names every problem.</exception>
    internal static ModelManifest Read(byte[] utf8, LearningTask task)
    {
        // The format first and by itself: another one has other members.
        var format = ModelJson.ReadInteger(utf8, "format");
        if (format != CurrentFormat)
        {
            throw new InvalidDataException($"its format is version {format}, and this version of HumanCompatible.ML reads version "
                + $"{CurrentFormat}: {(format > CurrentFormat ? "update the library" : "train the model again")}.");
        }

        var manifest = ModelJson.Read(utf8, WrittenManifest.Read);
        var problems = new List<string>();
        manifest.Check(problems, task);
        if (problems.Count == 0)
            SummaryCheck.Check(manifest, problems);
        return problems.Count == 0 ? manifest : throw new InvalidDataException(string.Join(" ", problems));
    }

    private void Check(List<string> problems, LearningTask task)
    {
        if (Task != task)
            problems.Add($"task must be {task}, got {Task}.");
        else if ((task == LearningTask.MulticlassClassification) != (Classes is { Count: >= 2 }))
            problems.Add($"classes must be at least 2 of {LearningTask.MulticlassClassification}, and missing of other tasks.");
        else if ((task == LearningTask.Regression) != (LabelScale is { IsValid: true }))
            problems.Add($"labelScale must be finite with a deviation above 0 of {LearningTask.Regression}, and missing of other tasks.");
        ModelMetadata.Validate(Metadata, "metadata", new Problems(problems));
        if (FeatureCount < 1)
            problems.Add($"featureCount must be at least 1, got {FeatureCount}.");
        if (Summary.SelectedEpoch < 1 || Summary.SelectedEpoch > Summary.EpochsRun)
            problems.Add($"summary.selectedEpoch must be from 1 to {Summary.EpochsRun}, got {Summary.SelectedEpoch}.");

        // Whether a network of the user's own is registered is said where it is built.
        if (Network is not ModuleNetwork module)
            Network.Validate(problems);
        else if (ModuleNetwork.NameProblem(module.Name) is { } problem)
            problems.Add(problem);
        DualOptimizer.Validate(new Problems(problems), ConstraintKind.Inequality);
        FairnessConstraint.Validate(Constraints, problems);

        if (Constraints.Count != Summary.Constraints.Count || Constraints.Zip(Summary.Constraints).Any(one => !IsOf(one.First, one.Second)))
            problems.Add("summary.constraints must have the names and bounds of constraints, in their order.");
        var names = Constraints.Select(constraint => constraint.Name).ToHashSet();
        if (Multipliers.FirstOrDefault(multiplier => !names.Contains(multiplier.Constraint)) is { } other)
            problems.Add($"multipliers has one of '{other.Constraint}', which is none of the constraints.");
    }

    private static bool IsOf(FairnessConstraint constraint, ConstraintSummary summary) => constraint.Name == summary.Name
        && constraint.Bound.Equals(summary.Bound) && constraint.IsLowerBound == summary.IsLowerBound;
}

/// <summary>The scale of the labels of a regression: the network learns (label - mean) / deviation.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation.</param>
internal sealed record LabelScale(double Mean, double Deviation)
{
    [JsonIgnore]
    internal bool IsValid => double.IsFinite(Mean) && double.IsFinite(Deviation) && Deviation > 0;
}
