using System.Runtime.ExceptionServices;
using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Torch;
using TorchSharp;

namespace HumanCompatible.ML.Training;

/// <summary>
/// Training by several threads: each runs a <see cref="TrainingLoop"/> of its own, with its own network, and takes a part of every batch;
/// as gradients and statistics are those of all parts, all have the same weights. The first is the thread that calls.
/// </summary>
internal static class TrainingTeam
{
    /// <summary>Trains, then measures the best candidate.</summary>
    /// <param name="settings">The settings, with the number of threads.</param>
    /// <param name="constraints">The constraints, or none.</param>
    /// <param name="training">The rows to train on.</param>
    /// <param name="heldOut">The rows to choose the epoch with; null where none are held out.</param>
    /// <param name="torchThreads">The threads that torch uses on each thread; null for its own setting.</param>
    /// <param name="onStart">Called before the first epoch.</param>
    /// <param name="onEpoch">Is told of every finished epoch, and which one is the best so far.</param>
    /// <param name="onCheckpoint">Before that, gets what training resumes from, in the epochs that have a checkpoint.</param>
    /// <param name="cancellation">Ends training within a batch.</param>
    /// <exception cref="OperationCanceledException">It was canceled before the first epoch.</exception>
    internal static TrainingOutcome Run(TrainingSettings settings, IReadOnlyList<FairnessConstraint> constraints, TrainingRows training,
        TrainingRows? heldOut, int? torchThreads, Action onStart, Action<EpochHistory, int> onEpoch, Action<TrainingRecord>? onCheckpoint,
        CancellationToken cancellation)
    {
        var team = new ThreadTeam(settings.Workers);
        using var first = new TrainingLoop(settings, constraints, training, heldOut, cancellation,
            settings.Workers == 1 ? null : team.Members[0]);
        var others = team.Members.Skip(1).Select(member => Start(team, () =>
        {
            using var threads = new TorchThreads(torchThreads);
            using var loop = new TrainingLoop(settings with { KeepsState = false, CheckpointEpochs = null }, constraints, training,
                heldOut, cancellation, member, first);
            if (loop.Run((_, _) => { }).End == TrainingEnd.Canceled)
                cancellation.ThrowIfCancellationRequested();
        })).ToList();
        TrainingOutcome? outcome = null;
        try
        {
            onStart();
            outcome = first.Run(onEpoch, onCheckpoint);

            // The others may wait for what it no longer measures.
            if (outcome.End == TrainingEnd.Canceled)
                team.Fail(new OperationCanceledException(cancellation));
        }
        catch (Exception problem)
        {
            team.Fail(problem);
            if (problem is not TeamFailedException)
                throw;
        }
        finally
        {
            others.ForEach(thread => thread.Join());
        }

        if (outcome is null)
            ExceptionDispatchInfo.Throw(team.Failure!);
        return outcome;
    }

    private static Thread Start(ThreadTeam team, Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                using var recording = torch.inference_mode(false);
                using var gradients = torch.enable_grad();
                work();
            }
            catch (TeamFailedException)
            {
                // Another has said why.
            }
            catch (Exception problem)
            {
                team.Fail(problem);
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }
}
