using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>What one pass of a network over all rows of a set gives.</summary>
/// <param name="Loss">The mean logistic loss, weighted by example.</param>
/// <param name="Accuracy">The share classified correctly, weighted by example, 0 to 1.</param>
/// <param name="Logits">The logit of each row.</param>
/// <param name="Statistics">
/// The statistics of the exact predictions summed over the rows, [groups, q], row-major, and after them the values of the custom
/// constraints; empty without constraints.
/// </param>
internal sealed record Measurement(double Loss, double Accuracy, float[] Logits, double[] Statistics)
{
    private const int SliceRows = 8192;

    /// <summary>Measures a network that is in evaluation mode, a slice of the rows at a time.</summary>
    internal static Measurement Of(TrainableNetwork network, EncodedRows rows)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        double loss = 0, correct = 0, weight = 0;
        var outputs = new List<torch.Tensor>();
        var statistics = new double[rows.Constraints?.StatisticsLength ?? 0];
        for (var start = 0; start < rows.Count; start += SliceRows)
        {
            using var sliceScope = torch.NewDisposeScope();
            var batch = rows.Slice(start, Math.Min(SliceRows, rows.Count - start));
            var logits = network.Forward(batch.Inputs);
            outputs.Add(logits.MoveToOuterDisposeScope());
            var losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, batch.Labels, reduction: torch.nn.Reduction.None);
            var hits = logits.gt(Scalars.Zero).eq(batch.Labels.gt(Scalars.Zero)).to_type(torch.ScalarType.Float32);
            loss += WeightedSum(losses, batch.Weights);
            correct += WeightedSum(hits, batch.Weights);
            weight += batch.Weights is null ? batch.Labels.shape[0] : WeightedSum(batch.Weights, null);
            if (rows.Constraints is { } constraints)
                Add(Values(constraints.ExactStatistics(logits, batch.Labels, batch.Membership!)), statistics);
        }

        var all = torch.cat(outputs);
        if (rows.Constraints is { HasCustom: true })
        {
            // In one piece: a custom statistic is no sum over rows.
            var batch = rows.Slice(0, rows.Count);
            var values = Values(rows.Constraints.CustomValues(all, batch.Labels, batch.Membership!, batch.Weights));
            Add(values, statistics.AsSpan(statistics.Length - values.Length));
        }

        return new Measurement(loss / weight, correct / weight, Values(all), statistics);
    }

    /// <summary>The audited statistic of every constraint beside loss and accuracy.</summary>
    /// <param name="constraints">Those of the rows that were measured; null without constraints.</param>
    internal Evaluation Evaluate(CompiledConstraints? constraints)
    {
        if (constraints is null)
            return new Evaluation(Loss, Accuracy, []);
        using var scope = torch.NewDisposeScope();
        var summed = constraints.GroupCount * constraints.QuantityCount;
        return new Evaluation(Loss, Accuracy, constraints.AuditedValues(
            torch.tensor(Statistics[..summed], [constraints.GroupCount, constraints.QuantityCount], device: torch.CPU),
            constraints.HasCustom ? torch.tensor(Statistics[summed..], device: torch.CPU) : null));
    }

    private static double WeightedSum(torch.Tensor values, torch.Tensor? weights)
        => (weights is null ? values : values.mul(weights)).sum(torch.ScalarType.Float64).item<double>();

    private static float[] Values(torch.Tensor tensor)
        => tensor.numel() == 0 ? [] : tensor.cpu().contiguous().data<float>().ToArray();

    private static void Add(float[] values, Span<double> sums)
    {
        for (var index = 0; index < values.Length; index++)
            sums[index] += values[index];
    }
}
