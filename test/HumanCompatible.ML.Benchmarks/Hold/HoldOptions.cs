using System.Globalization;

namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>The options of the command.</summary>
internal sealed record HoldOptions
{
    internal const string Usage = """
        hold [small] [--cells NAME,NAME*] [--draws 24] [--first 0] [--price] [--parallel 1] [--markdown] [--data DIR] [--out FILE]
        hold --from FILE,FILE   the tables of fits that --out wrote
        hold --list             the cells
        """;

    public bool IsSmall { get; private set; }

    public bool Lists { get; private set; }

    public bool IsMarkdown { get; private set; }

    public bool WithPrice { get; private set; }

    public IReadOnlyList<string> Cells { get; private set; } = ["*"];

    public IReadOnlyList<string> From { get; private set; } = [];

    public int Draws { get; private set; } = 24;

    public int First { get; private set; }

    public int Parallel { get; private set; } = 1;

    public string? Data { get; private set; }

    public string? Out { get; private set; }

    /// <exception cref="HoldInputException">An option is unknown, lacks its value or has one that cannot be used.</exception>
    internal static HoldOptions Parse(string[] args)
    {
        var options = new HoldOptions();
        for (var index = 0; index < args.Length; index++)
        {
            var name = args[index];
            string Text() => ++index < args.Length ? args[index] : throw new HoldInputException($"{name} needs a value.");
            int Number(int least) => int.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
                ? value : throw new HoldInputException($"{name} needs a whole number of at least {least}, got '{args[index]}'.");

            switch (name)
            {
                case "small": options.IsSmall = true; break;
                case "--list": options.Lists = true; break;
                case "--markdown": options.IsMarkdown = true; break;
                case "--price": options.WithPrice = true; break;
                case "--cells": options.Cells = Text().Split(','); break;
                case "--from": options.From = Text().Split(','); break;
                case "--draws": options.Draws = Number(1); break;
                case "--first": options.First = Number(0); break;
                case "--parallel": options.Parallel = Number(1); break;
                case "--data": options.Data = Text(); break;
                case "--out": options.Out = Text(); break;
                default: throw new HoldInputException($"'{name}' is no option.{Environment.NewLine}{Usage}");
            }
        }

        return options;
    }
}
