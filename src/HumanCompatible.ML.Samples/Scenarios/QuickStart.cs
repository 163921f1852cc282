using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>The pipeline that README.md shows, line by line: the part between the markers is the very text of its code block.</summary>
internal sealed class QuickStart : IScenario
{
    public string Name => "quick-start";

    public string Description => "The pipeline of README.md: declare a constraint, train, save, load, audit.";

    public void Run(ScenarioContext context)
    {
        var modelPath = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".zip");
        try
        {
            var audit = TrainSaveLoadAudit(context.Tables.TrainingPath, context.Tables.TestPath, modelPath);
            context.Say($"Demographic parity difference on the test rows: {audit.Intersection.DemographicParityDifference:0.0000}");
        }
        finally
        {
            File.Delete(modelPath);
        }
    }

    public static FairnessAudit TrainSaveLoadAudit(string trainPath, string testPath, string modelPath)
    {
        var ml = new MLContext(seed: 1);
        TextLoader.Column[] columns =
        [
            new("age", DataKind.Single, 0), new("education-num", DataKind.Single, 1), new("hours-per-week", DataKind.Single, 4),
            new("occupation", DataKind.String, 8), new("sex", DataKind.String, 11), new("income", DataKind.Boolean, 13),
        ];
        var train = ml.Data.LoadFromTextFile(trainPath, columns, separatorChar: ',', hasHeader: true);
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);

        var pipeline = ml.Transforms.Categorical.OneHotEncoding("job", "occupation")
            .Append(ml.Transforms.Concatenate("Features", "age", "education-num", "hours-per-week", "job"))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Constrained().Trainers.BinaryClassification(labelColumnName: "income",
                constraints: [Fairness.DemographicParity("sex", bound: 0.05)], network: Network.MultilayerPerceptron(64, 64)));
        var model = pipeline.Fit(train);
        ml.Model.Save(model, train.Schema, modelPath);

        var loaded = new MLContext().Model.Load(modelPath, out _);
        var audit = ml.Constrained().Audit.BinaryClassification(loaded.Transform(test), groupColumnNames: ["sex"],
            labelColumnName: "income");
        return audit;
    }
}
