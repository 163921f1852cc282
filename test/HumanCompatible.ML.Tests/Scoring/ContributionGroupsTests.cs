using HumanCompatible.ML.Scoring;
using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Scoring;

[TestClass]
public sealed class ContributionGroupsTests
{
    private static readonly MLContext ML = new(1);

    [TestMethod]
    public void Sum_OfAOneHotPipeline_AddsUpTheSlotsOfEachColumn()
    {
        var data = Census.View(ML, 400);
        var model = ML.Transforms.Categorical.OneHotEncoding("Region")
            .Append(ML.Transforms.Categorical.OneHotEncoding("SexCode", "Sex"))
            .Append(ML.Transforms.Concatenate("All", "District", "Region", "Weight", "SexCode"))
            .Append(ML.Transforms.NormalizeMeanVariance("All"))
            .Append(ML.Constrained().Trainers.BinaryClassification(With("All")))
            .Fit(data);
        var scored = model.Transform(data);
        var explained = ML.Transforms.CalculateFeatureContribution(model.LastTransformer, 7, 7, normalize: false).Fit(scored)
            .Transform(scored);
        var groups = ContributionGroups.Of(explained.Schema["FeatureContributions"]);
        CollectionAssert.AreEqual(new[] { "District", "Region", "Weight", "SexCode" }, groups.Columns.ToArray());

        foreach (var (row, score) in explained.GetColumn<VBuffer<float>>("FeatureContributions").Zip(Scored.Of(scored)))
        {
            var slots = row.DenseValues().ToArray();
            Assert.HasCount(7, slots); // District, three regions, weight, two sexes
            var sums = groups.Sum(row);
            var byColumn = sums.ToDictionary(sum => sum.Column, sum => sum.Value);
            Assert.AreEqual(slots[0], byColumn["District"], 1e-6);
            Assert.AreEqual(slots[1] + slots[2] + slots[3], byColumn["Region"], 1e-6);
            Assert.AreEqual(slots[5] + slots[6], byColumn["SexCode"], 1e-6);
            CollectionAssert.AreEqual(sums.OrderBy(sum => sum.Value).ToArray(), sums.ToArray());
            Assert.AreEqual(score.Score - model.LastTransformer.Model.BaselineScore, sums.Sum(sum => sum.Value), 2e-5);
        }
    }

    [TestMethod]
    public void Of_ColumnsWithFullStops_TakesTheLongestThatIsGiven()
    {
        var column = Named("a.b", "a.b.x", "a.y", "", "a");

        CollectionAssert.AreEqual(new[] { "a", "Slot 3" }, ContributionGroups.Of(column).Columns.ToArray());
        CollectionAssert.AreEqual(new[] { "a.b", "a", "Slot 3" }, ContributionGroups.Of(column, "a", "a.b").Columns.ToArray());
        var stranger = Assert.ThrowsExactly<ArgumentException>(() => ContributionGroups.Of(column, "a.b", "c"));
        Assert.StartsWith("Slot 2, 'a.y', belongs to none of the columns 'a.b', 'c'.", stranger.Message);
    }

    [TestMethod]
    public void Of_AColumnWithoutSlotNames_IsRefused()
    {
        var view = Census.View(ML, 1);

        Assert.Contains("'Features' must be a vector whose slots have names",
            Assert.ThrowsExactly<ArgumentException>(() => ContributionGroups.Of(view.Schema["Features"])).Message);
        Assert.Contains("its type is Single",
            Assert.ThrowsExactly<ArgumentException>(() => ContributionGroups.Of(view.Schema["Weight"])).Message);
    }

    [TestMethod]
    public void Sum_AnotherNumberOfSlots_IsRefused()
        => Assert.ThrowsExactly<ArgumentException>(() => ContributionGroups.Of(Named("a", "b")).Sum(new VBuffer<float>(1, [1f])));

    [TestMethod]
    public void ColumnContribution_IsTextInInvariantCulture()
        => Assert.AreEqual("age -0.5000", new ColumnContribution("age", -0.5).ToString());

    private static HumanCompatible.ML.Trainers.ConstrainedBinaryClassificationTrainer.Options With(string features)
    {
        var options = Workout.Small();
        options.FeatureColumnName = features;
        return options;
    }

    private static DataViewSchema.Column Named(params string[] names)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value)
                => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names.Select(name => name.AsMemory())]));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Contributions", new VectorDataViewType(NumberDataViewType.Single, names.Length), annotations.ToAnnotations());
        return schema.ToSchema()["Contributions"];
    }
}
