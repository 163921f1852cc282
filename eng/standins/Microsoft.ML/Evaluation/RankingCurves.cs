using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The areas under the curves of a scored sample.</summary>
internal static class RankingCurves
{
    /// <summary>The share of pairs of a positive and a negative where the positive has the higher score; a tie counts half.</summary>
    public static double AreaUnderRocCurve(List<(float Score, bool Positive)> sample)
    {
        var positives = sample.Where(row => row.Positive).Select(row => row.Score).Order().ToArray();
        var negatives = sample.Where(row => !row.Positive).Select(row => row.Score).Order().ToArray();
        Contracts.CheckParam(positives.Length > 0, "PosSample", "AUC is not defined when there is no positive class in the data");
        Contracts.CheckParam(negatives.Length > 0, "NegSample", "AUC is not defined when there is no negative class in the data");
        var (below, notAbove) = (0, 0);
        var won = 0d;
        foreach (var score in positives)
        {
            while (below < negatives.Length && negatives[below] < score)
                below++;
            while (notAbove < negatives.Length && negatives[notAbove] <= score)
                notAbove++;
            won += (below + notAbove) / 2d;
        }
        return won / ((double)positives.Length * negatives.Length);
    }

    /// <summary>The area under precision over recall, by trapezoids from each positive's precision to the precision just before the next one.</summary>
    public static double AreaUnderPrecisionRecallCurve(List<(float Score, bool Positive)> sample)
    {
        var positives = sample.Count(row => row.Positive);
        var (truePositives, falsePositives) = (0, 0);
        var (area, recall, precision) = (0d, 0d, 1d);
        // Ties stay in the order of the rows, as in the original.
        foreach (var (_, positive) in sample.OrderByDescending(row => row.Score))
        {
            if (!positive)
            {
                falsePositives++;
                precision = (double)truePositives / (truePositives + falsePositives);
                continue;
            }
            truePositives++;
            var (nextRecall, nextPrecision) = ((double)truePositives / positives, (double)truePositives / (truePositives + falsePositives));
            area += (nextRecall - recall) * (precision + nextPrecision) / 2;
            (recall, precision) = (nextRecall, nextPrecision);
        }
        return area;
    }
}
