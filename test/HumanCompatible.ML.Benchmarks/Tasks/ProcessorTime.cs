namespace HumanCompatible.ML.Benchmarks.Tasks;

/// <summary>The processor time of this process, divided by a number of cores: the time it would take were they its own.</summary>
/// <param name="cores">The cores.</param>
internal sealed class ProcessorTime(int cores) : TimeProvider
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks / cores;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var start = GetTimestamp();
        var hasFired = 0;
        return TimeProvider.System.CreateTimer(_ =>
        {
            if (GetElapsedTime(start) >= dueTime && Interlocked.Exchange(ref hasFired, 1) == 0)
                callback(state);
        }, null, Interval, Interval);
    }
}
