using HumanCompatible.ML.Benchmarks.Hold;
using HumanCompatible.ML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace HumanCompatible.ML.Benchmarks.Tasks;

/// <summary>
/// The command "tasks": the multiclass and the regression trainer with their defaults on public tables, without and under a constraint,
/// beside ML.NET's own trainers.
/// </summary>
internal static class TasksCommand
{
    internal static int Run(string[] args)
    {
        var withOthers = !args.Contains("--own");
        var seeds = Measurement.Option(args, "--seeds", 5);
        var folder = Measurement.Option(args, "--data");
        try
        {
            Multiclass(seeds, folder, withOthers);
            Regression(seeds, folder, withOthers);
            return 0;
        }
        catch (HoldInputException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 2;
        }
    }

    private static void Multiclass(int seeds, string? folder, bool withOthers)
    {
        Console.WriteLine("Adult, occupation of 14 classes; demographic parity of every class by sex, bound 0.05");
        var ml = new MLContext(1);
        var table = TaskTable.Occupation(ml, folder);
        var features = table.Features.Fit(table.Train);
        var (train, test) = (ml.Data.Cache(features.Transform(table.Train)), ml.Data.Cache(features.Transform(table.Test)));
        void Evaluate(string name, Func<IDataView, ITransformer> fit)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var model = fit(train);
            var seconds = clock.Elapsed.TotalSeconds;
            var scored = model.Transform(test);
            var metrics = ml.MulticlassClassification.Evaluate(scored);
            Tell(name, FormattableString.Invariant(
                $"accuracy {metrics.MicroAccuracy:0.0000}, log loss {metrics.LogLoss:0.0000}, differs by {Difference(scored):0.0000}"),
                seconds, model);
            if (model is not IPredictionTransformer<ConstrainedModelParameters> { Model.Constraints.Count: 0 })
                return;
            var sexes = scored.GetColumn<string>("sex").ToArray();
            var (free, bounded) = ParityCeiling.Of([.. scored.GetColumn<float[]>("Score")], [.. sexes.Select(sex => sex == sexes[0])],
                table.Constraint.Bound);
            Console.WriteLine(FormattableString.Invariant($"    were its probabilities right, {free:0.0000} of its answers, and of ")
                + FormattableString.Invariant($"answers within the bound, by lots and by sex if need be, at most {bounded:0.0000}"));
        }

        var trainers = ml.MulticlassClassification.Trainers;
        if (withOthers)
        {
            Evaluate("LbfgsMaximumEntropy", trainers.LbfgsMaximumEntropy().Fit);
            Evaluate("LightGbm", trainers.LightGbm().Fit);
        }

        for (var seed = 1; seed <= seeds; seed++)
        {
            var number = seed;
            Evaluate($"unconstrained, seed {seed}", ml.Constrained().Trainers.MulticlassClassification(new() { Seed = number }).Fit);
            Evaluate($"constrained, seed {seed}",
                ml.Constrained().Trainers.MulticlassClassification(new() { Seed = number, Constraints = [table.Constraint] }).Fit);
        }
    }

    private static void Regression(int seeds, string? folder, bool withOthers)
    {
        Console.WriteLine("Communities, violent crimes; residual parity by racePctWhite above or below its median, bound 0.02");
        for (var seed = 1; seed <= seeds; seed++)
        {
            var ml = new MLContext(1);
            var number = seed;
            var table = TaskTable.Communities(ml, folder, seed);
            var features = table.Features.Fit(table.Train);
            var (train, test) = (ml.Data.Cache(features.Transform(table.Train)), ml.Data.Cache(features.Transform(table.Test)));
            void Evaluate(string name, Func<IDataView, ITransformer> fit)
            {
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var model = fit(train);
                var seconds = clock.Elapsed.TotalSeconds;
                var scored = model.Transform(test);
                var error = ml.Regression.Evaluate(scored).RootMeanSquaredError;
                Tell($"{name}, seed {number}", FormattableString.Invariant(
                    $"RMSE {error:0.0000}, mean residuals differ by {Residuals(scored):0.0000}"), seconds, model);
            }

            if (withOthers)
            {
                Evaluate("FastTree", ml.Regression.Trainers.FastTree().Fit);
                Evaluate("Sdca", ml.Regression.Trainers.Sdca().Fit);
            }

            Evaluate("unconstrained", ml.Constrained().Trainers.Regression(new() { Seed = number }).Fit);
            Evaluate("constrained",
                ml.Constrained().Trainers.Regression(new() { Seed = number, Constraints = [table.Constraint] }).Fit);
        }
    }

    private static void Tell(string name, string text, double seconds, ITransformer model)
    {
        Console.WriteLine(FormattableString.Invariant($"{name,-24} {text}, {seconds:0.0} s"));
        if (model is IPredictionTransformer<ConstrainedModelParameters> { Model: { Constraints.Count: > 0 } own })
            Console.WriteLine($"    {own.Summary.ToString().ReplaceLineEndings("\n    ")}");
    }

    // max over classes of the difference of their shares among the predictions for the two groups.
    private static double Difference(IDataView scored)
    {
        var groups = scored.GetColumn<uint>("PredictedLabel").Zip(scored.GetColumn<string>("sex"))
            .GroupBy(row => row.Second, row => row.First).Select(group => group.ToArray()).ToArray();
        return Enumerable.Range(1, 14).Max(label
            => Math.Abs(groups[0].Count(one => one == label) / (double)groups[0].Length
                - (groups[1].Count(one => one == label) / (double)groups[1].Length)));
    }

    private static double Residuals(IDataView scored)
    {
        var means = scored.GetColumn<float>("Label").Zip(scored.GetColumn<float>("Score"), scored.GetColumn<string>("white"))
            .GroupBy(row => row.Third, row => row.First - row.Second).Select(group => group.Average()).ToArray();
        return Math.Abs(means[0] - means[1]);
    }
}
