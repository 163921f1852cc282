using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>
/// The settings that every constrained trainer has. A trainer checks them all at once and takes a copy: later changes do not reach it.
/// </summary>
public abstract record ConstrainedTrainerOptions
{
    private protected ConstrainedTrainerOptions()
    {
    }

    /// <summary>The label column.</summary>
    /// <value>A name; the trainer says which types it takes. The default is "Label".</value>
    public string LabelColumnName { get; set; } = TrainerDefaults.LabelColumnName;

    /// <summary>
    /// The feature column: a vector of <see cref="float"/> of fixed size, dense or sparse; without missing values, unless
    /// <see cref="EncodeMissingValues"/> is set.
    /// </summary>
    /// <value>A name. The default is "Features".</value>
    public string FeatureColumnName { get; set; } = TrainerDefaults.FeatureColumnName;

    /// <summary>The column with the weight of a row in the loss and in every rate: Single, finite, not negative.</summary>
    /// <value>A name. The default, null, weighs all rows alike.</value>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>The constraints. Their group columns are needed to fit, never to score.</summary>
    /// <value>Made by <see cref="Fairness"/>. The default is none: the network is trained without constraint.</value>
    public IReadOnlyList<FairnessConstraint> Constraints { get; set; } = [];

    /// <summary>What is trained.</summary>
    /// <value>Made by <see cref="Networks.Network"/>. The default is <c>Network.MultilayerPerceptron(64, 64)</c>.</value>
    public NetworkDefinition Network { get; set; } = TrainerDefaults.Network;

    /// <summary>Passes over the training rows.</summary>
    /// <value>
    /// At least 1. The default, null, is 20; of more than 60,000 training rows as many as go over 1,200,000 rows, but not fewer than 2: it
    /// is the number of steps that counts.
    /// </value>
    public int? NumberOfEpochs { get; set; }

    /// <summary>Rows per step.</summary>
    /// <value>
    /// At least 1. The default, null, is 512; less where the training rows would not make 16 steps an epoch, but not less than 32; more
    /// where they make over 50, but not more than 1024.
    /// </value>
    public int? BatchSize { get; set; }

    /// <summary>The step size of the <see cref="Optimizer"/>.</summary>
    /// <remarks>
    /// Where the default network learns a binary label without constraints by AdamW from 4,000 training rows or more, and has fewer than
    /// 4,096 inputs, each input has a learned factor; the factors take steps six times as large, and are part of the first weights of the
    /// trained model.
    /// </remarks>
    /// <value>
    /// Above 0 and finite. The default, null, is 0.0015; 0.003 with learned factors, and where the default network learns a binary label
    /// under constraints by AdamW from 100,000 training rows or more, and has fewer than 4,096 inputs; 0.05 for <c>Network.Linear()</c>,
    /// whose weights have further to go, and for <see cref="PrimalMethod.Sgd"/>.
    /// </value>
    public double? LearningRate { get; set; }

    /// <summary>The share of the rows that is held out of training to choose the epoch, where <c>Fit</c> gets no validation data.</summary>
    /// <value>
    /// At least 0 and below 1; 0 chooses on the training rows. The default, null, is 0.2; but where the default network learns a binary
    /// label without constraints by AdamW no more than 2,000 rows, or 0.1 where that is more; and 0 where the default network is trained
    /// without constraints and with its default weight decay on fewer than 1,500 rows, which gain more by training on all of them.
    /// </value>
    public double? ValidationFraction { get; set; }

    /// <summary>With which confidence the bounds are to hold on unseen data of the same distribution.</summary>
    /// <remarks>
    /// Some rows, the safety rows, then neither train nor choose the model but test it once: 10% to 40% of all rows, as many as can show
    /// the bounds, before <see cref="ValidationFraction"/> is taken of the rest; or three quarters of the validation data given to
    /// <c>Fit</c>. <see cref="TrainingSummary.HoldsWithConfidence"/> says whether all bounds were shown to hold, and
    /// <see cref="ConstraintSummary.ConfidenceLimit"/> what was shown. Training keeps a distance from the bounds that makes it likely, at
    /// some cost in accuracy. The confidence counts for all constraints together. It is conservative for rates, and approximate for mean
    /// losses and for weighted rows.
    /// Source: Thomas et al. (2019), Preventing undesirable behavior of intelligent machines; Woodworth et al. (2017), Learning
    /// non-discriminatory predictors.
    /// </remarks>
    /// <value>Above 0.5 and below 1, such as 0.95. The default, null, tests nothing.</value>
    public double? ConfidenceLevel { get; set; }

