using System.Security.Cryptography;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Samples.Data;
using HumanCompatible.ML.Samples.Service;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Samples.Service;

/// <summary>Models of a small generated census as files, and what each says of the same people.</summary>
internal static class CensusModels
{
    private static readonly Lazy<(CensusModel One, CensusModel Other, Applicant[] People)> All = new(Train);

    public static CensusModel One => All.Value.One;

    public static CensusModel Other => All.Value.Other;

    /// <summary>The people of the test table.</summary>
    public static Applicant[] People => All.Value.People;

    private static (CensusModel One, CensusModel Other, Applicant[] People) Train()
    {
        using var runs = new SampleRuns(trainingRows: 1_500, testRows: 60);
        var ml = new MLContext(1);
        var (train, test) = (CensusPipeline.Load(ml, runs.Tables.TrainingPath), CensusPipeline.Load(ml, runs.Tables.TestPath));
        var people = ml.Data.CreateEnumerable<CensusPerson>(test, reuseRowObject: false).Select(person => new Applicant
        {
            Age = person.Age,
            YearsOfEducation = person.YearsOfEducation,
            CapitalGain = person.CapitalGain,
            CapitalLoss = person.CapitalLoss,
            HoursPerWeek = person.HoursPerWeek,
            Workclass = person.Workclass,
            Education = person.Education,
            MaritalStatus = person.MaritalStatus,
            Occupation = person.Occupation,
            Relationship = person.Relationship,
            Race = person.Race,
            Sex = person.Sex,
            NativeCountry = person.NativeCountry,
        }).ToArray();
        return (TrainOne(ml, train, test, seed: 1), TrainOne(ml, train, test, seed: 2), people);
    }

    private static CensusModel TrainOne(MLContext ml, IDataView train, IDataView test, int seed)
    {
        var model = CensusPipeline.Featurize(ml).Append(ml.Constrained().Trainers.BinaryClassification(
            new ConstrainedBinaryClassificationTrainer.Options
            {
                LabelColumnName = CensusColumns.Income,
                Constraints = [Fairness.DemographicParity(CensusColumns.Sex, 0.1)],
                NumberOfEpochs = 2,
                Seed = seed,
            })).Fit(train);
        using var stream = new MemoryStream();
        ml.Model.Save(model, train.Schema, stream);
        return new CensusModel(stream.ToArray(), [.. model.Transform(test).GetColumn<float>("Score")]);
    }
}

/// <summary>A model as a file, and what it says of the people.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Scores">The score of each person.</param>
internal sealed record CensusModel(byte[] Bytes, float[] Scores)
{
    public string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));
}
