using HumanCompatible.ML.Tests.Trainers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>Models of several classes and of numbers as ONNX.</summary>
[TestClass]
public sealed class OnnxTaskTests
{
    private static readonly MLContext ML = new(1);
    private static readonly IDataView Rows = View(Census.People(200, seed: 5).Select(person => person.Features));

    [TestMethod]
    [DataRow("no constraint")]
    [DataRow("linear network")]
    [DataRow("features as they are")]
    public void Convert_SeveralClasses_GivesTheProbabilitiesAndTheKey(string name)
    {
        var model = TaskWorkout.Get($"{TaskWorkout.Multiclass}: {name}").Model;
        var scored = model.Transform(Rows);
        float[] scores = [.. scored.GetColumn<VBuffer<float>>("Score").SelectMany(row => row.DenseValues())];
        uint[] labels = [.. scored.GetColumn<uint>("PredictedLabel")];
        Assert.IsGreaterThan(1, labels.Distinct().Count());
        for (var operatorSet = 9; operatorSet <= 12; operatorSet++)
        {
            using var file = OnnxFile.Convert(ML, model, Rows, operatorSet);

            AreClose(scores, file.Output<float>(Rows, "Score"));
            CollectionAssert.AreEqual(labels, file.Output<uint>(Rows, "PredictedLabel"));
            var first = ML.Data.TakeRows(Rows, 1);
            AreClose(scores[..3], file.Output<float>(first, "Score"));
            CollectionAssert.AreEqual(labels[..1], file.Output<uint>(first, "PredictedLabel"));
        }
    }

    [TestMethod]
    public void Convert_SeveralClasses_ARowWithoutANumber_HasNoScoreAndNoKey()
    {
        var model = TaskWorkout.Get($"{TaskWorkout.Multiclass}: no constraint").Model;
        var damaged = View([[0, 40, float.NaN, 0, 1], [0, 40, 30, 0, 1]]);
        using var file = OnnxFile.Convert(ML, model, Rows);

        var scores = file.Output<float>(damaged, "Score");

        Assert.IsTrue(scores[..3].All(float.IsNaN) && scores[3..].All(float.IsFinite));
        uint[] labels = [.. model.Transform(damaged).GetColumn<uint>("PredictedLabel")];
        Assert.AreEqual(0u, labels[0]);
        CollectionAssert.AreEqual(labels, file.Output<uint>(damaged, "PredictedLabel"));
    }

    [TestMethod]
    [DataRow("no constraint")]
    [DataRow("linear network")]
    [DataRow("features as they are")]
    public void Convert_ANumber_GivesItInItsUnit(string name)
    {
        var model = TaskWorkout.Get($"{TaskWorkout.Regression}: {name}").Model;
        float[] scores = [.. model.Transform(Rows).GetColumn<float>("Score")];
        Assert.IsGreaterThan(10_000, scores.Average());
        for (var operatorSet = 9; operatorSet <= 12; operatorSet++)
        {
            using var file = OnnxFile.Convert(ML, model, Rows, operatorSet);

            AreClose(scores, file.Output<float>(Rows, "Score"));
            AreClose(scores[..1], file.Output<float>(ML.Data.TakeRows(Rows, 1), "Score"));
        }

        using var last = OnnxFile.Convert(ML, model, Rows);
        Assert.IsTrue(float.IsNaN(last.Output<float>(View([[0, 40, float.NaN, 0, 1]]), "Score").Single()));
    }

    [TestMethod]
    [DataRow(TaskWorkout.Multiclass)]
    [DataRow(TaskWorkout.Regression)]
    public void Convert_TheUsersOwnModule_IsRefused(string task)
        => Assert.ThrowsExactly<NotSupportedException>(() => OnnxFile.Convert(ML, TaskWorkout.Get($"{task}: own network").Model, Rows));

    private static void AreClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        foreach (var (own, other) in expected.Zip(actual))
            Assert.AreEqual(own, other, 1e-5f * Math.Max(1, Math.Abs(own)));
    }

    private static IDataView View(IEnumerable<float[]> rows) => ML.Data.LoadFromEnumerable(rows.Select(row => new Row { Features = row }));

    private sealed class Row
    {
        [VectorType(Census.FeatureCount)]
        public float[] Features { get; set; } = [];
    }
}