    /// <summary>The dual optimizer that moves the multipliers of the constraints, and when it does.</summary>
    /// <value>The default is iALM, <see cref="InexactAugmentedLagrangianOptions"/>.</value>
    public DualOptimizerOptions DualOptimizer { get; set; } = new InexactAugmentedLagrangianOptions();

    /// <summary>
    /// Stops after that many epochs in a row without a better candidate, counted from the first candidate that keeps the bounds without
    /// being nearly constant.
    /// </summary>
    /// <value>At least 1. The default, null, always runs all epochs.</value>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>The seed of the initial weights, the held-out rows, the order of the rows and dropout.</summary>
    /// <value>Any. The default, null, draws one from the <see cref="Microsoft.ML.MLContext"/>, whose own seed then decides.</value>
    public int? Seed { get; set; }

    /// <summary>
    /// Where the network is trained. On a GPU the rows lie in its memory where they fit; else each batch is sent there. Built-in networks
    /// score on the processor wherever they were trained.
    /// </summary>
    /// <value>
    /// "cpu", "cuda", "cuda:N", or "auto": "cuda" where there is one, else "cpu". The default is "cpu".
    /// </value>
    public string Device { get; set; } = "cpu";

    /// <summary>
    /// The threads that torch uses within an operation while training, on each of <see cref="NumberOfWorkers"/>. With one, small networks
    /// train fastest.
    /// </summary>
    /// <value>
    /// From 1 to four times the processors of the machine; null leaves torch's setting as it is. The default is 1. The setting of
    /// the process is put back after Fit.
    /// </value>
    public int? NumberOfThreads { get; set; } = 1;

    /// <summary>The threads that train side by side, each on its part of every batch.</summary>
    /// <remarks>
    /// Gradients and the statistics of groups are added up in a fixed order: a number of workers gives the same model every time, and two
    /// numbers the same but for rounding and the masks of dropout, which each draws for itself. Batch normalization, a network of your own,
    /// a custom constraint, 4,096 inputs or more, and what is trained on a GPU or by a <see cref="Collective"/>, have one, whatever is set.
    /// </remarks>
    /// <value>
    /// From 1 to four times the processors of the machine. The default, null, is 2 for batches of 1,024 rows or more, else 1, on any
    /// machine.
    /// </value>
    public int? NumberOfWorkers { get; set; }

    /// <summary>How much memory the rows may take, in bytes. The features of more rows stream from a temporary file.</summary>
    /// <remarks>
    /// Counted are the features, 4 bytes for each value that is kept, and beside them 44 bytes a row, 12 more for a weight and for each
    /// group column: what reading, dividing and training need of it. Rows that take more have their features moved to a file in
    /// <see cref="TemporaryFolder"/>, which is read in memory: its pages are the system's, which takes them back when it needs them. The
    /// model is the same as from memory, bit by bit. Not counted are the runtime, libtorch, the network, what logistic regression reads
    /// where it may have a share in the network (some 100 MB at most), and what the garbage collector has not taken back yet. Nobody else
    /// can read the file, and it is gone when Fit ends, also where the process is killed. With a <see cref="Collective"/> each process has
    /// a maximum of its own.
    /// </remarks>
    /// <value>At least 1. The default, null, keeps all rows in memory.</value>
    public long? MaximumMemory { get; set; }

    /// <summary>Where the temporary file of <see cref="MaximumMemory"/> is made: on a disk with room for the features.</summary>
    /// <value>
    /// A folder. The default, null, is that of the system (<see cref="Path.GetTempPath"/>), which on some systems is itself in memory.
    /// </value>
    public string? TemporaryFolder { get; set; }

    /// <summary>The processes that train one model together, each on the rows that it has read.</summary>
    /// <remarks>
    /// All run the same program with the same options on different parts of one table: <c>Fit</c> gives each the same model, which the
    /// first saves, or says to all which options differ. The seed is that of the first, which also reads and writes the
    /// <see cref="Checkpoint"/>. Not with a custom constraint or batch normalization, which are no sums over rows. The package
    /// HumanCompatible.ML.Mpi makes a collective of the processes of <c>mpiexec</c>.
    /// </remarks>
    /// <value>The default, null, is this process alone.</value>
    public ICollective? Collective { get; set; }

