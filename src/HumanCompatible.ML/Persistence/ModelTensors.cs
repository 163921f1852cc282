using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Persistence;

/// <summary>The arrays of a model as safetensors files, and back.</summary>
internal static class ModelTensors
{
    private const string EncodingPrefix = "encoding.";

    // A network of the user's own may call an array as the encoding calls its own.
    private const string NetworkPrefix = "network.";
    private const string PrimalPrefix = "primal.";
    private const string Duals = "duals";
    private const string Statistics = "smoothing.statistics";
    private const string Gaps = "selection.gaps";
    private const string Damping = "damping.factor";
    private const string AveragePrefix = "average.";
    private const string Counts = "training.counts";
    private const string Position = "training.position";

    /// <summary>The weights of the network and the arrays of its encoding, as 32-bit floats.</summary>
    internal static byte[] WriteWeights(NetworkWeights weights, FeatureEncoder encoder)
    {
        var encoding = FeatureEncoderTensors.Write(encoder).Arrays.Select(array
            => SafetensorsTensor.From(array.Name, array.Shape.AsSpan(), array.Values.Span));
        return Write([.. Named(weights), .. encoding], null);
    }

    /// <summary>What <see cref="WriteWeights"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a file.</exception>
    /// <exception cref="FormatException">An array of the encoding is missing or wrong.</exception>
    internal static (NetworkWeights Weights, FeatureEncoder Encoder) ReadWeights(byte[] bytes, int featureCount)
    {
        var network = new List<NetworkArray>();
        var encoding = new List<NetworkArray>();
        foreach (var tensor in Read(bytes).Tensors)
        {
            if (NetworkArrayOf(tensor) is { } array)
                network.Add(array);
            else if (tensor.Name.StartsWith(EncodingPrefix, StringComparison.Ordinal))
                encoding.Add(new NetworkArray(tensor.Name, tensor.Shape, tensor.ToArray<float>()));
            else
                throw new FormatException($"the array '{tensor.Name}' belongs neither to the network nor to the encoding.");
        }

        return (new NetworkWeights(network), FeatureEncoderTensors.Read(new NetworkWeights(encoding), featureCount));
    }

    /// <summary>
    /// Where training stood: weights and moments as 32-bit floats, the rest as 64-bit floats, the state of the dual optimizer as JSON in
    /// the file's metadata.
    /// </summary>
    internal static byte[] WriteTrainingState(TrainingState state)
    {
        var tensors = new List<SafetensorsTensor>(Named(state.Weights));
        for (var index = 0; index < state.Primal.Count; index++)
        {
            var primal = state.Primal[index];
            tensors.Add(SafetensorsTensor.From<long>($"{PrimalPrefix}{index}.step", [1], [primal.Step]));
            tensors.Add(SafetensorsTensor.From<float>($"{PrimalPrefix}{index}.first", [primal.FirstMoment.Length], primal.FirstMoment));
            tensors.Add(SafetensorsTensor.From<float>($"{PrimalPrefix}{index}.second", [primal.SecondMoment.Length], primal.SecondMoment));
            if (primal.Center is not null)
                tensors.Add(SafetensorsTensor.From<double>($"{PrimalPrefix}{index}.center", [primal.Center.Length], primal.Center));
        }

        tensors.Add(SafetensorsTensor.From<double>(Statistics, [state.Statistics.Length], state.Statistics));
        tensors.Add(SafetensorsTensor.From<double>(Gaps, [state.Gaps.Length], state.Gaps));
        tensors.Add(SafetensorsTensor.From<double>(Damping, [1], [state.DampingFactor]));
        tensors.AddRange(state.Average.Select((average, index)
            => SafetensorsTensor.From<float>($"{AveragePrefix}{index}", [average.Length], average)));
        tensors.Add(SafetensorsTensor.From<long>(Counts, [4],
            [state.SmoothedBatches, state.GapCount, state.AverageCount, state.Average.Count]));
        tensors.Add(SafetensorsTensor.From<int>(Position, [3], [state.Epoch, state.Seed, state.Primal.Count]));
        return Write(tensors, state.Duals is null ? null : new Dictionary<string, string> { [Duals] = state.Duals.ToJson() });
    }

    /// <summary>What <see cref="WriteTrainingState"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a file.</exception>
    /// <exception cref="FormatException">Something of the state is missing or wrong.</exception>
    internal static TrainingState ReadTrainingState(byte[] bytes)
    {
        var file = Read(bytes);
        T[] Array<T>(string name) where T : unmanaged
            => (file.Find(name) ?? throw new FormatException($"the array '{name}' is missing.")).ToArray<T>();
        if (Array<int>(Position) is not [var epoch, var seed, var count and >= 0])
            throw new FormatException($"the array '{Position}' must hold the epoch, the seed and the number of parameters.");
        if (Array<long>(Counts) is not [var smoothed, var gaps and >= 0 and <= int.MaxValue, var averaged,
            var averages and >= 0 and <= int.MaxValue])
        {
            throw new FormatException($"the array '{Counts}' must hold four counts.");
        }

        var primal = Enumerable.Range(0, count).Select(index => new PrimalState(
            Array<long>($"{PrimalPrefix}{index}.step")[0],
            Array<float>($"{PrimalPrefix}{index}.first"),
            Array<float>($"{PrimalPrefix}{index}.second"),
            file.Find($"{PrimalPrefix}{index}.center")?.ToArray<double>()));
        return new TrainingState(
            epoch,
            seed,
            new NetworkWeights(file.Tensors.Select(NetworkArrayOf).OfType<NetworkArray>()),
            [.. primal],
            file.Metadata.TryGetValue(Duals, out var duals) ? DualOptimizerState.FromJson(duals) : null,
            Array<double>(Statistics))
        {
            SmoothedBatches = smoothed,
            Gaps = Array<double>(Gaps),
            GapCount = (int)gaps,
            DampingFactor = Array<double>(Damping) is [var factor]
                ? factor : throw new FormatException($"the array '{Damping}' must hold one factor."),
            Average = [.. Enumerable.Range(0, (int)averages).Select(index => Array<float>($"{AveragePrefix}{index}"))],
            AverageCount = averaged,
        };
    }

    private static byte[] Write(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    private static SafetensorsFile Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return SafetensorsReader.Read(stream);
    }

    private static SafetensorsTensor[] Named(NetworkWeights weights)
        => [.. weights.Arrays.Select(array => SafetensorsTensor.From(NetworkPrefix + array.Name, array.Shape.AsSpan(), array.Values.Span))];

    private static NetworkArray? NetworkArrayOf(SafetensorsTensor tensor) => tensor.Name.StartsWith(NetworkPrefix, StringComparison.Ordinal)
        ? new NetworkArray(tensor.Name[NetworkPrefix.Length..], tensor.Shape, tensor.ToArray<float>())
        : null;
}
