using HumanCompatible.ML.Features;
using HumanCompatible.ML.Persistence;
using HumanCompatible.ML.Tests.Features;

namespace HumanCompatible.ML.Tests.Persistence;

[TestClass]
public sealed class EncodingEntryTests
{
    [TestMethod]
    public void Read_WhatWasWritten_EncodesTheSame()
    {
        Random random = new(1);
        float[] rows = [.. Enumerable.Range(0, 4000)
            .Select(i => (float)(i % 4 == 0 ? 3 : i % 4 == 1
            ? random.Next(2) : i % 4 == 2 ? random.NextDouble() : Math.Max(0, random.Next(-90, 60))))];
        var encoder = FeatureEncoder.Fit(new(), rows, 4);
        encoder = new FeatureEncoder([.. encoder.Slots.Select((slot, index) => slot with { TakesMissing = index is 0 or 2 })]);
        rows[6] = float.NaN;
        var read = EncodingEntry.Read(EncodingEntry.Write(encoder), 4);
        Assert.AreEqual(encoder.OutputCount, read.OutputCount);
        CollectionAssert.AreEqual(encoder.Encode(rows, 1000), read.Encode(rows, 1000));
    }

    [TestMethod]
    [DataRow("scale", new float[] { 1 }, "The tensor 'scale' must have shape [2], got [1].")]
    [DataRow("scale", new float[] { 1, float.NaN }, "'scale' must be finite and not negative, got NaN for feature 1.")]
    [DataRow("scale", new float[] { -1, 1 }, "'scale' must be finite and not negative, got -1 for feature 0.")]
    [DataRow("offset", new float[] { 0, float.PositiveInfinity }, "'offset' must be finite, got Infinity for feature 1.")]
    [DataRow("boundaryCounts", new[] { 4, 0 }, "'boundaries' has 3 values left for feature 0, which needs 4.")]
    [DataRow("boundaryCounts", new[] { -1, 0 }, "'boundaries' has 3 values left for feature 0, which needs -1.")]
    [DataRow("boundaryCounts", new float[] { 3, 0 }, "The tensor 'boundaryCounts' must have type I32, got F32.")]
    [DataRow("boundaryCounts", new[] { 2, 0 }, "'boundaries' has 1 more values than 'boundaryCounts' says.")]
    [DataRow("boundaryCounts", new[] { 1, 2 }, "'boundaryCounts' must be 0 or at least 2, got 1 for feature 0.")]
    [DataRow("boundaries", new float[] { 1, 1, 2 }, "'boundaries' must be finite and increasing, got 1 at position 1 of feature 0.")]
    [DataRow("dominants", new[] { float.NaN }, "'dominants' must be finite and increasing, got NaN at position 0 of feature 0.")]
    [DataRow("dominants", new float[] { 0, 1 }, "'dominants' has 1 more values than 'dominantCounts' says.")]
    [DataRow("missing", new[] { 0, 2 }, "'missing' must be 0 or 1, got 2 for feature 1.")]
    [DataRow("dominants", null, "The tensor 'dominants' is missing.")]
    [DataRow("more", new float[] { 1 }, "The tensor 'more' does not belong there.")]
    public void Read_Defect_HasItsOwnMessage(string name, Array? values, string message)
    {
        FeatureEncoder encoder = new([new SlotEncoding(0, 1, [0], [0, 1, 2]), SlotEncoding.Identity]);
        var tensors = SafetensorsBytes.Read(EncodingEntry.Write(encoder)).Tensors.Where(tensor => tensor.Name != name).ToList();
        if (values is float[] numbers)
            tensors.Add(SafetensorsTensor.From<float>(name, numbers));
        else if (values is int[] counts)
            tensors.Add(SafetensorsTensor.From<int>(name, counts));

        Assert.AreEqual(message,
            Assert.ThrowsExactly<InvalidDataException>(() => EncodingEntry.Read(SafetensorsWriter.ToBytes(tensors), 2)).Message);
    }
}
