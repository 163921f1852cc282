using System.CommandLine;
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
            return await root.Parse(arguments).InvokeAsync(configuration);
        }
        catch (Exception problem) when (problem is SampleInputException or IOException or UnauthorizedAccessException)
        {
            output.Error.WriteLine("Error: " + problem.Message);
            return 1;
        }
        catch (OperationCanceledException problem)
        {
            output.Error.WriteLine(problem.Message);
            return 130;
        }
    }
}
