using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using HumanCompatible.ML.Samples.Commands;
using HumanCompatible.ML.Samples.Display;

namespace HumanCompatible.ML.Samples;

/// <summary>The samples program: one file per command, listed here.</summary>
internal static class Program
{
    /// <summary>How long a command that is told to stop may take to write what it finished.</summary>
    private static readonly TimeSpan TimeToConclude = TimeSpan.FromSeconds(20);

    private static async Task<int> Main(string[] arguments) => await RunAsync(arguments, SampleOutput.OfThisProcess());

    /// <summary>Runs one command. Exit codes: 0 done, 1 bad arguments or input, 130 cancelled.</summary>
    public static async Task<int> RunAsync(string[] arguments, SampleOutput output)
    {
        var root = new RootCommand("Trains ML.NET models under fairness constraints.")
        {
            DemoCommand.Create(output),
            ScenariosCommand.Create(output),
            CsvCommand.Create(output),
            ExperimentCommand.Create(output),
            SweepCommand.Create(output),
            AuditCommand.Create(output),
        };
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeToConclude,
            Output = output.Console.Profile.Out.Writer,
            Error = output.Error,
        };
        try
        {
            var parsed = root.Parse(arguments);
            if (parsed.Action is not ParseErrorAction)
                return await parsed.InvokeAsync(configuration);

            // What is wrong, and not the whole help after it.
            foreach (var problem in parsed.Errors)
                output.Complain("Error: " + problem.Message);
            output.Complain($"{Named(parsed.CommandResult)}--help says what there is.");
            return 1;
        }
        catch (Exception problem) when (problem is SampleInputException or IOException or UnauthorizedAccessException)
        {
            output.Complain("Error: " + problem.Message);
            return 1;
        }
        catch (OperationCanceledException problem)
        {
            output.Complain(problem.Message);
            return 130;
        }
    }

    // The words of a command without the name of the program, each with a blank after it.
    private static string Named(CommandResult command)
        => command.Parent is CommandResult parent ? $"{Named(parent)}{command.Command.Name} " : "";
}
