using HumanCompatible.ML.Auditing;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Samples.Scenarios;

/// <summary>
/// The audit needs a label, a predicted label and group columns, whoever made the predictions. Here a rule of thumb did: a high income for
/// the married with at least 13 years of education.
/// </summary>
internal static class AuditOfOtherModels
{
    // Prints, on the census table Adult:
    //   Sex          Rows  Base rate  Selection        TPR        FPR         PPV        FOR   Accuracy  Log loss
    //   Female      5,421     0.1088     0.0509     0.3186     0.0182      0.6812     0.0781     0.9096         -
    //                      .101/.117  .045/.057  .282/.357  .015/.022   .624/.733  .071/.086  .902/.917
    //   Male       10,860     0.2998     0.1810     0.4297     0.0746      0.7116     0.2088     0.7768         -
    //                      .291/.309  .174/.188  .413/.447  .069/.081   .691/.731  .200/.217  .769/.785
    //   (all)      16,281     0.2362     0.1377     0.4126     0.0527      0.7079     0.1609     0.8210         -
    //                      .230/.243  .132/.143  .397/.428  .049/.057   .689/.726  .155/.167  .815/.827
    //   max - min                        0.1301     0.1110     0.0564      0.0304     0.1307     0.1328         -
    //                                 .121/.139  .069/.151  .049/.063  -.026/.091  .119/.142  .122/.144
    //   min / max                        0.2812     0.7416     0.2443      0.9572     0.3742     0.8540         -
    //   Below each value: the ends of its two-sided 95% confidence interval.
    public static FairnessAudit Run(string testPath, TextWriter output)
    {
        var ml = new MLContext();
        TextLoader.Column[] columns =
        [
            new("YearsOfEducation", DataKind.Single, 1), new("MaritalStatus", DataKind.String, 7),
            new("Sex", DataKind.String, 11), new("Income", DataKind.Boolean, 13),
        ];
        var test = ml.Data.LoadFromTextFile(testPath, columns, separatorChar: ',', hasHeader: true);
        var people = ml.Data.CreateEnumerable<Person>(test, reuseRowObject: false, ignoreMissingColumns: true).ToList();
        foreach (var person in people)
            person.PredictedLabel = person.YearsOfEducation >= 13 && person.MaritalStatus.StartsWith("Married", StringComparison.Ordinal);

        var audit = ml.Constrained().Audit.BinaryClassification(ml.Data.LoadFromEnumerable(people),
            groupColumnNames: ["Sex"], labelColumnName: "Income");
        output.WriteLine(audit);
        return audit;
    }

    private sealed class Person
    {
        public float YearsOfEducation { get; set; }

        public string MaritalStatus { get; set; } = "";

        public string Sex { get; set; } = "";

        public bool Income { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
