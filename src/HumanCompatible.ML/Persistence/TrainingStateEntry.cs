using System.Numerics;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// Where training stood, in two entries: numbers in TrainingState.json, arrays in TrainingState.safetensors. The arrays are, with i from 0
/// over the parameters of the network:
/// <c>network.{name}</c>, the weights; <c>primal.steps</c>; <c>primal.{i}.first</c> and <c>primal.{i}.second</c>, the moments;
/// <c>primal.{i}.center</c>, of the Moreau envelope, where there is one; <c>scale.unscaled</c>, <c>scale.factors</c>,
/// <c>scale.first</c> and <c>scale.second</c>, where the inputs have learned factors; <c>average.{i}</c>, where the weights are averaged;
/// <c>smoothing.statistics</c>; <c>margins</c>; <c>unmixed.{name}</c>, the weights of the best candidate without the share of logistic
/// regression, where it has one.
/// </summary>
internal static class TrainingStateEntry
{
    internal const string Name = "TrainingState.json";
    internal const string TensorsName = "TrainingState.safetensors";

    private const string Network = "network.", Steps = "primal.steps", Statistics = "smoothing.statistics", Margins = "margins",
        Unscaled = "scale.unscaled", Factors = "scale.factors", ScaleFirst = "scale.first", ScaleSecond = "scale.second",
        Unmixed = "unmixed.";

    internal static byte[] Write(TrainingState state) => ModelJson.Write(new Numbers(state.Epoch, state.Seed, state.SmoothedBatches,
        state.DampingFactor, state.AverageCount, state.ObjectiveGap));

    internal static byte[] WriteTensors(TrainingState state)
    {
        var tensors = new List<SafetensorsTensor>(WeightsEntry.Tensors(state.Weights, Network))
        {
            SafetensorsTensor.From<long>(Steps, [.. state.Primal.Select(primal => primal.Step)]),
            SafetensorsTensor.From<double>(Statistics, state.Statistics),
            SafetensorsTensor.From<double>(Margins, state.Margins),
        };
        foreach (var (index, primal) in state.Primal.Index())
        {
            tensors.Add(SafetensorsTensor.From<float>(First(index), primal.FirstMoment));
            tensors.Add(SafetensorsTensor.From<float>(Second(index), primal.SecondMoment));
            if (primal.Center is not null)
                tensors.Add(SafetensorsTensor.From<double>(Center(index), primal.Center));
            if (primal.Scale is { } scale)
            {
                tensors.Add(SafetensorsTensor.From<float>(Unscaled, scale.Unscaled));
                tensors.Add(SafetensorsTensor.From<float>(Factors, scale.Factors));
                tensors.Add(SafetensorsTensor.From<float>(ScaleFirst, scale.FirstMoment));
                tensors.Add(SafetensorsTensor.From<float>(ScaleSecond, scale.SecondMoment));
            }
        }

        foreach (var (index, average) in state.Average.Index())
            tensors.Add(SafetensorsTensor.From<float>(Average(index), average));
        if (state.Unmixed is not null)
            tensors.AddRange(WeightsEntry.Tensors(state.Unmixed, Unmixed));
        return SafetensorsWriter.ToBytes(tensors);
    }

    /// <summary>The state of its entries.</summary>
    /// <param name="json">What <see cref="Write"/> wrote.</param>
    /// <param name="tensors">What <see cref="WriteTensors"/> wrote.</param>
    /// <param name="duals">The state of the dual optimizer, or null where nothing is constrained.</param>
    internal static TrainingState Read(Numbers json, Arrays tensors, DualOptimizerState? duals)
        => new(json.Epoch, json.Seed, tensors.Weights, tensors.Primal, duals, tensors.Statistics)
        {
            SmoothedBatches = json.SmoothedBatches,
            Margins = tensors.Margins,
            DampingFactor = json.DampingFactor,
            ObjectiveGap = json.ObjectiveGap,
            Average = tensors.Average,
            AverageCount = json.AveragedSteps,
            Unmixed = tensors.Unmixed,
        };

    /// <exception cref="InvalidDataException">A member is missing or out of range.</exception>
    internal static Numbers ReadNumbers(byte[] utf8)
    {
        var numbers = ModelJson.Read<Numbers>(utf8);
        return numbers is { Epoch: >= 1, SmoothedBatches: >= 0, AveragedSteps: >= 0, DampingFactor: >= 0 and <= 1, ObjectiveGap: >= 0 }
            ? numbers
            : throw new InvalidDataException($"a number is out of range: {numbers}.");
    }

    /// <exception cref="InvalidDataException">A tensor is missing, of another type or shape, or not finite.</exception>
    internal static Arrays ReadArrays(byte[] bytes, NetworkDefinition network)
    {
        var tensors = new TensorReader(bytes);
        var steps = tensors.Vector<long>(Steps);
        var arrays = new Arrays(
            tensors.Weights(network, Network),
            [.. steps.Select((step, index) => new PrimalState(
                step,
                Finite<float>(First(index)),
                Finite<float>(Second(index)),
                tensors.Has(Center(index)) ? Finite<double>(Center(index)) : null)
            {
                Scale = index == 0 && tensors.Has(Factors) ? new InputScaleState(Finite<float>(Unscaled), Finite<float>(Factors),
                    Finite<float>(ScaleFirst), Finite<float>(ScaleSecond)) : null,
            })],
            Finite<double>(Statistics),
            tensors.Vector<double>(Margins),
            tensors.Has(Average(0)) ? [.. steps.Select((_, index) => Finite<float>(Average(index)))] : [],
            tensors.Weights(network, Unmixed) is { Arrays.Length: > 0 } unmixed ? unmixed : null);
        tensors.Finish();
        return arrays;

        T[] Finite<T>(string name)
            where T : unmanaged, IFloatingPoint<T> => TensorReader.Finite(name, tensors.Vector<T>(name));
    }

    private static string First(int index) => $"primal.{index}.first";

    private static string Second(int index) => $"primal.{index}.second";

    private static string Center(int index) => $"primal.{index}.center";

    private static string Average(int index) => $"average.{index}";

    /// <summary>What TrainingState.json holds.</summary>
    /// <param name="Epoch">The last epoch, from 1.</param>
    /// <param name="Seed">The seed.</param>
    /// <param name="SmoothedBatches">The batches in <c>smoothing.statistics</c>.</param>
    /// <param name="DampingFactor">The factor of the dual steps, from 0 to 1.</param>
    /// <param name="AveragedSteps">The steps in <c>average.{i}</c>.</param>
    /// <param name="ObjectiveGap">By how much the objective of the best candidate is above the smallest.</param>
    internal sealed record Numbers(int Epoch, int Seed, long SmoothedBatches, double DampingFactor, long AveragedSteps,
        double ObjectiveGap);

    /// <summary>What TrainingState.safetensors holds.</summary>
    internal sealed record Arrays(NetworkWeights Weights, IReadOnlyList<PrimalState> Primal, double[] Statistics, double[] Margins,
        IReadOnlyList<float[]> Average, NetworkWeights? Unmixed);
}
