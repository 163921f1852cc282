using System.Diagnostics;

namespace HumanCompatible.ML.Benchmarks;

/// <summary>Times the parts of one step; when it is off, a mark costs a branch.</summary>
internal sealed class StepClock(bool isOn)
{
    private readonly long[] _ticks = new long[Enum.GetValues<StepPart>().Length];
    private long _last;

    internal static StepClock Off { get; } = new(false);

    internal void Start()
    {
        if (!isOn)
            return;
        Array.Clear(_ticks);
        _last = Stopwatch.GetTimestamp();
    }

    /// <summary>Says that what was done since the last mark was <paramref name="part"/>.</summary>
    internal void Mark(StepPart part)
    {
        if (!isOn)
            return;
        var now = Stopwatch.GetTimestamp();
        _ticks[(int)part] += now - _last;
        _last = now;
    }

    internal double Microseconds(StepPart part) => _ticks[(int)part] * 1e6 / Stopwatch.Frequency;
}