    /// <summary>Which groups the constraints speak of, and how batches are drawn from them.</summary>
    /// <value>The default is <c>new GroupOptions()</c>.</value>
    public GroupOptions Groups { get; set; } = new();

    /// <summary>The primal optimizer, which moves the weights.</summary>
    /// <value>The default, <c>new PrimalOptions()</c>, is AdamW, with weight decay where the training rows are few.</value>
    public PrimalOptions Optimizer { get; set; } = new();

    /// <summary>How the slots of the feature column enter the network.</summary>
    /// <value>The default is <see cref="FeatureEncoding.Automatic"/>.</value>
    public FeatureEncoding FeatureEncoding { get; set; } = FeatureEncoding.Automatic;

    /// <summary>
    /// Whether a missing feature (NaN) is a value of its own: a slot that has missing values in the training rows gets an input that is 1
    /// there and 0 elsewhere, and its other inputs are 0 there. A value that is missing in scoring only still gives the score NaN.
    /// </summary>
    /// <value>The default is false: Fit refuses missing features.</value>
    public bool EncodeMissingValues { get; set; }

    /// <summary>
    /// The share of the margins that training keeps from the bounds. A margin follows from the standard error of the statistic, so that
    /// the bound is likely to hold on rows that nobody has seen; less of it costs less, and promises less. Verdicts do not depend on it.
    /// </summary>
    /// <value>
    /// From 0, which holds the bounds as declared, as the published methods do, to 1, the default. Less is for those who test the model on
    /// rows that chose nothing, as experiments do.
    /// </value>
    internal double MarginShare { get; set; } = 1;

    /// <summary>
    /// Whether the model keeps where training stood after its last epoch, so that a Fit that goes on from it is bit by bit one longer
    /// training. It makes the file about four times as large.
    /// </summary>
    /// <value>The default is false.</value>
    public bool KeepTrainingState { get; set; }

    /// <summary>
    /// Where Fit keeps what it has come to, so that one that was killed or canceled goes on from there: a Fit with the same options and
    /// data finds the file, and ends with the same bits as one that was never interrupted.
    /// </summary>
    /// <value>The default, null, keeps nothing.</value>
    public CheckpointOptions? Checkpoint { get; set; }

    /// <summary>
    /// What the model is to say of itself in words of your own, by name: an owner, a purpose, a ticket. The model file keeps it in the
    /// manifest, and the model has it in <see cref="ConstrainedModelParameters.Metadata"/>.
    /// </summary>
    /// <value>The default is empty. At most 100 entries, names of 1 to 200 characters, texts of at most 10,000.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; set; } = ModelMetadata.None;

    /// <summary>The numbers of the automatic encoding.</summary>
    /// <value>The default, null, has more bins where the inputs have learned factors.</value>
    internal PiecewiseLinearEncoding? Encoding { get; set; }

    /// <summary>What the rows per step are multiplied by, whether they follow from the training rows or not.</summary>
    /// <value>Above 0. The default is 1.</value>
    internal double BatchSizeFactor { get; set; } = 1;

    /// <summary>Whether the inputs get learned factors, see <see cref="InputScale"/>, where the training rows are many.</summary>
    /// <value>The default, null, gives them to the default network that learns a binary label without constraints by AdamW.</value>
    internal bool? LearnsInputFactors { get; set; }

    /// <summary>
    /// About how many epochs the moving average of the weights remembers. After each epoch the average is the candidate: it has less of
    /// the noise of the last batches than the weights (Polyak and Juditsky, 1992).
    /// </summary>
    /// <value>At least 0 and finite; 0 averages nothing. The default, null, is 1, or less of very many rows.</value>
    internal double? WeightAveragingEpochs { get; set; }

    /// <summary>
    /// Whether dual steps are shortened after one that moved a multiplier by more than 0.02. A dual optimizer whose step sizes are far too
    /// large then does not end in constant predictions. False takes every step as the dual optimizer's formula has it. Steps once an epoch
    /// (<see cref="DualOptimizerOptions.OncePerEpoch"/>) are never shortened.
    /// </summary>
    /// <value>The default is true.</value>
    internal bool DampDuals { get; set; } = true;

    /// <summary>What is learned.</summary>
    internal abstract LearningTask Task { get; }

