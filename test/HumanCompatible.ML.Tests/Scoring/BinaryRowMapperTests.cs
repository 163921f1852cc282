using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Scoring;

[TestClass]
public sealed class BinaryRowMapperTests
{
    private static readonly WorkoutCase Run = Workout.Get("BinaryClassification: DemographicParity(Sex)");
    private static readonly IRowToRowMapper Mapper = ((ITransformer)Run.Model).GetRowToRowMapper(Run.Data.Schema);

    [TestMethod]
    [DataRow("", "", DisplayName = "nothing for nothing")]
    [DataRow("Sex,Label", "Label,Sex", DisplayName = "itself for an input column")]
    [DataRow("Score", "Features")]
    [DataRow("Sex,Probability,PredictedLabel", "Features,Sex")]
    public void GetDependencies_AreTheInputsThatAreNeeded(string outputs, string inputs)
    {
        var wanted = outputs.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => Mapper.OutputSchema[name]);

        Assert.AreEqual(inputs, string.Join(",", Mapper.GetDependencies(wanted).Select(column => column.Name)));
    }

    [TestMethod]
    public void GetRow_GivesTheColumnsAskedForOnly()
    {
        using var cursor = Run.Data.GetRowCursor(Run.Data.Schema);
        using var row = Mapper.GetRow(cursor, [Mapper.OutputSchema["Score"], Mapper.OutputSchema["Sex"]]);

        Assert.IsTrue(row.IsColumnActive(Mapper.OutputSchema["Score"]));
        Assert.IsFalse(row.IsColumnActive(Mapper.OutputSchema["Probability"]));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => row.GetGetter<float>(Mapper.OutputSchema["Probability"]));
        Assert.AreEqual("Column 'Probability' is not active: it was not asked for when the rows were opened. (Parameter 'column')",
            error.Message);

        var (score, sex) = (row.GetGetter<float>(Mapper.OutputSchema["Score"]),
            row.GetGetter<ReadOnlyMemory<char>>(Mapper.OutputSchema["Sex"]));
        var (id, sourceId) = (row.GetIdGetter(), cursor.GetIdGetter());
        var expected = Scored.Of(Run.Model.Transform(Run.Data));
        var people = Census.People(3);
        for (var index = 0; index < 3; index++)
        {
            Assert.IsTrue(cursor.MoveNext());
            var (logit, text, first, second) = (0f, default(ReadOnlyMemory<char>), default(DataViewRowId), default(DataViewRowId));
            score(ref logit);
            sex(ref text);
            id(ref first);
            sourceId(ref second);
            Assert.AreEqual((expected[index].Score, people[index].Sex, second), (logit, text.ToString(), first));
            Assert.AreEqual((cursor.Position, cursor.Batch), (row.Position, row.Batch));
        }
    }

    [TestMethod]
    public void GetRow_WithoutOutputs_NeedsNoFeatures()
    {
        using var cursor = Run.Data.GetRowCursor([Run.Data.Schema["Sex"]]);
        using var row = Mapper.GetRow(cursor, [Mapper.OutputSchema["Sex"]]);
        Assert.IsTrue(cursor.MoveNext());
        ReadOnlyMemory<char> sex = default;

        row.GetGetter<ReadOnlyMemory<char>>(Mapper.OutputSchema["Sex"])(ref sex);

        Assert.AreEqual(Census.People(1)[0].Sex, sex.ToString());
    }

    [TestMethod]
    public void GetRow_OfAnotherSchema_IsRefused()
    {
        var other = Run.Context.Transforms.CopyColumns("Copy", "Sex").Fit(Run.Data).Transform(Run.Data);
        using var cursor = other.GetRowCursor(other.Schema);

        var error = Assert.ThrowsExactly<ArgumentException>(() => Mapper.GetRow(cursor, Mapper.OutputSchema));

        Assert.AreEqual("The row has another schema than the one the mapper was made for. (Parameter 'input')", error.Message);
    }
}
