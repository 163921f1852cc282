using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Training;

/// <summary>
/// What a candidate is measured on. The feature of a row is its logit and 60 rows of 100 of group a have a positive one; of b 40 among the
/// training rows, 50 among those of validation. Every other row is labeled positive.
/// </summary>
[TestClass]
public sealed class CandidateMeasurementTests
{
    private static readonly FairnessConstraint Parity = Fairness.DemographicParity("G", 0.3);

    [TestMethod]
    public void Consider_WithValidationRows_MeasuresBothAndJudgesThemTogether()
    {
        using var search = new Search(holdsOut: true, Parity);

        var candidate = search.Candidates.Consider(1)!;

        Assert.AreEqual(0.5, candidate.OnTraining!.Accuracy, 1e-12);
        Assert.AreEqual(200, candidate.OnTraining.Overall.RowCount);
        Assert.AreEqual(100, candidate.OnValidation!.Overall.RowCount);
        Assert.AreEqual(0.6 - (65 / 150.0), candidate.Values[0], 1e-12);
        AssertMargins(150, 90, 65, candidate);
    }

    [TestMethod]
    public void Consider_WithoutValidationRows_CountsTheTrainingRowsOnce()
    {
        using var search = new Search(holdsOut: false, Parity);

        var candidate = search.Candidates.Consider(1)!;

        Assert.AreSame(candidate.OnTraining, candidate.OnValidation, "measured once");
        Assert.AreEqual(0.2, candidate.Values[0], 1e-12);
        AssertMargins(100, 60, 40, candidate);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Consider_WithoutConstraints_MeasuresTheRowsThatChoose(bool holdsOut)
    {
        using var search = new Search(holdsOut);

        var candidate = search.Candidates.Consider(1)!;

        Assert.AreEqual(holdsOut ? 100 : 200, candidate.OnValidation!.Overall.RowCount);
        Assert.AreSame(holdsOut ? null : candidate.OnValidation, candidate.OnTraining);
        Assert.IsEmpty(candidate.Values);
        Assert.AreEqual(candidate.OnValidation.Loss, candidate.Loss);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Consider_OfALossThatIsNotFinite_IsNoCandidate(bool isConstrained)
    {
        using var search = new Search(holdsOut: true, isConstrained ? [Parity] : []);
        search.Load(weight: float.NaN);

        Assert.IsNull(search.Candidates.Consider(1));
        Assert.IsNull(search.Candidates.Best);
    }

    [TestMethod]
    public void Start_WithoutACandidate_HasNone()
    {
        using var search = new Search(holdsOut: true, Parity);

        search.Candidates.Start();

        Assert.IsNull(search.Candidates.Best);
    }

    // The candidate predicts the opposite; what it was said to do is of other rows.
    [TestMethod]
    public void Start_MeasuresTheCandidateAnewAndLeavesTheNetworkAlone()
    {
        using var other = new Search(holdsOut: true, Parity);
        other.Load(weight: -1);
        var best = new TrainedCandidate(3, other.Network.Snapshot(), null, [], new Evaluation(9, 0.9, [0.9], [], []));
        using var search = new Search(holdsOut: true, start: new TrainingRecord(best, Epochs(best.Epoch), null), Parity);
        search.Load(weight: 1);
        search.Network.Train();

        search.Candidates.Start();

        var measured = search.Candidates.Best!;
        Assert.AreEqual(3, measured.Epoch);
        Assert.AreEqual(other.Candidates.Consider(1)!.Loss, measured.Evaluation.Loss, 1e-12);
        Assert.AreEqual(0.6 - (65 / 150.0), measured.Evaluation.Values[0], 1e-12);
        Assert.AreEqual(1, search.Network.Snapshot().Arrays[0].Values.Span[0]);
    }

    // In training mode dropout would take half of the units.
    [TestMethod]
    public void Start_MeasuresInEvaluationMode()
    {
        var network = Network.MultilayerPerceptron([32], Activation.ReLU, dropout: 0.5);
        using var other = new Search(holdsOut: true, network, TrainingRecord.Empty, Parity);
        var expected = other.Candidates.Consider(1)!.Loss;
        var best = new TrainedCandidate(3, other.Network.Snapshot(), null, [], new Evaluation(9, 0.9, [0.9], [], []));
        using var search = new Search(holdsOut: true, network, new TrainingRecord(best, Epochs(best.Epoch), null), Parity);
        search.Network.Train();

        search.Candidates.Start();

        Assert.AreEqual(expected, search.Candidates.Best!.Evaluation.Loss, 1e-9);
    }

    // The statistics of the network are those of a batch of zeros; a candidate of averaged weights gets those of the training rows.
    [TestMethod]
    [DataRow(2.0, false)]
    [DataRow(0.0, true)]
    public void Consider_ANetworkWithStatistics_TakesThemForAveragedWeightsOnly(double averagingEpochs, bool keepsStatistics)
    {
        var network = Network.MultilayerPerceptron([4], Activation.ReLU, normalization: Normalization.Batch);
        using var search = new Search(holdsOut: true, network, TrainingRecord.Empty, averagingEpochs, Parity);
        float Mean(NetworkWeights weights) => weights.Find("layers.0.norm.running_mean")!.Values.Span[0];
        var before = Mean(search.Network.Snapshot());

        search.Candidates.Consider(1);

        Assert.AreEqual(keepsStatistics, Mean(search.Candidates.Best!.Weights) == before);
        Assert.AreEqual(before, Mean(search.Network.Snapshot()), "the network goes on with its own");
    }

    private static List<EpochHistory> Epochs(int count)
        => [.. Enumerable.Range(1, count).Select(epoch => new EpochHistory(epoch, 0.5, 0.5, 0.5, [0], [0, 0]))];

    private static void AssertMargins(double rows, double positivesOfA, double positivesOfB, Evaluation candidate)
    {
        var pooled = (positivesOfA + positivesOfB + 0.5) / ((2 * rows) + 1);
        var standardError = Math.Sqrt(pooled * (1 - pooled) * 2 / rows);
        Assert.AreEqual(HoldingRule.StandardErrors(Parity, 2) * standardError, candidate.Margins[0], 1e-9);
    }

    private sealed class Search : IDisposable
    {
        private readonly EncodedRows _training;
        private readonly EncodedRows _validation;
        private readonly Learner _learner;

        internal Search(bool holdsOut, params FairnessConstraint[] constraints)
            : this(holdsOut, TrainingRecord.Empty, constraints)
        {
        }

        internal Search(bool holdsOut, TrainingRecord start, params FairnessConstraint[] constraints)
            : this(holdsOut, ML.Networks.Network.Linear(), start, constraints) => Load(weight: 1);

        internal Search(bool holdsOut, NetworkDefinition network, TrainingRecord start, params FairnessConstraint[] constraints)
            : this(holdsOut, network, start, 0, constraints)
        {
        }

        internal Search(bool holdsOut, NetworkDefinition network, TrainingRecord start, double averagingEpochs,
            params FairnessConstraint[] constraints)
        {
            _training = new EncodedRows(Rows(100, 60, 40, constraints), constraints, torch.CPU);
            _validation = holdsOut ? new EncodedRows(Rows(50, 30, 25, constraints), constraints, torch.CPU) : _training;
            Network = new TrainableNetwork(network, 1, 1, 1, torch.CPU);
            Network.Eval();
            var settings = new TrainingSettings
            {
                Network = network,
                DualOptimizer = new InexactAugmentedLagrangianOptions(),
                NumberOfEpochs = 1,
                BatchSize = 50,
                LearningRate = 0.1,
                MarginShare = 1,
                WeightAveragingEpochs = averagingEpochs,
                EarlyStoppingPatience = null,
                Seed = 1,
                Device = "cpu",
                Start = start,
            };
            var margins = new MarginRule(_training.Constraints?.Constraints ?? [], _training.Source, [], 1,
                holdsAll: false);
            _learner = new Learner(settings, Network, _training, margins);
            Candidates = new CandidateSearch(_learner, _training, _validation, margins, settings);
        }

        internal TrainableNetwork Network { get; }

        internal CandidateSearch Candidates { get; }

        internal void Load(float weight) => Network.Load(new NetworkWeights(Network.Snapshot().Arrays.Select(array
            => array with { Values = new[] { array.Shape.Length == 2 ? weight : 0 } })));

        public void Dispose()
        {
            _learner.Dispose();
            Network.Dispose();
            if (_validation != _training)
                _validation.Dispose();
            _training.Dispose();
        }

        private static TrainingRows Rows(int groupSize, int positivesOfA, int positivesOfB, FairnessConstraint[] constraints)
        {
            int[] rows = [.. Enumerable.Range(0, 2 * groupSize)];
            return new TrainingRows(
                [.. rows.Select(row => row % groupSize < (row < groupSize ? positivesOfA : positivesOfB) ? 1f : -1)], 1,
                [.. rows.Select(row => row % 2 == 0 ? 1f : 0)], null, [.. constraints.Select(_ => new GroupPartition(["G"],
                    [.. rows.Select(row => row / groupSize)], ["a", "b"], [groupSize, groupSize]))]);
        }
    }
}
