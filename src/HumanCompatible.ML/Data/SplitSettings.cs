using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Data;

/// <summary>How tables become <see cref="TrainingSplits"/>.</summary>
internal sealed record SplitSettings
{
    internal required IReadOnlyList<FairnessConstraint> Constraints { get; init; }

    internal required GroupOptions Groups { get; init; }

    /// <summary>How the features of a number of training rows are encoded; null for as they are.</summary>
    internal required Func<int, PiecewiseLinearEncoding>? Encoding { get; init; }

    /// <summary>The encoder of the model to go on from; null where one is fitted.</summary>
    internal required FeatureEncoder? KnownEncoder { get; init; }

    /// <summary>What the model to go on from learned of its labels; null where there is none.</summary>
    internal TaskLabels? KnownTask { get; init; }

    /// <summary>How the model to go on from divided its data; null where there is none.</summary>
    internal PreviousSplit? Previous { get; init; }

    /// <summary>The share of a number of rows that is held out where there are no validation data.</summary>
    internal required Func<int, double> ValidationFraction { get; init; }

    /// <summary>The confidence with which rows that are not trained on test the chosen model; null where none do.</summary>
    internal required double? ConfidenceLevel { get; init; }

    /// <summary>Where the features are kept; null for memory.</summary>
    internal RowMemory? Memory { get; init; }

    /// <summary>Ends the reading and dividing.</summary>
    internal CancellationToken Cancellation { get; init; }

    /// <summary>Decides which rows are held out.</summary>
    internal required int Seed { get; init; }
}
