using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace HumanCompatible.ML.Experiments;

/// <summary>Does something with several runs at once.</summary>
internal static class ParallelTrials
{
    /// <summary>Takes the runs one by one in their order. What one throws is thrown as it is.</summary>
    /// <param name="trials">The runs.</param>
    /// <param name="atOnce">How many are taken at once.</param>
    /// <param name="action">What is done with each.</param>
    internal static void ForEach(IReadOnlyList<Trial> trials, int atOnce, Action<Trial> action)
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
