using System.Globalization;
using HumanCompatible.ML.Torch;
using Microsoft.ML;

namespace HumanCompatible.ML.Benchmarks.Scoring;

/// <summary>
/// The command "scoring": a prediction by engine, a table of a million rows and the loading of a model file, each side by side with
/// ML.NET's logistic regression on the same features in the same process.
/// </summary>
internal static class ScoringCommand
{
    private const string LoadOnce = "--load-once";

    internal static int Run(string[] args)
    {
        if (Array.IndexOf(args, LoadOnce) is >= 0 and var index)
        {
            Console.WriteLine(TimeOfLoading(args[index + 1]).ToString(CultureInfo.InvariantCulture));
            return 0;
        }

        var rows = Measurement.Option(args, "--rows", 1_000_000);
        var repetitions = Measurement.Option(args, "--repetitions", 9);
        using var threads = new TorchThreads(1);
        Console.WriteLine(Measurement.Describe());
        var context = new MLContext(1);
        var models = ScoredModel.TrainAll(context);

        SideBySide.PrintHeading("PredictionEngine.Predict");
        using (var engines = new Engines(context, models))
            SideBySide.Print(models, model => model.EngineBar, 30 * repetitions, Engines.Count, engines.Predict);

        SideBySide.PrintHeading($"a row of {rows} by Transform");
        var builtIn = models.Where(model => model.Name != ScoredModel.OwnModule).ToList();
        var table = context.Data.Cache(ScoredRow.View(context, rows));
        var views = builtIn.ToDictionary(model => model, model => model.Transformer.Transform(table));
        SideBySide.Print(builtIn, model => model.TableBar, repetitions, rows, model => Read(views[model]));

        var files = builtIn.ToDictionary(model => model, model => Save(context, model));
        SideBySide.PrintHeading("loading a file again");
        SideBySide.Print(builtIn, model => model.LoadBar, 3 * repetitions, 1, model => context.Model.Load(files[model], out _));
        SideBySide.PrintHeading("loading a file as the first of a process");
        SideBySide.PrintTimes(builtIn, model => model.LoadBar, Math.Max(3, repetitions / 3),
            model => TimeOfLoadingInNewProcess(files[model]));
        foreach (var file in files.Values)
            File.Delete(file);
        return 0;
    }

    private static void Read(IDataView view)
    {
        using var cursor = view.GetRowCursor([view.Schema["Score"], view.Schema["Probability"]]);
        var (score, probability) = (cursor.GetGetter<float>(view.Schema["Score"]), cursor.GetGetter<float>(view.Schema["Probability"]));
        var value = 0f;
        while (cursor.MoveNext())
        {
            score(ref value);
            probability(ref value);
        }
    }

    private static string Save(MLContext context, ScoredModel model)
    {
        var path = Path.GetTempFileName();
        context.Model.Save(model.Transformer, ScoredRow.View(context, 1).Schema, path);
        return path;
    }

    private static double TimeOfLoading(string path)
    {
        var context = new MLContext(1);
        var start = Environment.CpuUsage.TotalTime;
        context.Model.Load(path, out _);
        return (Environment.CpuUsage.TotalTime - start).TotalMicroseconds;
    }

    private static double TimeOfLoadingInNewProcess(string path)
        => double.Parse(OwnProcess.Run("scoring", LoadOnce, path), CultureInfo.InvariantCulture);
}
