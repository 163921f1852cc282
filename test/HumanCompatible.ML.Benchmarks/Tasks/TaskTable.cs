using System.Globalization;
using System.Text;
using HumanCompatible.ML.Benchmarks.Hold;
using HumanCompatible.ML.Constraints;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Benchmarks.Tasks;

/// <summary>A public table with a label that is not binary, divided into rows to train on and rows to test.</summary>
/// <param name="Train">The rows to train on.</param>
/// <param name="Test">The others.</param>
/// <param name="Features">Makes the column Features, and of classes the column Label.</param>
/// <param name="Constraint">The constraint.</param>
internal sealed record TaskTable(IDataView Train, IDataView Test, IEstimator<ITransformer> Features, FairnessConstraint Constraint)
{
    private static readonly string[] AdultNumbers = ["age", "education-num", "capital-gain", "capital-loss", "hours-per-week"];

    private static readonly string[] AdultCategories =
        ["workclass", "education", "marital-status", "relationship", "race", "sex", "native-country"];

    private static readonly string[] CommunitiesWithout =
        ["state", "county", "community", "communityname", "fold", "ViolentCrimesPerPop", "LemasSwornFT", "LemasSwFTPerPop",
        "LemasSwFTFieldOps", "LemasSwFTFieldPerPop", "LemasTotalReq", "LemasTotReqPerPop", "PolicReqPerOffic", "PolicPerPop",
        "RacialMatchCommPol", "PctPolicWhite", "PctPolicBlack", "PctPolicHisp", "PctPolicAsian", "PctPolicMinor", "OfficAssgnDrugUnits",
        "NumKindsDrugsSeiz", "PolicAveOTWorked", "PolicCars", "PolicOperBudg", "LemasPctPolicOnPatr", "LemasGangUnitDeploy",
        "PolicBudgPerPop"];

    /// <summary>The occupation of the people of Adult, 14 classes, those without one left out; its own parts.</summary>
    internal static TaskTable Occupation(MLContext ml, string? folder)
    {
        string[] numbers = AdultNumbers, categories = AdultCategories;
        IDataView Part(string path) => Load(ml, numbers, [.. categories, "occupation"], DataFiles.Rows(path, folder,
            DataFiles.AdultColumns,
            cell => cell("occupation") == "?" ? null : [.. numbers.Concat(categories).Append("occupation").Select(cell)]));
        InputOutputColumnPair[] encoded = [.. categories.Select(name => new InputOutputColumnPair(name + " encoded", name))];
        return new TaskTable(Part("adult/adult.data"), Part("adult/adult.test"),
            ml.Transforms.Conversion.MapValueToKey("Label", "occupation")
                .Append(ml.Transforms.Categorical.OneHotEncoding(encoded))
                .Append(ml.Transforms.Concatenate("Features", [.. numbers, .. encoded.Select(pair => pair.OutputColumnName)]))
                .Append(ml.Transforms.NormalizeMeanVariance("Features")),
            Fairness.DemographicParity("sex", 0.05));
    }

    /// <summary>The income of the people of Adult, over 50,000 or not; its own parts.</summary>
    internal static TaskTable Income(MLContext ml, string? folder)
    {
        string[] numbers = AdultNumbers, categories = [.. AdultCategories, "occupation"];
        IDataView Part(string path) => Load(ml, [.. numbers, "Label"], categories, DataFiles.Rows(path, folder, DataFiles.AdultColumns,
            cell => [.. numbers.Select(cell), cell("income").StartsWith('>') ? "1" : "0", .. categories.Select(cell)]));
        return new TaskTable(Part("adult/adult.data"), Part("adult/adult.test"), Featurize(ml, numbers, categories),
            Fairness.DemographicParity("sex", 0.05));
    }

    /// <summary>The recidivism of the people of COMPAS, two races; each seed tests another third.</summary>
    internal static TaskTable Recidivism(MLContext ml, string? folder, int seed)
    {
        string[] numbers = ["age", "juv_fel_count", "juv_misd_count", "juv_other_count", "priors_count"];
        string[] categories = ["sex", "age_cat", "race", "c_charge_degree"];
        string[][] rows = [.. DataFiles.Rows("compas/compas_two_years_noid.csv", folder, null, cell
            => cell("race") is "African-American" or "Caucasian"
                ? [.. numbers.Append("two_year_recid").Concat(categories).Select(cell)] : null)];
        new Random(seed).Shuffle(rows);
        IDataView Part(IEnumerable<string[]> part) => Load(ml, [.. numbers, "Label"], categories, part);
        return new TaskTable(Part(rows.Skip(rows.Length / 3)), Part(rows.Take(rows.Length / 3)), Featurize(ml, numbers, categories),
            Fairness.DemographicParity("race", 0.05));
    }

    /// <summary>The same with some of the rows to train on.</summary>
    internal TaskTable Some(MLContext ml, int rows, int seed)
        => this with { Train = ml.Data.Cache(ml.Data.TakeRows(ml.Data.ShuffleRows(Train, seed), rows)) };

    /// <summary>
    /// The violent crimes of Communities; each seed tests two of the ten folds. The groups have a share of white people above and below the
    /// median.
    /// </summary>
    internal static TaskTable Communities(MLContext ml, string? folder, int seed)
    {
        const string Path = "communities/communities.csv";
        var numbers = DataFiles.Header(Path, folder).Except(CommunitiesWithout).ToArray();
        IDataView Part(bool isTest) => Load(ml, [.. numbers, "Label"], ["white"], DataFiles.Rows(Path, folder, null, cell =>
            (int.Parse(cell("fold"), CultureInfo.InvariantCulture) - 1) / 2 == (seed - 1) % 5 != isTest ? null :
            [
                .. numbers.Append("ViolentCrimesPerPop").Select(cell).Select(value => value == "?" ? "0" : value),
                float.Parse(cell("racePctWhite"), CultureInfo.InvariantCulture) >= 0.85f ? "above" : "below",
            ]));
        return new TaskTable(Part(isTest: false), Part(isTest: true),
            ml.Transforms.Concatenate("Features", numbers).Append(ml.Transforms.NormalizeMeanVariance("Features")),
            Fairness.ResidualParity("white", 0.02));
    }

    private static IEstimator<ITransformer> Featurize(MLContext ml, string[] numbers, string[] categories)
    {
        InputOutputColumnPair[] encoded = [.. categories.Select(name => new InputOutputColumnPair(name + " encoded", name))];
        return ml.Transforms.Categorical.OneHotEncoding(encoded)
            .Append(ml.Transforms.Concatenate("Features", [.. numbers, .. encoded.Select(pair => pair.OutputColumnName)]))
            .Append(ml.Transforms.NormalizeMeanVariance("Features"));
    }

    private static IDataView Load(MLContext ml, string[] numbers, string[] categories, IEnumerable<string[]> rows)
    {
        var text = new InMemoryText(Encoding.UTF8.GetBytes(string.Join('\n', rows.Select(row => string.Join('\t', row)))));
        return ml.Data.CreateTextLoader([.. numbers.Select((name, index) => new TextLoader.Column(name, DataKind.Single, index)),
            .. categories.Select((name, index) => new TextLoader.Column(name, DataKind.String, numbers.Length + index))]).Load(text);
    }
}
