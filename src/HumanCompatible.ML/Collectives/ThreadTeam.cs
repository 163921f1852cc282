using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace HumanCompatible.ML.Collectives;

/// <summary>
/// The members of a collective as threads of this process. Each adds up what all have told, in the order of the members.
/// </summary>
/// <remarks>
/// A thread that waits for the others spins for a while, as they are rarely further behind, and then sleeps. Where a member fails, all
/// that wait or come to wait for it are told so by <see cref="TeamFailedException"/>, or an <see cref="OperationCanceledException"/> where
/// it was canceled. A sum that all have come to is given to all: who fails after it does not take it from the others.
/// </remarks>
internal sealed class ThreadTeam
{
    private const int Spins = 1000;
    private const int SpinIterations = 20;

    private readonly object _signal = new();

    // The numbers that each member told for the present sum and for the one before, which the others may still be reading.
    private readonly byte[][] _parts;
    private readonly int _count;
    private int _waiting;
    private int _phase;
    private Exception? _failure;

    /// <param name="count">The number of members, at least 1.</param>
    internal ThreadTeam(int count)
    {
        _count = count;
        _parts = new byte[2 * count][];
        Array.Fill(_parts, []);
        Members = [.. Enumerable.Range(0, count).Select(rank => new Member(this, rank))];
    }

    /// <summary>The members, each for one thread.</summary>
    internal IReadOnlyList<ICollective> Members { get; }

    /// <summary>Why the first member that failed did; null where none has.</summary>
    internal Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Says that a member has failed: the others must not wait for it.</summary>
    internal void Fail(Exception problem)
    {
        lock (_signal)
        {
            Volatile.Write(ref _failure, _failure ?? problem);
            Monitor.PulseAll(_signal);
        }
    }

    // When all have come to a sum, all have read what was told for the last but one, whose place is used again.
    private void Sum<T>(int rank, int turn, Span<T> values)
        where T : unmanaged, INumber<T>
    {
        var start = turn * _count;
        var own = MemoryMarshal.AsBytes(values);
        if (_parts[start + rank].Length < own.Length)
            _parts[start + rank] = new byte[own.Length];
        own.CopyTo(_parts[start + rank]);
        Wait();
        Part<T>(start, values.Length).CopyTo(values);
        for (var part = 1; part < _count; part++)
            TensorPrimitives.Add(values, Part<T>(start + part, values.Length), values);
    }

    private ReadOnlySpan<T> Part<T>(int part, int length)
        where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(_parts[part])[..length];

    private void Wait()
    {
        var phase = Volatile.Read(ref _phase);
        if (Interlocked.Increment(ref _waiting) == _count)
        {
            _waiting = 0;
            lock (_signal)
            {
                Volatile.Write(ref _phase, phase + 1);
                Monitor.PulseAll(_signal);
            }

            return;
        }

        for (var spin = 0; spin < Spins && Volatile.Read(ref _phase) == phase && Failure is null; spin++)
            Thread.SpinWait(SpinIterations);
        if (Volatile.Read(ref _phase) != phase)
            return;
        lock (_signal)
        {
            while (_phase == phase && Failure is null)
                Monitor.Wait(_signal);
            if (_phase != phase)
                return;
        }

        throw Failure is OperationCanceledException canceled ? new OperationCanceledException(canceled.CancellationToken)
            : new TeamFailedException(Failure!);
    }

    private sealed class Member(ThreadTeam team, int rank) : ICollective
    {
        private int _turn;

        public int Rank => rank;

        public int Count => team._count;

        public void Sum(float[] values) => team.Sum<float>(rank, _turn ^= 1, values);

        public void Abort(Exception reason) => team.Fail(reason);

        public void Sum(double[] values) => team.Sum<double>(rank, _turn ^= 1, values);
    }
}

/// <summary>Another member of a team has failed.</summary>
/// <param name="reason">Why.</param>
internal sealed class TeamFailedException(Exception reason) : Exception(reason.Message, reason);
