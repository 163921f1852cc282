using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Torch;
using HumanCompatible.ML.Training;
using static System.FormattableString;

namespace HumanCompatible.ML.Trainers;

/// <summary>The settings that every constrained trainer has.</summary>
public abstract class ConstrainedTrainerOptions
{
    internal const int DefaultNumberOfEpochs = 20;
    internal const double DefaultLearningRate = 1.5e-3;
    private const int UsualDefaultBatch = 512;
    private const int LargestDefaultBatch = 1024;
    private const int MostUsualSteps = 50;
    private const int SmallestDefaultBatch = 32;
    private const int LeastDefaultSteps = 16;

    private protected ConstrainedTrainerOptions()
    {
    }

    /// <summary>The label column.</summary>
    /// <value>The default is "Label".</value>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The feature column: a vector of <see cref="float"/> of fixed size.</summary>
    /// <value>The default is "Features".</value>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>The column with the weight of a row in the loss and in every rate: Single, finite, not negative.</summary>
    /// <value>The default, null, weighs all rows alike.</value>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>The constraints. Their group columns are needed to fit, never to score.</summary>
    /// <value>The default is none: the network is trained without constraint.</value>
    public IReadOnlyList<FairnessConstraint> Constraints { get; set; } = [];

    /// <summary>
    /// The fewest rows of a group that counts, among the rows given to <c>Fit</c> before any are held out; smaller groups are treated as
    /// <see cref="SmallGroups"/> says.
    /// </summary>
    /// <value>At least 1. The default, 1, counts every group; those of fewer than 30 rows then get a warning.</value>
    public int MinimumGroupSize { get; set; } = 1;

    /// <summary>What is done with groups of fewer rows than <see cref="MinimumGroupSize"/>.</summary>
    /// <value>The default leaves them out of the constraints on these columns.</value>
    public SmallGroupPolicy SmallGroups { get; set; }

    /// <summary>What is done with rows whose value is missing in a group column.</summary>
    /// <value>The default makes them a group of their own.</value>
    public MissingGroupPolicy MissingGroupValues { get; set; }

    /// <summary>
    /// What is done with a group that does not define a rate of a constraint on the training rows. With one label only, or one group left
    /// to compare, Fit fails in any case.
    /// </summary>
    /// <value>The default leaves the rate out of the constraint.</value>
    public UndefinedRatePolicy UndefinedRates { get; set; } = UndefinedRatePolicy.Exclude;

    /// <summary>What is trained.</summary>
    /// <value>The default is <c>Network.MultilayerPerceptron(64, 64)</c>.</value>
    public NetworkDefinition Network { get; set; } = Networks.Network.MultilayerPerceptron(64, 64);

    /// <summary>How slots with many distinct values enter the network.</summary>
    /// <value>The default is a piecewise-linear encoding over the quantiles of the training rows.</value>
    public FeatureEncoding FeatureEncoding { get; set; } = FeatureEncoding.PiecewiseLinear();

    /// <summary>The dual optimizer that moves the multipliers of the constraints.</summary>
    /// <value>The default is iALM with settings that suit the violations of rates.</value>
    public DualOptimizerOptions DualOptimizer { get; set; } =
        new InexactAugmentedLagrangianOptions { Beta = 0.2, Gamma = 0.02, Penalty = 3 };

    /// <summary>
    /// When dual steps are taken: after every batch, every few batches or once an epoch, from the first epoch on or after some without
    /// constraints.
    /// </summary>
    /// <value>The default takes one after every batch.</value>
    public DualSchedule DualSchedule { get; set; } = new();

    /// <summary>A Moreau envelope around the weights, which steadies the primal step.</summary>
    /// <value>The default, null, is none.</value>
    public MoreauEnvelopeOptions? MoreauEnvelope { get; set; }

    /// <summary>
    /// About how many epochs the moving average of the weights remembers. After each epoch the weights and their average are candidates;
    /// the average has less of the noise of
    /// the last batches (Polyak and Juditsky, 1992).
    /// </summary>
    /// <value>At least 0 and finite; 0 averages nothing. The default is 1.</value>
    public double WeightAveragingEpochs { get; set; } = 1;

