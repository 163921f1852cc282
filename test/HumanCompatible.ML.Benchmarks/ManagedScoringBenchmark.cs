using BenchmarkDotNet.Attributes;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using TorchSharp;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>The score of one row of 107 features without libtorch, layers of 64, 64 and 1, as a prediction engine asks for it.</summary>
[MemoryDiagnoser]
public class ManagedScoringBenchmark
{
    private const int Rows = 4096;
    private float[] _row = [];
    private ManagedNetwork? _plain;
    private ManagedNetwork? _encoded;

    [GlobalSetup]
    public void SetUp()
    {
        var definition = Network.MultilayerPerceptron(64, 64);
        var rows = SyntheticRows.Create(Rows, 1);
        var encoder = FeatureEncoder.Fit(new(), rows.Table, rows.Numbers);
        _row = rows.Features(0);
        _plain = new ManagedNetwork(definition, rows.InputCount, 1, FreshWeights(definition, rows.InputCount));
        _encoded = new ManagedNetwork(definition, encoder, 1, FreshWeights(definition, encoder.OutputCount));
    }

    [Benchmark(Baseline = true)]
    public float WithoutEncoding() => _plain!.Score(_row);

    [Benchmark]
    public float WithEncoding() => _encoded!.Score(_row);

    private static NetworkWeights FreshWeights(NetworkDefinition definition, int inputCount)
    {
        using var network = new TrainableNetwork(definition, inputCount, 1, 1, torch.CPU);
        return network.Snapshot();
    }
}
