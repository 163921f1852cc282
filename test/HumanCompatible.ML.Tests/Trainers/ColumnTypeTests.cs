using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>The types that labels and group columns may have.</summary>
[TestClass]
public sealed class ColumnTypeTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Data = Prepare();
    private static readonly Lazy<byte[]> BooleanWeights = new(() => WeightsFor("Label"));

    [TestMethod]
    [DataRow("Number", DisplayName = "Single 0 and 1")]
    [DataRow("Double", DisplayName = "Double 0 and 1")]
    [DataRow("Key", DisplayName = "[KeyType(2)] uint")]
    [DataRow("MappedKey", DisplayName = "MapValueToKey of Boolean")]
    [DataRow("ByteKey", DisplayName = "byte key")]
    public void Fit_TheSameLabelInAnotherType_GivesTheSameModel(string label)
        => CollectionAssert.AreEqual(BooleanWeights.Value, WeightsFor(label));

    [TestMethod]
    public void Fit_TextLabelAsKey_ItsSecondValueIsThePositiveClass()
    {
        var people = Census.People(600).Select(person => new TextLabel { Features = person.Features, Label = person.Label ? "yes" : "no" })
            .ToList();
        var data = ML.Data.LoadFromEnumerable(people);
        var model = ML.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ML.Constrained().Trainers.BinaryClassification(Workout.Small())).Fit(data);

        var scored = Scored.Of(model.Transform(data));

        var hits = people.Zip(scored).Count(pair => pair.First.Label == "yes" == pair.Second.PredictedLabel) / 600d;
        Assert.IsGreaterThan(0.6, hits);
    }

    [TestMethod]
    [DataRow("SexKey", "Sex", DisplayName = "key with values")]
    [DataRow("Veteran", "VeteranText", DisplayName = "Boolean")]
    [DataRow("District", "DistrictText", DisplayName = "Single")]
    [DataRow("Household", "HouseholdText", DisplayName = "Int32")]
    [DataRow("HouseholdByte", "HouseholdText", DisplayName = "Byte")]
    [DataRow("HouseholdKey", "HouseholdText", DisplayName = "key without values")]
    public void Fit_GroupsOfAnyType_AreTheGroupsOfTheirText(string column, string text)
    {
        var typed = Fit(Fairness.DemographicParity(column, 0.02) with { Name = "parity" });
        var written = Fit(Fairness.DemographicParity(text, 0.02) with { Name = "parity" });

        CollectionAssert.AreEqual(written.Model.Duals.ToArray(), typed.Model.Duals.ToArray());
        CollectionAssert.AreEqual(written.Model.Summary.Constraints.ToArray(), typed.Model.Summary.Constraints.ToArray());
        CollectionAssert.AreEqual(Scored.Of(written.Transform(Data)), Scored.Of(typed.Transform(Data)));
    }

    [TestMethod]
    public void Fit_SeveralGroupColumns_MakeOneGroupPerCombination()
    {
        var model = Fit(Fairness.RateAtMost(GroupMetric.SelectionRate, ["Sex", "Veteran", "District"], 0.4));

        var groups = from sex in new[] { "Female", "Male" }
                     from veteran in new[] { "False", "True" }
                     from district in new[] { "0",
            "1" }
                     select $"{sex}, {veteran}, {district}";
        CollectionAssert.AreEqual(groups.Select(group => $"SelectionRateAtMost(Sex, Veteran, District): {group} <= 0.4").ToArray(),
            model.Model.Duals.Select(dual => dual.Inequality).ToArray());
    }

    [TestMethod]
    public void Fit_MissingGroupValuesIncluded_AreAGroupOfTheirOwn()
    {
        var people = Census.People(600);
        foreach (var person in people.Where((_, index) => index % 4 == 0))
            (person.Sex, person.District) = ("", float.NaN);
        var options = Workout.Small(Fairness.RateAtMost(GroupMetric.SelectionRate, "Sex", 0.4),
            Fairness.RateAtMost(GroupMetric.SelectionRate, "District", 0.4));
        options.Groups.MissingValues = GroupPolicy.Include;

        var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(ML.Data.LoadFromEnumerable(people));

        CollectionAssert.AreEqual(
            new[] { "(missing)", "Female", "Male", "(missing)", "0", "1" },
            model.Model.Duals.Select(dual => dual.Inequality.Split(": ")[1].Split(" <=")[0]).ToArray());
    }

    private static BinaryPredictionTransformer<ConstrainedBinaryModelParameters> Fit(params FairnessConstraint[] constraints)
        => ML.Constrained().Trainers.BinaryClassification(Workout.Small(constraints)).Fit(Data);

    private static byte[] WeightsFor(string label)
    {
        var options = Workout.Small(Fairness.EqualOpportunity("Sex", 0.05));
        options.LabelColumnName = label;
        var model = ML.Constrained().Trainers.BinaryClassification(options).Fit(Data);
        return ModelArchive.Save(ML, model, Data.Schema)[ModelArchive.Weights];
    }

    private static IDataView Prepare()
    {
        var data = ML.Data.LoadFromEnumerable(Census.People(600).Select(person => new TypedPerson(person)));
        return ML.Transforms.Conversion.MapValueToKey("SexKey", "Sex")
            .Append(ML.Transforms.Conversion.MapValueToKey("MappedKey", "Label",
                keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue))
            .Fit(data).Transform(data);
    }

    private sealed class TextLabel
    {
        public string Label { get; set; } = "";

        [VectorType(Census.FeatureCount)]
        public float[] Features { get; set; } = [];
    }

    private sealed class TypedPerson
    {
        public TypedPerson(Person person)
        {
            (Label, Number, Double, Key, ByteKey) =
                (person.Label, person.Number, person.Number, person.Key,
                (byte)person.Key); // keys count from 0 in an object, from 1 in the view
            (Features, Sex, Veteran, VeteranText) = (person.Features, person.Sex, person.Veteran, person.Veteran ? "True" : "False");
            (District, DistrictText) = (person.District, $"{person.District}");
            (Household, HouseholdByte, HouseholdKey, HouseholdText) =
                (person.Household, (byte)person.Household, (uint)person.Household - 1, $"{person.Household}");
        }

        public bool Label { get; set; }

        public float Number { get; set; }

        public double Double { get; set; }

        [KeyType(2)]
        public uint Key { get; set; }

        [KeyType(2)]
        public byte ByteKey { get; set; }

        [VectorType(Census.FeatureCount)]
        public float[] Features { get; set; }

        public string Sex { get; set; }

        public bool Veteran { get; set; }

        public string VeteranText { get; set; }

        public float District { get; set; }

        public string DistrictText { get; set; }

        public int Household { get; set; }

        public byte HouseholdByte { get; set; }

        [KeyType(3)]
        public uint HouseholdKey { get; set; }

        public string HouseholdText { get; set; }
    }
}
