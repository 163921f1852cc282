using HumanCompatible.ML.Constraints.Compiled;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>Measures a network on all rows of a set, a slice at a time.</summary>
internal static class NetworkEvaluator
{
    private const int SliceRows = 8192;

    /// <summary>Loss, accuracy and audited values of the hard predictions.</summary>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="constraints">Compiled for these rows, or null without constraints.</param>
    internal static Evaluation Evaluate(TrainableNetwork network, EncodedRows rows, CompiledConstraints? constraints)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        double loss = 0, correct = 0, weight = 0;
        torch.Tensor? statistics = null;
        var outputs = constraints is { HasCustom: true } ? new List<torch.Tensor>() : null;
        for (var start = 0; start < rows.Count; start += SliceRows)
        {
            using var sliceScope = torch.NewDisposeScope();
            var batch = rows.Slice(start, Math.Min(SliceRows, rows.Count - start));
            var logits = network.Forward(batch.Inputs);
            var losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, batch.Labels, reduction: torch.nn.Reduction.None);
            var hits = logits.gt(Scalars.Zero).eq(batch.Labels.gt(Scalars.Zero)).to_type(torch.ScalarType.Float32);
            loss += WeightedSum(losses, batch.Weights);
            correct += WeightedSum(hits, batch.Weights);
            weight += batch.Weights is null ? batch.Labels.shape[0] : WeightedSum(batch.Weights, null);
            if (constraints is null)
                continue;
            var part = constraints.ExactStatistics(logits, batch.Labels, batch.Membership!);
            statistics = statistics is null ? part.MoveToOuterDisposeScope() : statistics.add_(part, Scalars.One);
            outputs?.Add(logits.MoveToOuterDisposeScope());
        }

        var audited = constraints is null ? [] : constraints.AuditedValues(statistics!, CustomValues(outputs, rows, constraints));
        return new Evaluation(loss / weight, correct / weight, audited);
    }

    /// <summary>
    /// The statistics of the hard predictions summed over all rows, [groups, q], row-major, and after them the values of the custom
    /// constraints.
    /// </summary>
    internal static double[] Statistics(TrainableNetwork network, EncodedRows rows, CompiledConstraints constraints)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var total = new double[constraints.StatisticsLength];
        var outputs = constraints.HasCustom ? new List<torch.Tensor>() : null;
        for (var start = 0; start < rows.Count; start += SliceRows)
        {
            using var sliceScope = torch.NewDisposeScope();
            var batch = rows.Slice(start, Math.Min(SliceRows, rows.Count - start));
            var logits = network.Forward(batch.Inputs);
            var part = constraints.ExactStatistics(logits, batch.Labels, batch.Membership!).cpu().contiguous().data<float>();
            for (var index = 0; index < part.Count; index++)
                total[index] += part[index];
            outputs?.Add(logits.MoveToOuterDisposeScope());
        }

        if (CustomValues(outputs, rows, constraints)?.cpu().contiguous().data<float>() is { } values)
        {
            for (var index = 0; index < values.Count; index++)
                total[total.Length - (int)values.Count + index] = values[index];
        }

        return total;
    }

    /// <summary>The logit of every row.</summary>
    internal static float[] Logits(TrainableNetwork network, EncodedRows rows)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var logits = new float[rows.Count];
        for (var start = 0; start < rows.Count; start += SliceRows)
        {
            using var sliceScope = torch.NewDisposeScope();
            network.Forward(rows.Slice(start, Math.Min(SliceRows, rows.Count - start)).Inputs).cpu().contiguous().data<float>().ToArray()
                .CopyTo(logits, start);
        }

        return logits;
    }

    // Of all rows in one piece: a custom statistic is no sum over rows.
    private static torch.Tensor? CustomValues(List<torch.Tensor>? outputs, EncodedRows rows, CompiledConstraints constraints)
    {
        if (outputs is null)
            return null;
        var all = rows.Slice(0, rows.Count);
        return constraints.CustomValues(torch.cat(outputs), all.Labels, all.Membership!, all.Weights);
    }

    private static double WeightedSum(torch.Tensor values, torch.Tensor? weights)
        => (weights is null ? values : values.mul(weights)).sum(torch.ScalarType.Float64).item<double>();
}
