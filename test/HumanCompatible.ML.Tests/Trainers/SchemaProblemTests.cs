using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// Columns that are missing or of a wrong type: the promise and Fit refuse them alike, with ML.NET's type of exception and wording.
/// </summary>
[TestClass]
public sealed class SchemaProblemTests
{
    private const string LabelExpected = "expected Boolean, Single or Double holding 0 and 1, or a key with 2 values";
    private const string FeaturesExpected = "expected Vector<Single> of a fixed size";
    private const string Concatenate = "Concatenate makes one of it, also of several columns.";
    private const string Convert = "ConvertType to Single, then Concatenate, makes one of it, also of several columns.";
    private const string Map = "MapKeyToVector makes one of a key.";
    private const string Text = "OneHotEncoding or FeaturizeText makes one of text.";
    private const string Size = "Its size must be known.";
    private const string Columns
        = "'Label', 'Features', 'Sex', 'One', 'Doubles', 'AnySize', 'Booleans', 'Whole', 'Day', 'Three'";

    private const string GroupExpected = "expected text, key, Boolean or integer-valued numbers";

    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = ML.Data.LoadFromEnumerable(Census.People(100)
        .Select(person => new OddPerson { Label = person.Label, Features = person.Features, Sex = person.Sex }));

    // The role, the column given for it, what the promise makes of it and what Fit does.
    public static IEnumerable<object[]> Problems =>
    [
        ["feature", "Nowhere", $"Could not find feature column 'Nowhere' among {Columns}",
            $"Could not find feature column 'Nowhere' among {Columns}"],
        ["feature", "One", $"Schema mismatch for feature column 'One': {FeaturesExpected}, got Single. {Concatenate}",
            $"Schema mismatch for feature column 'One': {FeaturesExpected}, got Single. {Concatenate}"],
        ["feature", "Doubles", $"Schema mismatch for feature column 'Doubles': {FeaturesExpected}, got Vector<Double>. {Convert}",
            $"Schema mismatch for feature column 'Doubles': {FeaturesExpected}, got Vector<Double, 2>. {Convert}"],
        ["feature", "Whole", $"Schema mismatch for feature column 'Whole': {FeaturesExpected}, got Int32. {Convert}",
            $"Schema mismatch for feature column 'Whole': {FeaturesExpected}, got Int32. {Convert}"],
        ["feature", "Booleans", $"Schema mismatch for feature column 'Booleans': {FeaturesExpected}, got Vector<Boolean>. {Convert}",
            $"Schema mismatch for feature column 'Booleans': {FeaturesExpected}, got Vector<Boolean, 2>. {Convert}"],
        ["feature", "Three", $"Schema mismatch for feature column 'Three': {FeaturesExpected}, got Key<UInt32>. {Map}",
            $"Schema mismatch for feature column 'Three': {FeaturesExpected}, got Key<UInt32, 0-2>. {Map}"],
        ["feature", "AnySize", $"Schema mismatch for feature column 'AnySize': {FeaturesExpected}, got VarVector<Single>. {Size}",
            $"Schema mismatch for feature column 'AnySize': {FeaturesExpected}, got Vector<Single>. {Size}"],
        ["feature", "Sex", $"Schema mismatch for feature column 'Sex': {FeaturesExpected}, got String. {Text}",
            $"Schema mismatch for feature column 'Sex': {FeaturesExpected}, got String. {Text}"],
        ["label", "Nowhere", $"Could not find label column 'Nowhere' among {Columns}",
            $"Could not find label column 'Nowhere' among {Columns}"],
        ["label", "Sex", $"Schema mismatch for label column 'Sex': {LabelExpected}, got String",
            $"Schema mismatch for label column 'Sex': {LabelExpected}, got String"],
        ["label", "Whole", $"Schema mismatch for label column 'Whole': {LabelExpected}, got Int32",
            $"Schema mismatch for label column 'Whole': {LabelExpected}, got Int32"],
        ["label", "Booleans", $"Schema mismatch for label column 'Booleans': {LabelExpected}, got Vector<Boolean>",
            $"Schema mismatch for label column 'Booleans': {LabelExpected}, got Vector<Boolean, 2>"],
        ["weight", "Nowhere", $"Could not find weight column 'Nowhere' among {Columns}",
            $"Could not find weight column 'Nowhere' among {Columns}"],
        ["weight", "Whole", "Schema mismatch for weight column 'Whole': expected Single, got Int32",
            "Schema mismatch for weight column 'Whole': expected Single, got Int32"],
        ["weight", "Doubles", "Schema mismatch for weight column 'Doubles': expected Single, got Vector<Double>",
            "Schema mismatch for weight column 'Doubles': expected Single, got Vector<Double, 2>"],
        ["group", "Nowhere", $"Could not find group column 'Nowhere' among {Columns}",
            $"Could not find group column 'Nowhere' among {Columns}"],
        ["group", "Day", $"Schema mismatch for group column 'Day': {GroupExpected}, got DateTime",
            $"Schema mismatch for group column 'Day': {GroupExpected}, got DateTime"],
        ["group", "Booleans", $"Schema mismatch for group column 'Booleans': {GroupExpected}, got Vector<Boolean>",
            $"Schema mismatch for group column 'Booleans': {GroupExpected}, got Vector<Boolean, 2>"],
    ];

