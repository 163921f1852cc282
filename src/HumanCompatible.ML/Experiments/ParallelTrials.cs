using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace HumanCompatible.ML.Experiments;

/// <summary>Does something with several runs, or parts of them, at once.</summary>
internal static class ParallelTrials
{
    /// <summary>Takes them one by one in their order. What one throws is thrown as it is.</summary>
    /// <typeparam name="T">A run, or a part of one.</typeparam>
    /// <param name="trials">The runs.</param>
    /// <param name="atOnce">How many are taken at once.</param>
    /// <param name="action">What is done with each.</param>
    internal static void ForEach<T>(IReadOnlyList<T> trials, int atOnce, Action<T> action)
    {
        try
        {
            Parallel.ForEach(Partitioner.Create(trials, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = atOnce }, action);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
