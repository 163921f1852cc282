using HumanCompatible.ML.Samples.Display;
using Spectre.Console;

namespace HumanCompatible.ML.Samples.Experiments;

/// <summary>
/// A table that grows while work goes on: live on a terminal, else a line for each row. It begins with the first row: where the work ends
/// in an error before, there is none.
/// </summary>
internal static class LiveTable
{
    /// <param name="output">Where it is shown.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="work">The work; it adds rows.</param>
    public static T Show<T>(SampleOutput output, string[] columns, Func<Action<string[]>, T> work)
    {
        if (!output.IsLive)
        {
            var hasBegun = false;
            return work(row =>
            {
                if (!hasBegun)
                    output.Say(string.Join(" | ", columns));
                hasBegun = true;
                output.Say(string.Join(" | ", row));
            });
        }

        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(SampleOutput.Cell(column));
        return output.Console.Live(new Text("")).Start(context => work(row =>
        {
            table.AddRow([.. row.Select(SampleOutput.Cell)]);
            context.UpdateTarget(table);
        }));
    }

    /// <summary>Is told at once, on the thread that tells.</summary>
    public sealed class Receiver<T>(Action<T> receive) : IProgress<T>
    {
        public void Report(T value) => receive(value);
    }
}
