using System.Text;
using System.Text.Json.Nodes;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Persistence;

/// <summary>That training goes on from a loaded state bit by bit is a test of training; here, what is no such state is refused.</summary>
[TestClass]
public sealed class TrainingStateEntryTests
{
    private static readonly TrainingState State = new(3, -7, new NetworkWeights([new NetworkArray("w", [2], new float[] { 1, 2 })]),
        [new PrimalState(30, [1, 2], [3, 4], [5, 6]) { Scale = new([9, 10], [11], [12], [13]) }], null, [0.5, 0.25])
    {
        SmoothedBatches = 11,
        Margins = [-0.1],
        DampingFactor = 0.5,
        Average = [[7, 8]],
        AverageCount = 40,
        Unmixed = new NetworkWeights([new NetworkArray("w", [2], new float[] { 14, 15 })]),
    };

    [TestMethod]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var read = Read(State);

        Assert.AreEqual((3, -7, 11L, 0.5, 40L),
            (read.Epoch, read.Seed, read.SmoothedBatches, read.DampingFactor, read.AverageCount));
        var weights = read.Weights.Arrays.Single();
        Assert.AreEqual(("w", "[2]"), (weights.Name, weights.ShapeText));
        CollectionAssert.AreEqual(new float[] { 1, 2 }, weights.Values.ToArray());
        var primal = read.Primal.Single();
        Assert.AreEqual(30L, primal.Step);
        CollectionAssert.AreEqual(new float[] { 1, 2 }, primal.FirstMoment);
        CollectionAssert.AreEqual(new float[] { 3, 4 }, primal.SecondMoment);
        CollectionAssert.AreEqual(new double[] { 5, 6 }, primal.Center);
        CollectionAssert.AreEqual(new float[] { 9, 10, 11, 12, 13 },
            new[] { primal.Scale!.Unscaled, primal.Scale.Factors, primal.Scale.FirstMoment, primal.Scale.SecondMoment }
                .SelectMany(values => values).ToArray());
        CollectionAssert.AreEqual(new[] { 0.5, 0.25 }, read.Statistics);
        CollectionAssert.AreEqual(new[] { -0.1 }, read.Margins);
        CollectionAssert.AreEqual(new float[] { 7, 8 }, read.Average.Single());
        CollectionAssert.AreEqual(new float[] { 14, 15 }, read.Unmixed!.Arrays.Single().Values.ToArray());
    }

    [TestMethod]
    public void Read_WithoutEnvelopeFactorsAverageConstraintsAndShare_HasNone()
    {
        var read = Read(State with
        {
            Primal = [State.Primal[0] with { Center = null, Scale = null }],
            Average = [],
            Statistics = [],
            Margins = [],
            Unmixed = null,
        });

        Assert.IsNull(read.Primal.Single().Center);
        Assert.IsNull(read.Primal.Single().Scale);
        Assert.IsEmpty(read.Average);
        Assert.IsEmpty(read.Statistics);
        Assert.IsEmpty(read.Margins);
        Assert.IsNull(read.Unmixed);
    }

    [TestMethod]
    [DataRow("primal.steps", "The tensor 'primal.steps' is missing.")]
    [DataRow("primal.0.first", "The tensor 'primal.0.first' is missing.")]
    [DataRow("primal.0.second", "The tensor 'primal.0.second' is missing.")]
    [DataRow("scale.unscaled", "The tensor 'scale.unscaled' is missing.")]
    [DataRow("scale.first", "The tensor 'scale.first' is missing.")]
    [DataRow("smoothing.statistics", "The tensor 'smoothing.statistics' is missing.")]
    [DataRow("margins", "The tensor 'margins' is missing.")]
    public void ReadArrays_WithoutATensor_NamesIt(string name, string message) => Assert.AreEqual(message,
        ArraysProblem(Tensors().Where(tensor => tensor.Name != name)));

    [TestMethod]
    public void ReadArrays_OtherTensors_AreRefusedByName()
    {
        Assert.AreEqual("The tensor 'primal.1.first' does not belong there.",
            ArraysProblem([.. Tensors(), SafetensorsTensor.From<float>("primal.1.first", [1])]));
        Assert.AreEqual("The tensor 'average.1' does not belong there.",
            ArraysProblem([.. Tensors(), SafetensorsTensor.From<float>("average.1", [1])]));
        var others = Tensors().Where(tensor => tensor.Name != "primal.steps");
        Assert.AreEqual("The tensor 'primal.steps' must have type I64, got F32.",
            ArraysProblem([.. others, SafetensorsTensor.From<float>("primal.steps", [1])]));
        Assert.AreEqual("The tensor 'primal.steps' must have shape [any], got [1, 1].",
            ArraysProblem([.. others, SafetensorsTensor.From<long>("primal.steps", [1, 1], [1])]));
    }

    [TestMethod]
    [DataRow("epoch", "0")]
    [DataRow("epoch", "1.5")]
    [DataRow("smoothedBatches", "-1")]
    [DataRow("averagedSteps", "-1")]
    [DataRow("dampingFactor", "2")]
    [DataRow("dampingFactor", "\"NaN\"")]
    [DataRow("objectiveGap", "-0.1")]
    public void ReadNumbers_OutOfRange_IsRefused(string member, string value)
    {
        var json = JsonNode.Parse(TrainingStateEntry.Write(State))!;
        json[member] = JsonNode.Parse(value);

        Assert.ThrowsExactly<InvalidDataException>(() => TrainingStateEntry.ReadNumbers(Encoding.UTF8.GetBytes(json.ToJsonString())));
    }

    private static TrainingState Read(TrainingState state) => TrainingStateEntry.Read(
        TrainingStateEntry.ReadNumbers(TrainingStateEntry.Write(state)),
        TrainingStateEntry.ReadArrays(TrainingStateEntry.WriteTensors(state), Network.Linear()), null);

    private static IReadOnlyList<SafetensorsTensor> Tensors() => SafetensorsBytes.Read(TrainingStateEntry.WriteTensors(State)).Tensors;

    private static string ArraysProblem(IEnumerable<SafetensorsTensor> tensors) => Assert.ThrowsExactly<InvalidDataException>(
        () => TrainingStateEntry.ReadArrays(SafetensorsWriter.ToBytes([.. tensors]), Network.Linear())).Message;
}
