using System.Numerics.Tensors;

namespace HumanCompatible.ML.Collectives;

/// <summary>
/// The members of a collective as threads of this process. Sums are added up in the order of the members, each a share of the numbers.
/// </summary>
/// <remarks>
/// A thread that waits for the others spins for a while, as they are rarely further behind, and then sleeps. Where a member fails, all
/// that wait or come to wait for it are told so by <see cref="TeamFailedException"/>, or an <see cref="OperationCanceledException"/> where
/// it was canceled. A sum that all have come to is given to all: who fails after it does not take it from the others.
/// </remarks>
internal sealed class ThreadTeam
{
    private const int Spins = 200;
    private const int SpinIterations = 20;

    private readonly object _signal = new();
    private readonly Array?[] _parts;
    private Array? _sums;
    private int _waiting;
    private int _phase;
    private Exception? _failure;

    /// <param name="count">The number of members, at least 1.</param>
    internal ThreadTeam(int count)
    {
        _parts = new Array?[count];
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

    private void Sum<T>(int rank, T[] values, Action<T[], T[]> add)
    {
        _parts[rank] = values;
        Wait();
        if (rank == 0)
        {
            // All parts are as long as the first; one buffer is used for all sums of a length and type.
            if (_sums is not T[] known || known.Length != values.Length)
                _sums = new T[values.Length];
            var sums = (T[])_sums;
            ((T[])_parts[0]!).CopyTo(sums, 0);
            for (var part = 1; part < _parts.Length; part++)
                add(sums, (T[])_parts[part]!);
        }

        // The sums are changed again when all have come to the next wait, and so have copied these.
        Wait();
        ((T[])_sums!).CopyTo(values, 0);
    }

    private void Wait()
    {
        var phase = Volatile.Read(ref _phase);
        if (Interlocked.Increment(ref _waiting) == _parts.Length)
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
        public int Rank => rank;

        public int Count => team._parts.Length;

        public void Sum(float[] values)
            => team.Sum(rank, values, static (sums, part) => TensorPrimitives.Add(sums, part, sums));

        public void Abort(Exception reason) => team.Fail(reason);

        public void Sum(double[] values)
            => team.Sum(rank, values, static (sums, part) => TensorPrimitives.Add(sums, part, sums));
    }
}

/// <summary>Another member of a team has failed.</summary>
/// <param name="reason">Why.</param>
internal sealed class TeamFailedException(Exception reason) : Exception(reason.Message, reason);
