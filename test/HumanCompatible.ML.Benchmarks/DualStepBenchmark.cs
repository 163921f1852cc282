using BenchmarkDotNet.Attributes;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>The dual part of a step: the iALM's update, its Lagrangian, and both in one call.</summary>
[MemoryDiagnoser]
public class DualStepBenchmark
{
    private DualStep? _step;

    /// <summary>m, the number of constraints.</summary>
    [Params(2, 12, 132)]
    public int Count { get; set; }

    [GlobalSetup]
    public void SetUp() => _step = new DualStep(Count);

    [GlobalCleanup]
    public void CleanUp() => _step?.Dispose();

    [Benchmark]
    public void UpdateNumbers() => _step!.UpdateNumbers();

    [Benchmark]
    public void Update() => _step!.Update();

    [Benchmark]
    public void Forward() => _step!.Forward();

    [Benchmark]
    public void ForwardUpdate() => _step!.ForwardUpdate();
}