    [TestMethod]
    [DynamicData(nameof(Problems))]
    public void GetOutputSchemaAndFit_RefuseTheSameColumns(string role, string column, string promised, string actual)
    {
        var trainer = Create(role, column);
        var before = TorchState.Read();

        var early = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(Schemas.Shape(Data.Schema)));
        var late = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Data));

        Assert.AreEqual($"{promised} (Parameter 'inputSchema')", early.Message);
        Assert.AreEqual($"{actual} (Parameter 'input')", late.Message);
        Assert.AreEqual(("inputSchema", "input"), (early.ParamName, late.ParamName));
        before.AssertUnchanged();
    }

    [TestMethod]
    public void GetOutputSchemaAndFit_OfSeveralWrongColumns_NameAllOfThem()
    {
        var options = Workout.Small(Fairness.DemographicParity("Day", 0.1), Fairness.EqualizedOdds("Nowhere", 0.1));
        (options.FeatureColumnName, options.LabelColumnName, options.ExampleWeightColumnName) = ("One", "Sex", "Gone");
        var trainer = ML.Constrained().Trainers.BinaryClassification(options);

        var early = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(Schemas.Shape(Data.Schema)));
        var late = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Data));

        string[] expected =
        [
            $"Schema mismatch for feature column 'One': {FeaturesExpected}, got Single. {Concatenate}",
            $"Schema mismatch for label column 'Sex': {LabelExpected}, got String",
            $"Could not find weight column 'Gone' among {Columns}",
            $"Schema mismatch for group column 'Day': {GroupExpected}, got DateTime",
            $"Could not find group column 'Nowhere' among {Columns}",
        ];
        Assert.AreEqual($"{string.Join('\n', expected)} (Parameter 'inputSchema')", early.Message);
        Assert.AreEqual($"{string.Join('\n', expected)} (Parameter 'input')", late.Message);
    }

    [TestMethod]
    public void Fit_LabelKeyOfThreeValues_IsRefusedThoughThePromiseCannotKnow()
    {
        var trainer = Create("label", "Three");

        trainer.GetOutputSchema(Schemas.Shape(Data.Schema));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Data));

        Assert.AreEqual($"Schema mismatch for label column 'Three': {LabelExpected}, got Key<UInt32, 0-2> (Parameter 'input')",
            error.Message);
    }

    [TestMethod]
    public void Transform_OtherFeatures_AreRefusedAsByMLNetsOwnModels()
    {
        var model = ML.Constrained().Trainers.BinaryClassification(Workout.Small()).Fit(Data);
        var reference = ML.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(Data);
        var missing = ML.Transforms.DropColumns("Features").Fit(Data).Transform(Data);
        var wider = ML.Transforms.Concatenate("Features", "Features", "One").Fit(Data).Transform(Data);

        Is("Could not find feature column 'Features' (Parameter 'inputSchema')", missing);
        Is("Schema mismatch for feature column 'Features': expected Vector<Single, 5>, got Vector<Single, 6> (Parameter 'inputSchema')",
            wider);

        void Is(string message, IDataView data)
        {
            Assert.AreEqual(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.GetOutputSchema(data.Schema)).Message);
            AreSame(() => model.Transform(data), () => reference.Transform(data));
            AreSame(() => ((ITransformer)model).GetRowToRowMapper(data.Schema),
                () => ((ITransformer)reference).GetRowToRowMapper(data.Schema));
        }

        static void AreSame(Action ours, Action theirs)
        {
            var (first, second) = (Assert.Throws<Exception>(ours), Assert.Throws<Exception>(theirs));
            Assert.AreEqual((second.GetType(), second.Message), (first.GetType(), first.Message));
        }
    }

    private static ConstrainedBinaryClassificationTrainer Create(string role, string column)
    {
        var options = Workout.Small(Fairness.DemographicParity(role == "group" ? column : "Sex", 0.1));
        options.FeatureColumnName = role == "feature" ? column : options.FeatureColumnName;
        options.LabelColumnName = role == "label" ? column : options.LabelColumnName;
        options.ExampleWeightColumnName = role == "weight" ? column : null;
        return ML.Constrained().Trainers.BinaryClassification(options);
    }

    private sealed class OddPerson
    {
        public bool Label { get; set; }

        [VectorType(Census.FeatureCount)]
        public float[] Features { get; set; } = [];

        public string Sex { get; set; } = "";

        public float One { get; set; }

        [VectorType(2)]
        public double[] Doubles { get; set; } = [1, 2];

        [VectorType]
        public float[] AnySize { get; set; } = [1];

        [VectorType(2)]
        public bool[] Booleans { get; set; } = [true, false];

        public int Whole { get; set; }

        public DateTime Day { get; set; }

        [KeyType(3)]
        public uint Three { get; set; }
    }
}
