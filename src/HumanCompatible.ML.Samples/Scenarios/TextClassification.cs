using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using Microsoft.ML;
using Microsoft.ML.TorchSharp;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// Two torch trainers in one pipeline: Microsoft.ML.TorchSharp fine-tunes its text classifier (NAS-BERT) on short job references, and the
/// constrained trainer learns from its scores whom to shortlist, at equal selection rates by sex. ML.NET downloads the pretrained text
/// model on the first run.
/// </summary>
internal static class TextClassification
{
    private static readonly (string Text, bool Shortlisted)[] References =
    [
        ("led the team through a difficult release and shipped on time", true), ("wrote the design that the whole group now follows", true),
        ("learns fast and explains well to customers", true), ("took over support and halved the number of open cases", true),
        ("found the fault that had stopped production for days", true), ("trained two juniors who are now seniors", true),
        ("often late and left work half done", false), ("needed help with most of the tasks given", false),
        ("did not finish the project and gave no reason", false), ("argued with customers more than once", false),
        ("work had to be redone by others", false), ("missed most of the meetings and the deadline", false),
    ];

    public static FairnessAudit Run(TextWriter output, int numberOfEpochs = 10)
    {
        var ml = new MLContext(seed: 1);
        var rows = Rows(ml);
        try
        {
            var model = Pipeline(ml, numberOfEpochs).Fit(rows);
            var audit = ml.Constrained().Audit.BinaryClassification(model.Transform(rows), groupColumnNames: [nameof(Reference.Sex)],
                labelColumnName: nameof(Reference.Shortlisted));
            output.WriteLine(audit);
            return audit;
        }
        catch (InvalidOperationException problem) when (problem.Message.Contains("could not be downloaded", StringComparison.Ordinal))
        {
            throw new IOException("ML.NET's pretrained text model is not on this machine and cannot be downloaded: "
                + problem.Message.Split("\\n")[0], problem);
        }
    }

    /// <summary>
    /// Men's and women's references, the women's good ones shortlisted less often: the bias that the constraint takes out again.
    /// </summary>
    public static IDataView Rows(MLContext ml)
        => ml.Data.LoadFromEnumerable(References.SelectMany((reference, index) => new[]
        {
            new Reference { Text = "he " + reference.Text, Sex = "Male", Shortlisted = reference.Shortlisted },
            new Reference { Text = "she " + reference.Text, Sex = "Female", Shortlisted = reference.Shortlisted && index % 3 != 0 },
        }).ToList());

    public static IEstimator<ITransformer> Pipeline(MLContext ml, int numberOfEpochs)
        => ml.Transforms.Conversion.MapValueToKey("TextLabel", nameof(Reference.Shortlisted))
            .Append(ml.MulticlassClassification.Trainers.TextClassification(labelColumnName: "TextLabel", scoreColumnName: "TextScores",
                outputColumnName: "TextPrediction", sentence1ColumnName: nameof(Reference.Text), batchSize: 8, maxEpochs: 2))
            .Append(ml.Constrained().Trainers.BinaryClassification(new()
            {
                LabelColumnName = nameof(Reference.Shortlisted),
                FeatureColumnName = "TextScores",
                Constraints = [Fairness.DemographicParity(nameof(Reference.Sex), bound: 0.1)],
                Network = Network.Linear(),
                FeatureEncoding = FeatureEncoding.None,
                ValidationFraction = 0, // 24 rows: none to spare
                BatchSize = 24,
                NumberOfEpochs = numberOfEpochs,
            }));

    private sealed class Reference
    {
        public string Text { get; set; } = "";

        public string Sex { get; set; } = "";

        public bool Shortlisted { get; set; }
    }
}
