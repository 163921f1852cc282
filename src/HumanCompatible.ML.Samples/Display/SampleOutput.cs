using HumanCompatible.ML.Groups;
using Spectre.Console;

namespace HumanCompatible.ML.Samples.Display;

/// <summary>Where the samples write: a console for results, a writer for errors.</summary>
internal sealed record SampleOutput(IAnsiConsole Console, TextWriter Error)
{
    private const int WidthOfRedirectedOutput = 400;
    private const int LongestCell = 100;

    /// <summary>A terminal gets colors and live displays; anything else plain lines without control codes.</summary>
    public bool IsLive => Console.Profile.Out.IsTerminal && Console.Profile.Capabilities is { Ansi: true, Interactive: true };

    public static SampleOutput OfThisProcess()
        => System.Console.IsOutputRedirected ? Plain(System.Console.Out, System.Console.Error)
            : new SampleOutput(AnsiConsole.Console, System.Console.Error);

    public static SampleOutput Plain(TextWriter output, TextWriter error)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = WidthOfRedirectedOutput;
        return new SampleOutput(console, error);
    }

    /// <summary>Writes a line, or several.</summary>
    public void Say(string line) => Console.WriteLine(ShownName.SafeLines(line));

    /// <summary>Writes a line about what went wrong.</summary>
    public void Complain(string line) => Error.WriteLine(ShownName.SafeLines(line));

    /// <summary>A name from the data, or a text with one, as markup of a table.</summary>
    public static string Cell(string text) => Markup.Escape(ShownName.Of(text, LongestCell));

    public void Say() => Console.WriteLine();
}
