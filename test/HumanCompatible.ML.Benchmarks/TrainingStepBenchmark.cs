using BenchmarkDotNet.Attributes;
using HumanCompatible.ML.Torch;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>One training step at batch 512: 107 features, layers of 64, 64 and 1, Adam, one thread.</summary>
[MemoryDiagnoser]
public class TrainingStepBenchmark
{
    private const int Batches = 51;
    private TorchThreads? _threads;
    private TrainingStep? _plain;
    private TrainingStep? _constrained;

    [GlobalSetup]
    public void SetUp()
    {
        _threads = new TorchThreads(1);
        var rows = SyntheticRows.Create(Batches * TrainingStep.BatchSize, 1);
        _plain = new TrainingStep(rows, isConstrained: false);
        _constrained = new TrainingStep(rows, isConstrained: true);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _plain?.Dispose();
        _constrained?.Dispose();
        _threads?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public double Unconstrained() => _plain!.Run(StepClock.Off);

    [Benchmark]
    public double DemographicParity() => _constrained!.Run(StepClock.Off);
}