    /// <summary>
    /// Whether the multipliers also see by how much the constraints do worse on the rows that choose the epoch than on those that are
    /// trained on, so that a bound holds on
    /// both; measured on the whole of both every other epoch. The weights are never trained on those rows (after Cotter et al., 2019, whose
    /// multipliers see nothing else).
    /// </summary>
    /// <value>The default is true. Without held-out rows there is nothing to correct.</value>
    public bool CorrectGeneralizationGap { get; set; } = true;

    /// <summary>
    /// Whether dual steps are shortened after one that moved a multiplier by more than 0.02. A dual optimizer whose step sizes are far too
    /// large then does not end in constant
    /// predictions. False takes every step as the dual optimizer's formula has it. Steps once an epoch
    /// (<see cref="DualSchedule.OncePerEpoch"/>) are never shortened.
    /// </summary>
    /// <value>The default is true.</value>
    public bool DampDuals { get; set; } = true;

    /// <summary>Passes over the training rows.</summary>
    /// <value>At least 1. The default is 20.</value>
    public int NumberOfEpochs { get; set; } = DefaultNumberOfEpochs;

    /// <summary>Rows per step.</summary>
    /// <value>At least 1. The default, null, is 512; less where the training rows would not make 16 steps an epoch, but not less than 32;
    /// more where they make over 50, but not more than 1024.</value>
    public int? BatchSize { get; set; }

    /// <summary>How the rows of a batch are drawn.</summary>
    /// <value>The default shuffles the rows.</value>
    public BatchSampling Sampling { get; set; }

    /// <summary>The step size of the primal optimizer, Adam (Kingma and Ba, 2015).</summary>
    /// <value>Above 0 and finite. The default is 0.0015.</value>
    public double LearningRate { get; set; } = DefaultLearningRate;

    /// <summary>The decoupled weight decay of the primal optimizer (AdamW; Loshchilov and Hutter, 2019).</summary>
    /// <value>At least 0 and finite. The default, 0, is plain Adam.</value>
    public double WeightDecay { get; set; }

    /// <summary>
    /// How much stricter than declared the bounds are while training, in the unit of the bound, so that the declared bound also holds on
    /// data that was not
    /// seen. Where a bound is smaller than twice this, half the bound is used. The epoch is chosen by the declared bound.
    /// </summary>
    /// <value>At least 0 and below 1. The default is 0.01.</value>
    public double TrainingMargin { get; set; } = 0.01;

    /// <summary>The share of the rows that is held out of training to choose the epoch, where <c>Fit</c> gets no validation data.</summary>
    /// <value>At least 0 and below 1; 0 chooses on the training rows. The default is 0.2.</value>
    public double ValidationFraction { get; set; } = 0.2;

    /// <summary>
    /// With which confidence the bounds are to hold on unseen data of the same distribution. The held-out rows
    /// (<see cref="ValidationFraction"/>, or the validation data given to <c>Fit</c>) are then
    /// halved: one half chooses the epoch, the other, the safety rows, tests the chosen model once.
    /// <see cref="TrainingSummary.HoldsWithConfidence"/> says whether all bounds were shown to hold, and
    /// <see cref="ConstraintSummary.ConfidenceLimit"/> what was shown. Training keeps a distance from the bounds that makes it likely, at
    /// some cost in accuracy. The confidence counts for all
    /// constraints together; it is conservative for rates, and approximate for mean losses and for weighted rows.
    /// Source: Thomas et al. (2019), Preventing undesirable behavior of intelligent machines; Woodworth et al. (2017), Learning
    /// non-discriminatory predictors.
    /// </summary>
    /// <value>Above 0.5 and below 1, such as 0.95. The default, null, tests nothing.</value>
    public double? ConfidenceLevel { get; set; }

    /// <summary>Stops after that many epochs in a row without a better candidate.</summary>
    /// <value>At least 1; the default, null, always runs all epochs.</value>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>The seed of the initial weights, the held-out rows, the order of the rows and dropout.</summary>
    /// <value>The default, null, draws one from the <see cref="Microsoft.ML.MLContext"/>, whose own seed then decides.</value>
    public int? Seed { get; set; }

    /// <summary>Where the network is trained: "cpu", "cuda" or "cuda:N".</summary>
    /// <value>The default is "cpu".</value>
    public string Device { get; set; } = "cpu";

    /// <summary>The threads torch uses while training. One is the fastest for small networks, and the results repeat bit by bit.</summary>
    /// <value>At least 1; null leaves torch's setting as it is. The default is 1. The setting of the process is put back after Fit.</value>
    public int? NumberOfThreads { get; set; } = 1;

