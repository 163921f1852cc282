using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;

namespace HumanCompatible.ML.Tests.Features;

[TestClass]
public sealed class FeatureEncoderTensorsTests
{
    [TestMethod]
    public void Read_WhatWasWritten_EncodesTheSame()
    {
        Random random = new(1);
        float[] rows = [.. Enumerable.Range(0, 4000)
            .Select(i => (float)(i % 4 == 0 ? 3 : i % 4 == 1
            ? random.Next(2) : i % 4 == 2 ? random.NextDouble() : Math.Max(0, random.Next(-90, 60))))];
        var encoder = FeatureEncoder.Fit(new(), rows, 4);
        var read = FeatureEncoderTensors.Read(FeatureEncoderTensors.Write(encoder), 4);
        Assert.AreEqual(encoder.OutputCount, read.OutputCount);
        CollectionAssert.AreEqual(encoder.Encode(rows, 1000), read.Encode(rows, 1000));
    }

    [TestMethod]
    [DataRow("encoding.scale", new float[] { 1 }, "The array 'encoding.scale' must have shape [2], got [1].")]
    [DataRow("encoding.scale", new float[] { 1, float.NaN }, "'encoding.scale' must be finite and not negative, got NaN for feature 1.")]
    [DataRow("encoding.scale", new float[] { -1, 1 }, "'encoding.scale' must be finite and not negative, got -1 for feature 0.")]
    [DataRow("encoding.offset", new float[] { 0, float.PositiveInfinity }, "'encoding.offset' must be finite, got Infinity for feature 1.")]
    [DataRow("encoding.boundaryCount", new float[] { 4, 0 }, "'encoding.boundaries' has 3 values left for feature 0, which needs 4.")]
    [DataRow("encoding.boundaryCount", new float[] { 2.5f, 0 }, "'encoding.boundaries' has 3 values left for feature 0, which needs 2.5.")]
    [DataRow("encoding.boundaryCount", new float[] { 2, 0 }, "'encoding.boundaries' has 1 more values than 'encoding.boundaryCount' says.")]
    [DataRow("encoding.boundaryCount", new float[] { 1, 2 }, "'encoding.boundaryCount' must be 0 or at least 2, got 1 for feature 0.")]
    [DataRow("encoding.boundaries", new float[] { 1, 1, 2 },
        "'encoding.boundaries' must be finite and increasing, got 1 at position 1 of feature 0.")]
    [DataRow("encoding.dominants", new float[] { float.NaN },
        "'encoding.dominants' must be finite and increasing, got NaN at position 0 of feature 0.")]
    [DataRow("encoding.dominants", new float[] { 0, 1 }, "'encoding.dominants' has 1 more values than 'encoding.dominantCount' says.")]
    [DataRow("encoding.dominants", null, "The array 'encoding.dominants' is missing.")]
    public void Read_Defect_HasItsOwnMessage(string name, float[]? values, string message)
    {
        FeatureEncoder encoder = new([new SlotEncoding(0, 1, [0], [0, 1, 2]), SlotEncoding.Identity]);
        var arrays = FeatureEncoderTensors.Write(encoder).Arrays.Where(array => array.Name != name);
        if (values is not null)
            arrays = arrays.Append(new NetworkArray(name, [values.Length], values));
        NetworkWeights altered = new(arrays);
        Assert.AreEqual(message, Assert.ThrowsExactly<FormatException>(() => FeatureEncoderTensors.Read(altered, 2)).Message);
    }
}
