using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Trainers;

/// <summary>The defaults that the short overloads of the catalog share with <see cref="ConstrainedTrainerOptions"/>.</summary>
internal static class TrainerDefaults
{
    internal const string LabelColumnName = "Label";
    internal const string FeatureColumnName = "Features";

    /// <summary>The network that the other defaults were measured with.</summary>
    internal static readonly NetworkDefinition Network = Networks.Network.MultilayerPerceptron(64, 64);

    /// <summary>From so many training rows on the inputs may get learned factors, see <see cref="InputScale"/>.</summary>
    internal const int RowsToScale = 4000;

    /// <summary>
    /// From so many training rows on, which are gone through few times, the default network learns a binary label under constraints by
    /// larger steps, and the average of its weights forgets sooner.
    /// </summary>
    /// <remarks>
    /// Demographic parity .05 on the table of `benchmarks scale fit`, one seed, test accuracy by rate .0015 and an average over one epoch,
    /// and by .003 and 0.3: 500,000 rows .8722 and .9093, with noisier labels .7580 both; 150,000 rows .9049 and .9079, noisier .7648 and
    /// .7682. Rate .006 in two epochs instead of three: .9107, noisier .7557.
    /// </remarks>
    internal const int ManyRows = 100_000;

    private const double LearningRate = 1.5e-3;
    private const double FastLearningRate = 3e-3;
    private const double AveragingEpochs = 1;
    private const double AveragingEpochsOfManyRows = 0.3;

    // With learned factors, on a third of Adult's training rows (4 seeds) and three generated tables of 10,000 rows (2 seeds): rates .0015
    // to .005, decays 0 to 4. Rate .003 with decay 2 is .0011 more accurate on Adult, .0013 to .0042 on two generated ones and .0003 on
    // the linear one than .0015 with 2; with decay 3 Adult loses .0019, mixed columns .0025; .005 differs by less than .0007. On four
    // generated tables of 5,000 rows (4 seeds) all that follows from the factors gains .0014 to .0107; with a tenth held out instead of a
    // fifth from -.0002 to .0037. Tables of 1,250 and 2,500 rows gained too, but from other rates and decays.
    private const double ScaledLearningRate = 3e-3;

    // Of 0.0015 to 0.2. Less accurate than ML.NET's logistic regression on generated tables, scaled but not encoded, means of 8 seeds: the
    // usual rate .04 on 5,000 rows; 0.02 .0015 there, and .008 where the means of features are far from 0; 0.05 .002 and .001, and .004 on
    // 1,000 rows; 0.1 .0015, .0005 and .005.
    private const double LinearLearningRate = 0.05;

    // Of .01 to .2, on a generated table of 10,000 rows, one seed: accuracy .7231 (AdamW .7228), log loss .7856 as AdamW's; .03 .7221, .1
    // .7215. The linear network .7028 (AdamW .7029).
    private const double SgdLearningRate = 0.05;
    private const int MostEpochs = 20;
    private const int FewestEpochs = 2;
    private const double RowsOfAllEpochs = 1.2e6;
    private const int UsualBatch = 512;
    private const int LargestBatch = 1024;
    private const int SmallestBatch = 32;
    private const int RowsForTwoWorkers = 1024;
    private const int FewestSteps = 16;
    private const int MostUsualSteps = 50;
    private const double ValidationShare = 0.2;
    private const double SmallestValidationShare = 0.1;
    private const double RowsThatChoose = 2000;
    private const int RowsToHoldOut = 1500;
    private const double DecayedRows = 4000;
    private const double LargestDecay = 5;
    private const int RowsWithoutDecay = 8000;
    private const double ScaledDecay = 2;

    // 20,000 generated texts through FeaturizeText: without it the loss on rows not trained on doubles after the fourth epoch; 20 stops
    // training.
    private const double DecayOfWideInputs = 5;

    /// <summary>The step size for a network and a method.</summary>
    /// <param name="network">The network.</param>
    /// <param name="method">The method.</param>
    /// <param name="isScaled">Whether its inputs have learned factors.</param>
    /// <param name="learnsFast">Whether the rows are <see cref="ManyRows"/>.</param>
    internal static double LearningRateOf(NetworkDefinition network, PrimalMethod method, bool isScaled, bool learnsFast)
        => method == PrimalMethod.Sgd ? SgdLearningRate : network is LinearNetwork ? LinearLearningRate
            : isScaled ? ScaledLearningRate : learnsFast ? FastLearningRate : LearningRate;

    /// <summary>The passes over a number of training rows.</summary>
    internal static int NumberOfEpochs(int rows) => (int)Math.Clamp(Math.Ceiling(RowsOfAllEpochs / rows), FewestEpochs, MostEpochs);

    /// <summary>About how many epochs the average of the weights remembers.</summary>
    /// <param name="learnsFast">Whether the rows are <see cref="ManyRows"/>.</param>
    internal static double WeightAveragingEpochs(bool learnsFast) => learnsFast ? AveragingEpochsOfManyRows : AveragingEpochs;

    /// <summary>The rows per step for a number of training rows.</summary>
    internal static int BatchSize(int rows)
        => Math.Clamp(Math.Max(Math.Min(rows / FewestSteps, UsualBatch), rows / MostUsualSteps), SmallestBatch, LargestBatch);

    /// <summary>The threads that share a batch. As the sums depend on their number, it does not depend on the machine.</summary>
    internal static int NumberOfWorkers(int batchSize) => batchSize >= RowsForTwoWorkers ? 2 : 1;

    /// <summary>The weight decay where there are very many inputs, constrained or not.</summary>
    internal static double WideWeightDecay(NetworkDefinition network) => network.Equals(Network) ? DecayOfWideInputs : 0;

    /// <summary>
    /// The weight decay for a number of training rows where nothing is constrained: none but for the default network. The same decay would
    /// hold a narrower or a linear network back, whose weights must be larger. Under constraints it gains nothing.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="isScaled">Whether the inputs have learned factors, which are not decayed.</param>
    internal static double WeightDecay(NetworkDefinition network, int rows, bool isScaled)
        => isScaled ? ScaledDecay : rows < RowsWithoutDecay && network.Equals(Network) ? Math.Min(DecayedRows / rows, LargestDecay) : 0;

    /// <summary>The share of a number of rows that is held out.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="needsNone">Whether the loss alone is learned, with the default decay: the late epochs then differ little.</param>
    /// <param name="isScaled">Whether the inputs of the others have learned factors where they are many.</param>
    internal static double ValidationFraction(int rows, bool needsNone, bool isScaled)
        => needsNone && rows < RowsToHoldOut ? 0
            : isScaled ? Math.Clamp(RowsThatChoose / rows, SmallestValidationShare, ValidationShare) : ValidationShare;
}
