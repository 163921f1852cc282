using System.Globalization;
using HumanCompatible.ML.Benchmarks.Hold;

namespace HumanCompatible.ML.Benchmarks.Accuracy;

/// <summary>
/// The command "accuracy": the binary trainer with its defaults and without constraint beside the defaults of ML.NET's LightGbm and
/// LbfgsLogisticRegression, on the same rows and the same columns (one-hot, scaled).
/// </summary>
internal static class AccuracyCommand
{
    private const string Usage = """
        accuracy [--tables adult,acs,compas,steps,linear,mixed] [--seeds 5] [--first 1] [--tune] [--own] [--markdown] [--data DIR]
                 [--out FILE]      keeps every fit; those of ML.NET's trainers that the file has already are not repeated
          --tune                   judges on a third of the training rows, and tests nothing: what defaults may be chosen by
          --own                    without ML.NET's trainers
        """;

    internal static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            Run(Options.Parse(args));
            return 0;
        }
        catch (HoldInputException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 2;
        }
    }

    private static void Run(Options options)
    {
        IReadOnlyList<ComparedFit> known = options.Out is { } path && File.Exists(path)
            ? [.. File.ReadLines(path).Select(ComparedFit.Of)] : [];
        using var lines = options.Out is null ? null : new StreamWriter(options.Out, append: true) { AutoFlush = true };
        var populations = new Populations(options.Data);
        var fits = new List<ComparedFit>();
        foreach (var table in options.Tables)
        {
            for (var seed = options.First; seed < options.First + options.Seeds; seed++)
            {
                var tried = options.IsOwn ? ComparedTrainer.Own : ComparedTrainer.All;
                bool IsKnown(ComparedFit fit, ComparedTrainer trainer) => trainer.IsOther && fit.Table == table.Name && fit.Seed == seed
                    && fit.Trainer == trainer.Name && fit.IsTuning == options.IsTuning;
                foreach (var fit in tried.SelectMany(trainer => known.Where(fit => IsKnown(fit, trainer)).Take(1)))
                    fits.Add(fit);
                tried = [.. tried.Where(trainer => !known.Any(fit => IsKnown(fit, trainer)))];
                foreach (var fit in table.Fit(populations, seed, options.IsTuning, tried))
                {
                    fits.Add(fit);
                    lines?.WriteLine(fit.ToJson());
                    Console.Error.WriteLine(fit);
                }
            }
        }

        ComparedFits.Write(Console.Out, fits, options.IsMarkdown);
    }

    private sealed record Options
    {
        internal IReadOnlyList<ComparedTable> Tables { get; private set; } = ComparedTable.All;

        internal int Seeds { get; private set; } = 5;

        internal int First { get; private set; } = 1;

        internal bool IsTuning { get; private set; }

        internal bool IsOwn { get; private set; }

        internal bool IsMarkdown { get; private set; }

        internal string? Data { get; private set; }

        internal string? Out { get; private set; }

        /// <exception cref="HoldInputException">An option is unknown, lacks its value or has one that cannot be used.</exception>
        internal static Options Parse(string[] args)
        {
            var options = new Options();
            for (var index = 0; index < args.Length; index++)
            {
                var name = args[index];
                string Text() => ++index < args.Length ? args[index] : throw new HoldInputException($"{name} needs a value.");
                int Number() => int.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1
                    ? value : throw new HoldInputException($"{name} needs a whole number of at least 1, got '{args[index]}'.");
                switch (name)
                {
                    case "--tables": options.Tables = [.. Text().Split(',').Select(ComparedTable.Named)]; break;
                    case "--seeds": options.Seeds = Number(); break;
                    case "--first": options.First = Number(); break;
                    case "--tune": options.IsTuning = true; break;
                    case "--own": options.IsOwn = true; break;
                    case "--markdown": options.IsMarkdown = true; break;
                    case "--data": options.Data = Text(); break;
                    case "--out": options.Out = Text(); break;
                    default: throw new HoldInputException($"'{name}' is no option.{Environment.NewLine}{Usage}");
                }
            }

            return options;
        }
    }
}
