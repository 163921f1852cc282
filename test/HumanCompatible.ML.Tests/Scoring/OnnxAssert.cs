using HumanCompatible.ML.Tests.Trainers;

namespace HumanCompatible.ML.Tests.Scoring;

/// <summary>Compares what a graph scores with what the model scores.</summary>
internal static class OnnxAssert
{
    /// <summary>Scores to 1e-5 (of their size, where it is above 1), and predictions wherever the score tells them.</summary>
    internal static void AreClose(Scored[] expected, Scored[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        foreach (var (row, (own, other)) in expected.Zip(actual).Index())
        {
            Assert.AreEqual(own.Score, other.Score, 1e-5f * Math.Max(1, Math.Abs(own.Score)), $"{what}, row {row}");
            Assert.AreEqual(own.Probability, other.Probability, 1e-5f, $"{what}, row {row}");
            if (Math.Abs(own.Score) > 1e-4)
                Assert.AreEqual(own.PredictedLabel, other.PredictedLabel, $"{what}, row {row}");
        }
    }
}