    /// <summary>
    /// Whether the model keeps where training stood after its last epoch, so that <see cref="ContinueFrom"/> goes on as if it had never
    /// stopped. It makes the file about four times as large.
    /// </summary>
    /// <value>The default is false.</value>
    public bool KeepTrainingState { get; set; }

    /// <summary>
    /// A trained model to go on from for <see cref="NumberOfEpochs"/> more epochs, with its feature encoding, weights, duals, history and
    /// best candidate; for instance
    /// <c>model.LastTransformer.Model</c>. With a state (<see cref="KeepTrainingState"/>),
    /// the same data, options and seed the
    /// result is bit by bit that of a single longer training; without one, training goes on from the shipped weights and duals with a fresh
    /// primal optimizer.
    /// </summary>
    /// <value>The default, null, starts anew. The network, the number of features and the names of the constraints must be the
    /// model's.</value>
    public ConstrainedBinaryModelParameters? ContinueFrom { get; set; }

    /// <summary>Is told of every epoch, on the thread that fits.</summary>
    /// <value>The default is null.</value>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>
    /// Stops training within a batch; Fit then throws <see cref="TrainingCanceledException"/>, which holds the best model so far.
    /// </summary>
    /// <value>The default never cancels.</value>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>What is learned.</summary>
    internal abstract LearningTask Task { get; }

    // After MemberwiseClone: what the caller could still change is copied too.
    private protected void Detach()
    {
        Constraints = [.. Constraints];
        DualOptimizer = DualOptimizer.Clone();
    }

    internal void Validate(ICollection<string> problems)
    {
        CheckName(problems, nameof(LabelColumnName), LabelColumnName);
        CheckName(problems, nameof(FeatureColumnName), FeatureColumnName);
        if (ExampleWeightColumnName is not null)
            CheckName(problems, nameof(ExampleWeightColumnName), ExampleWeightColumnName);
        if (LabelColumnName is { Length: > 0 } && LabelColumnName == FeatureColumnName)
            problems.Add($"{nameof(LabelColumnName)} and {nameof(FeatureColumnName)} are both '{LabelColumnName}'.");
        if (ExampleWeightColumnName is { Length: > 0 } && ExampleWeightColumnName == LabelColumnName)
            problems.Add($"{nameof(LabelColumnName)} and {nameof(ExampleWeightColumnName)} are both '{LabelColumnName}'.");

        Check(problems, Network is not null, $"{nameof(Network)} is null.");
        Network?.Validate(problems);
        Check(problems, FeatureEncoding is not null, $"{nameof(FeatureEncoding)} is null.");
        FeatureEncoding?.Validate(problems);
        Check(problems, DualOptimizer is not null, $"{nameof(DualOptimizer)} is null.");
        DualOptimizer?.Validate(problems);
        Check(problems, Constraints is not null, $"{nameof(Constraints)} is null.");
        if (Constraints is not null)
        {
            FairnessConstraint.Validate(Constraints, problems);
            FairnessConstraint.ValidateFor(Constraints, Task, problems);
            ConflictingBounds.Validate(Constraints, problems, EveryRowHasItsGroup);
        }

        Check(problems, MinimumGroupSize >= 1, Invariant($"{nameof(MinimumGroupSize)} must be at least 1, got {MinimumGroupSize}."));
        CheckEnum(problems, nameof(SmallGroups), SmallGroups);
        CheckEnum(problems, nameof(MissingGroupValues), MissingGroupValues);
        CheckEnum(problems, nameof(UndefinedRates), UndefinedRates);
        Check(problems, DualSchedule is not null, $"{nameof(DualSchedule)} is null.");
        DualSchedule?.Validate(problems);
        MoreauEnvelope?.Validate(problems);
        if (ContinueFrom is not null && Network is not null && Constraints is not null)
            ValidateContinuation(ContinueFrom, problems);

        Check(problems, NumberOfEpochs >= 1, Invariant($"{nameof(NumberOfEpochs)} must be at least 1, got {NumberOfEpochs}."));
        Check(problems, BatchSize is null or >= 1, Invariant($"{nameof(BatchSize)} must be at least 1, got {BatchSize}."));
        CheckEnum(problems, nameof(Sampling), Sampling);
        Check(problems, LearningRate > 0 && double.IsFinite(LearningRate),
            Invariant($"{nameof(LearningRate)} must be above 0 and finite, got {LearningRate}."));
        Check(problems, WeightDecay >= 0 && double.IsFinite(WeightDecay),
            Invariant($"{nameof(WeightDecay)} must be at least 0 and finite, got {WeightDecay}."));
        Check(problems, TrainingMargin is >= 0 and < 1,
            Invariant($"{nameof(TrainingMargin)} must be at least 0 and below 1, got {TrainingMargin}."));
        Check(problems, WeightAveragingEpochs >= 0 && double.IsFinite(WeightAveragingEpochs),
            Invariant($"{nameof(WeightAveragingEpochs)} must be at least 0 and finite, got {WeightAveragingEpochs}."));
        Check(problems, ValidationFraction is >= 0 and < 1,
            Invariant($"{nameof(ValidationFraction)} must be at least 0 and below 1, got {ValidationFraction}."));
        ValidateConfidence(problems);
        Check(problems, EarlyStoppingPatience is null or >= 1,
            Invariant($"{nameof(EarlyStoppingPatience)} must be at least 1, got {EarlyStoppingPatience}."));
        Check(problems, NumberOfThreads is null or >= 1,
            Invariant($"{nameof(NumberOfThreads)} must be at least 1, got {NumberOfThreads}."));
        Check(problems, TorchDevice.IsWellFormed(Device),
            $"{nameof(Device)} must be 'cpu', 'cuda' or 'cuda:N', got {(Device is null ? "null" : $"'{Device}'")}.");
    }