    /// <summary>The rows per step for a number of training rows.</summary>
    internal int BatchSizeFor(int rows)
        => (int)Math.Max(1, Math.Round(BatchSizeFactor * (BatchSize ?? TrainerDefaults.BatchSize(rows))));

    /// <summary>The passes over a number of training rows.</summary>
    internal int NumberOfEpochsFor(int rows) => NumberOfEpochs ?? TrainerDefaults.NumberOfEpochs(rows);

    /// <summary>Whether the inputs get learned factors, see <see cref="InputScale"/>, where the training rows are many.</summary>
    internal bool MayScaleInputs => LearnsInputFactors is { } wanted
        ? wanted && Network is PerceptronNetwork && Optimizer.Method == PrimalMethod.AdamW
        : Constraints is { Count: 0 } && IsUsual;

    /// <summary>Whether the steps are larger, see <see cref="TrainerDefaults.ManyRows"/>.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="isWide">Whether they have very many inputs.</param>
    internal bool LearnsFast(int rows, bool isWide = false)
        => rows >= TrainerDefaults.ManyRows && !isWide && IsUsual && !MayScaleInputs;

    // What the defaults of many rows were measured with.
    private bool IsUsual => Task == LearningTask.BinaryClassification && Network.Equals(TrainerDefaults.Network)
        && Optimizer.Method == PrimalMethod.AdamW;

    /// <summary>Whether the inputs get learned factors.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="isWide">Whether they have very many inputs.</param>
    internal bool ScalesInputs(int rows, bool isWide = false) => MayScaleInputs && rows >= TrainerDefaults.RowsToScale && !isWide;

    /// <summary>Whether logistic regression may have a share in the network, see <see cref="LinearPath"/>; not where processes have the
    /// rows together.</summary>
    /// <inheritdoc cref="ScalesInputs"/>
    internal bool MixesWithLinear(int rows, bool isWide = false) => LearnsInputFactors is null && ScalesInputs(rows, isWide)
        && Collective is not { Count: > 1 };

    /// <summary>The numbers of the automatic encoding for a number of training rows.</summary>
    internal PiecewiseLinearEncoding EncodingFor(int rows)
        => Encoding ?? (ScalesInputs(rows) ? PiecewiseLinearEncoding.Fine : PiecewiseLinearEncoding.Usual);

    /// <summary>The step size.</summary>
    /// <inheritdoc cref="ScalesInputs"/>
    internal double LearningRateFor(int rows, bool isWide = false)
        => LearningRate ?? TrainerDefaults.LearningRateOf(Network, Optimizer.Method, ScalesInputs(rows, isWide),
            LearnsFast(rows, isWide));

    /// <summary>About how many epochs the average of the weights remembers.</summary>
    /// <inheritdoc cref="LearnsFast"/>
    internal double WeightAveragingEpochsFor(int rows, bool isWide)
        => WeightAveragingEpochs ?? TrainerDefaults.WeightAveragingEpochs(LearnsFast(rows, isWide));

    /// <summary>The weight decay for a number of training rows.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="isWide">Whether they have very many inputs.</param>
    internal double WeightDecayFor(int rows, bool isWide = false)
        => Optimizer.WeightDecay ?? (Optimizer.Method != PrimalMethod.AdamW ? 0 : isWide ? TrainerDefaults.WideWeightDecay(Network)
            : Constraints.Count == 0 ? TrainerDefaults.WeightDecay(Network, rows, ScalesInputs(rows)) : 0);

    /// <summary>The share that is held out of a number of rows.</summary>
    internal double ValidationFractionFor(int rows) => ValidationFraction ?? TrainerDefaults.ValidationFraction(rows,
        needsNone: Constraints.Count == 0 && Optimizer is { WeightDecay: null, Method: PrimalMethod.AdamW }
            && Network.Equals(TrainerDefaults.Network), isScaled: MayScaleInputs);

    /// <summary>A copy that shares nothing with these options that could change. They are valid.</summary>
    internal ConstrainedTrainerOptions Copy() => this with
    {
        Constraints = [.. Constraints],
        Metadata = Metadata.ToDictionary(),
        DualOptimizer = DualOptimizer.Copy(),
        Groups = Groups with { },
        Optimizer = Optimizer.Copy(),
        Checkpoint = Checkpoint is null ? null : Checkpoint with { },
    };

    /// <summary>The members and their values, with the numbers of the invariant culture.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => RecordText.Of(this, PrintMembers);
}
