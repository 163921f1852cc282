using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>
/// BenchmarkDotNet's defaults with one short job in this process: no second build, so that the benchmarks run wherever the tests run, on
/// either stack.
/// </summary>
internal sealed class BenchmarkSettings : ManualConfig
{
    internal BenchmarkSettings()
    {
        Add(DefaultConfig.Instance);
        AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance));
    }
}
