namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>
/// The command "hold": whether a bound that training says is kept holds in the population that the table was drawn from. It trains on
/// drawn tables with the trainer's defaults and audits on every row that was not drawn.
/// </summary>
internal static class HoldCommand
{
    internal static int Run(string[] args)
    {
        try
        {
            return Run(HoldOptions.Parse(args));
        }
        catch (HoldInputException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 2;
        }
    }

    private static int Run(HoldOptions options)
    {
        if (options.Lists)
        {
            foreach (var cell in Cells.All)
                Console.WriteLine($"{cell.Name,-24} {cell.Rows,6} rows of {cell.Population}: {cell.Constraint.Name}, bound {cell.Bound}");
            return 0;
        }

        if (options.From.Count > 0)
        {
            HoldTable.Write(Console.Out, [.. options.From.SelectMany(HeldFit.Read)], options.IsMarkdown);
            return 0;
        }

        var populations = new Populations(options.Data);
        if (options.IsSmall)
            return SmallCommand.Run(options, populations);
        var cells = Cells.Named(options.Cells);
        foreach (var population in cells.Select(cell => cell.Population).Distinct())
            Console.Error.WriteLine($"{population}: {populations[population].Count} rows");
        using var lines = options.Out is { } path ? new StreamWriter(path, append: true) { AutoFlush = true } : null;
        var runner = new CellRunner(populations, options.WithPrice);
        HoldTable.Write(Console.Out, Fits(cells, options, runner, lines), options.IsMarkdown);
        return 0;
    }

    private static IReadOnlyList<HeldFit> Fits(IReadOnlyList<Cell> cells, HoldOptions options, CellRunner runner, StreamWriter? lines)
    {
        var fits = new List<HeldFit>();
        var jobs = cells.SelectMany(cell => Enumerable.Range(options.First, options.Draws).Select(draw => (cell, draw)));
        Parallel.ForEach(jobs, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, job =>
        {
            var fit = runner.Run(job.cell, job.draw);
            lock (fits)
            {
                fits.Add(fit);
                lines?.WriteLine(fit.ToJson());
                Console.Error.WriteLine(FormattableString.Invariant(
                    $"{fit.Cell} draw {fit.Draw}: {fit.Verdict}, {fit.Value:0.0000} at {fit.Accuracy:0.0000}, {fit.Seconds:0.00} s"));
            }
        });
        return fits;
    }
}