    // A group that only lacks what a rate counts takes nothing from the rate of the groups around it.
    private bool EveryRowHasItsGroup => (MinimumGroupSize == 1 || SmallGroups == SmallGroupPolicy.Error)
        && MissingGroupValues != MissingGroupPolicy.Exclude;

    private void ValidateConfidence(ICollection<string> problems)
    {
        if (ConfidenceLevel is not { } level)
            return;
        Check(problems, level is > 0.5 and < 1, Invariant($"{nameof(ConfidenceLevel)} must be above 0.5 and below 1, got {level}."));
        Check(problems, ValidationFraction != 0,
            $"{nameof(ConfidenceLevel)} needs rows that are not trained on, but {nameof(ValidationFraction)} is 0.");
        foreach (var custom in (Constraints ?? []).OfType<CustomConstraint>())
        {
            problems.Add(
                $"{custom.Name}: nothing is known of the distribution of a custom statistic, so no {nameof(ConfidenceLevel)} can be given "
                + "to it.");
        }

        Check(problems, Constraints is null or { Count: > 0 },
            $"{nameof(ConfidenceLevel)} is given, but there are no {nameof(Constraints)} to hold with it.");
    }

    private void ValidateContinuation(ConstrainedBinaryModelParameters model, ICollection<string> problems)
    {
        Check(problems, model.Network.Equals(Network),
            $"{nameof(ContinueFrom)} has the network {model.Network}, but {nameof(Network)} is {Network}.");
        var names = model.Constraints.Select(constraint => constraint.Name).ToList();
        var wanted = Constraints.Where(constraint => constraint is not null).Select(constraint => constraint.Name).ToList();
        Check(problems, names.SequenceEqual(wanted),
            $"{nameof(ContinueFrom)} has the constraints [{string.Join("; ", names)}], but {nameof(Constraints)} are "
            + $"[{string.Join("; ", wanted)}].");
    }

    /// <summary>The rows per step for a number of training rows.</summary>
    internal int BatchSizeFor(int rows) => BatchSize
        ?? Math.Clamp(Math.Max(Math.Min(rows / LeastDefaultSteps, UsualDefaultBatch), rows / MostUsualSteps), SmallestDefaultBatch,
        LargestDefaultBatch);

    private static void CheckName(ICollection<string> problems, string option, string? name)
        => Check(problems, !string.IsNullOrEmpty(name), $"{option} is {(name is null ? "null" : "empty")}.");

    private static void CheckEnum<T>(ICollection<string> problems, string option, T value) where T : struct, Enum
        => Check(problems, Enum.IsDefined(value),
            Invariant($"{option} must be one of {string.Join(", ", Enum.GetNames<T>())}, got {value}."));

    private static void Check(ICollection<string> problems, bool holds, string problem)
    {
        if (!holds)
            problems.Add(problem);
    }
}
