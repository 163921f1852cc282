using System.Globalization;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Samples.Display;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>What every scenario gets: an <see cref="MLContext"/>, the census table, and somewhere to write.</summary>
internal sealed class ScenarioContext
{
    public ScenarioContext(CensusTables tables, SampleOutput output, int numberOfEpochs, int seed, CancellationToken cancellation)
    {
        Tables = tables;
        Output = output;
        NumberOfEpochs = numberOfEpochs;
        Seed = seed;
        Cancellation = cancellation;
        ML = new MLContext(seed);
        Train = ML.Data.Cache(CensusPipeline.Load(ML, tables.TrainingPath));
        Test = ML.Data.Cache(CensusPipeline.Load(ML, tables.TestPath));
    }

    public CensusTables Tables { get; }

    public SampleOutput Output { get; }

    public int NumberOfEpochs { get; }

    public int Seed { get; }

    public CancellationToken Cancellation { get; }

    public MLContext ML { get; }

    public IDataView Train { get; }

    public IDataView Test { get; }

    /// <summary>The settings that all scenarios start from.</summary>
    public ConstrainedBinaryClassificationTrainer.Options Options(params FairnessConstraint[] constraints) => new()
    {
        LabelColumnName = CensusColumns.Income,
        FeatureColumnName = CensusColumns.Features,
        Constraints = constraints,
        NumberOfEpochs = NumberOfEpochs,
        Seed = Seed,
    };

    /// <summary>What stops a training when the user stops the program.</summary>
    public TrainingCallbacks Callbacks => new() { CancellationToken = Cancellation };

    /// <summary>Accuracy and the audit by sex of a scored view of the census.</summary>
    public (double Accuracy, FairnessAudit Audit) Evaluate(IDataView scored)
        => (ML.BinaryClassification.Evaluate(scored, labelColumnName: CensusColumns.Income).Accuracy,
            ML.Constrained().Audit.BinaryClassification(scored, groupColumnNames: [CensusColumns.Sex],
                labelColumnName: CensusColumns.Income));

    /// <summary>Writes one line; numbers in it are written alike everywhere.</summary>
    public void Say(FormattableString line) => Output.Say(line.ToString(CultureInfo.InvariantCulture));
}
