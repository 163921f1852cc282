using System.Globalization;
using HumanCompatible.ML.Training;
using Spectre.Console;

namespace HumanCompatible.ML.Samples.Display;

/// <summary>Shows one training as it goes: a live bar on a terminal, else a line every few epochs.</summary>
internal static class TrainingDisplay
{
    private const int PlainLinesPerTraining = 5;

    /// <summary>
    /// Runs <paramref name="train"/> under the name <paramref name="title"/>; it hands the given receiver to its trainer.
    /// </summary>
    public static T Show<T>(SampleOutput output, string title, Func<IProgress<TrainingProgress>, T> train)
        => output.IsLive ? ShowLive(output, title, train) : ShowPlain(output, title, train);

    private static T ShowLive<T>(SampleOutput output, string title, Func<IProgress<TrainingProgress>, T> train)
        => output.Console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new ElapsedTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask($"{Markup.Escape(title)}: reading the data");
                var result = train(new EpochReceiver(progress =>
                {
                    task.MaxValue = progress.NumberOfEpochs;
                    task.Value = progress.Epoch.Epoch;
                    task.Description = Markup.Escape($"{title}: {Describe(progress)}");
                }));
                task.Value = task.MaxValue; // training may stop early
                return result;
            });

    private static T ShowPlain<T>(SampleOutput output, string title, Func<IProgress<TrainingProgress>, T> train)
    {
        output.Say($"Training {title}");
        return train(new EpochReceiver(progress =>
        {
            var every = Math.Max(1, progress.NumberOfEpochs / PlainLinesPerTraining);
            if (progress.Epoch.Epoch % every == 0 || progress.Epoch.Epoch == progress.NumberOfEpochs)
                output.Say("  " + Describe(progress));
        }));
    }

    private static string Describe(TrainingProgress progress)
    {
        var audited = string.Concat(progress.Epoch.AuditedValues.Select(value
            => string.Create(CultureInfo.InvariantCulture, $", audited {value:0.0000}")));
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {progress.Epoch.Epoch} of {progress.NumberOfEpochs}, loss {progress.Epoch.TrainingLoss:0.0000}{audited}");
    }

    /// <summary>
    /// Unlike <see cref="Progress{T}"/>, calls back on the training thread, so that reports come in order and before training returns.
    /// </summary>
    private sealed class EpochReceiver(Action<TrainingProgress> receive) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => receive(value);
    }
}
