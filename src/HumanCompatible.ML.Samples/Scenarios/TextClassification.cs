using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.TorchSharp;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// Two torch trainers in one pipeline: Microsoft.ML.TorchSharp fine-tunes its text classifier (NAS-BERT) on short job references, and the
/// constrained
/// trainer learns from its scores whom to shortlist, at equal selection rates by sex. ML.NET downloads the pretrained text model on the
/// first run.
/// </summary>
internal sealed class TextClassification : IScenario
{
    private const string TextScores = "TextScores";

    private static readonly (string Text, bool Shortlisted)[] References =
    [
        ("led the team through a difficult release and shipped on time", true), ("wrote the design that the whole group now follows", true),
        ("learns fast and explains well to customers", true), ("took over support and halved the number of open cases", true),
        ("found the fault that had stopped production for days", true), ("trained two juniors who are now seniors", true),
        ("often late and left work half done", false), ("needed help with most of the tasks given", false),
        ("did not finish the project and gave no reason", false), ("argued with customers more than once", false),
        ("work had to be redone by others", false), ("missed most of the meetings and the deadline", false),
    ];

    public string Name => "text-classification";

    public string Description
        => "The constrained trainer on top of Microsoft.ML.TorchSharp's text classifier (downloads a pretrained model).";

    public void Run(ScenarioContext context)
    {
        var rows = Rows(context.ML);
        var model = Fit(context, rows);
        var audit = context.ML.Constrained().Audit.BinaryClassification(model.Transform(rows),
            groupColumnNames: [nameof(Reference.Sex)], labelColumnName: nameof(Reference.Shortlisted));
        context.Say($"accuracy {audit.Overall[GroupMetric.Accuracy]:0.0000}");
        context.Say($"demographic parity difference {audit.Intersection.DemographicParityDifference:0.0000}");
    }

    private static TransformerChain<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>> Fit(ScenarioContext context,
        IDataView rows)
    {
        try
        {
            return Pipeline(context).Fit(rows);
        }
        catch (InvalidOperationException problem) when (problem.Message.Contains("could not be downloaded", StringComparison.Ordinal))
        {
            throw new SampleInputException(
                $"ML.NET's pretrained text model is not on this machine and cannot be downloaded: {problem.Message.Split('\n')[0]}");
        }
    }

    /// <summary>
    /// Men's and women's references, the women's good ones shortlisted less often: the bias that the constraint takes out again.
    /// </summary>
    public static IDataView Rows(MLContext ml)
    {
        var references = References.SelectMany((reference, index) => new[]
        {
            new Reference { Text = "he " + reference.Text, Sex = "Male", Shortlisted = reference.Shortlisted },
            new Reference { Text = "she " + reference.Text, Sex = "Female", Shortlisted = reference.Shortlisted && index % 3 != 0 },
        });
        return ml.Data.LoadFromEnumerable(references.ToList());
    }

    public static EstimatorChain<BinaryPredictionTransformer<ConstrainedBinaryModelParameters>> Pipeline(ScenarioContext context)
    {
        var options = context.Options(Fairness.DemographicParity(nameof(Reference.Sex), 0.1));
        options.LabelColumnName = nameof(Reference.Shortlisted);
        options.FeatureColumnName = TextScores;
        options.Network = Network.Linear();
        options.FeatureEncoding = FeatureEncoding.None;
        options.ValidationFraction = 0; // 24 rows: none to spare
        options.BatchSize = 24;

        return context.ML.Transforms.Conversion.MapValueToKey("TextLabel", nameof(Reference.Shortlisted))
            .Append(context.ML.MulticlassClassification.Trainers.TextClassification(
                labelColumnName: "TextLabel", scoreColumnName: TextScores, outputColumnName: "TextPrediction",
                    sentence1ColumnName: nameof(Reference.Text), batchSize: 8, maxEpochs: 2))
            .Append(context.ML.Constrained().Trainers.BinaryClassification(options, context.Callbacks));
    }

    private sealed class Reference
    {
        public string Text { get; set; } = "";

        public string Sex { get; set; } = "";

        public bool Shortlisted { get; set; }
    }
}
