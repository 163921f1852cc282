using System.Collections.Concurrent;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>A finalist on the judging rows.</summary>
/// <param name="Metrics">ML.NET's metrics, the means of the folds.</param>
/// <param name="Verdicts">The verdicts on the rows of all folds together.</param>
/// <param name="Shortfall">By how much the worst interval passes its bound.</param>
/// <param name="Costs">The objective in each fold, less of which is better.</param>
internal sealed record JudgedFinalist(IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<ConstraintVerdict> Verdicts,
    double Shortfall, IReadOnlyList<double> Costs)
{
    /// <summary>
    /// Whether it is better than another by more than chance: their mean difference between folds is above 1.645 of its standard errors, as
    /// normal chance has it in one of twenty cases. Where there are fewer than three folds, by anything.
    /// </summary>
    internal bool IsSurelyBetterThan(JudgedFinalist other)
    {
        double[] gains = [.. other.Costs.Zip(Costs, (cost, own) => cost - own)];
        var mean = gains.Average();
        if (gains.Length < 3 || double.IsNaN(mean))
            return true;
        var variance = gains.Sum(gain => (gain - mean) * (gain - mean)) / (gains.Length - 1);
        return mean > Intervals.NormalQuantile(1 - HoldingRule.Tail) * Math.Sqrt(variance / gains.Length);
    }
}

/// <summary>Scores the finalists once on the judging rows of every fold, and says which bounds they keep there.</summary>
/// <param name="settings">The settings.</param>
/// <param name="task">The task.</param>
/// <param name="data">The rows.</param>
/// <param name="runner">Trains finalists in the folds that the search left out.</param>
/// <param name="cache">Keeps their models.</param>
/// <param name="exchange">Who trains which of them.</param>
internal sealed class FinalistJudge(ExperimentSettings settings, ExperimentTask task, ExperimentData data, TrialRunner runner,
    TrialCache cache, TrialExchange exchange)
{
    // What a finalist comes to in a fold.
    private sealed record FoldScore(IReadOnlyDictionary<string, double> Metrics, JudgedRows Rows);

    // A finalist in all folds, and how each of its statistics changes without parts of the rows.
    private sealed record Scores(IReadOnlyList<FoldScore> Folds, JudgedRows Rows, IReadOnlyList<double[]> Changes);

    /// <summary>Why the folds of the search judged alone, in words; null where all folds judged.</summary>
    internal string? WhyNotAllFolds { get; private set; }

    /// <summary>Judges; those that fail in a fold of their own are left out.</summary>
    /// <param name="finalists">The finalists.</param>
    /// <param name="bring">Brings the models of a finalist to memory.</param>
    /// <param name="isCanceled">Whether it was told to stop: the folds of the search then judge alone.</param>
    /// <returns>By the number of the finalist.</returns>
    internal IReadOnlyDictionary<int, JudgedFinalist> Judge(IReadOnlyList<Trial> finalists, Action<Trial> bring, Func<bool> isCanceled)
    {
        var known = new ConcurrentDictionary<int, FoldScore[]>();
        ParallelTrials.ForEach(finalists, settings.TrialsAtOnce, trial =>
        {
            bring(trial);
            known[trial.Number] = [.. data.Folds.Zip(trial.Models, (fold, model) => Score(trial, fold, model))];
            if (settings.CacheDirectory is not null && !trial.IsRepeated)
                trial.Drop();
        });
        var others = InOtherFolds(finalists, known[finalists[0].Number][0].Rows.Rows.Task.Classes, isCanceled);
        var scored = finalists.Where(trial => others is null || !others[trial.Number].Contains(null))
            .ToDictionary(trial => trial.Number,
                trial => Together(trial, [.. known[trial.Number], .. others?[trial.Number].OfType<FoldScore>() ?? []]));
        var tail = Tail([.. scored.Values]);
        return finalists.Where(trial => scored.ContainsKey(trial.Number))
            .ToDictionary(trial => trial.Number, trial => Judge(trial, scored[trial.Number], scored.Count, tail));
    }

    // Null where it was told to stop, or a fold cannot be trained on; in it null where a finalist failed.
    private Dictionary<int, FoldScore?[]>? InOtherFolds(IReadOnlyList<Trial> finalists, IReadOnlyList<string> classes,
        Func<bool> isCanceled)
    {
        var scores = finalists.ToDictionary(trial => trial.Number, _ => new FoldScore?[data.OtherFolds.Count]);
        var own = new ConcurrentBag<Trained>();
        void Keep(Trial trial, int index, ISingleFeaturePredictionTransformer<ConstrainedModelParameters> model)
        {
            var score = Score(trial, data.OtherFolds[index].Value, model);
            model.Model.Dispose();
            if (!score.Rows.Rows.Task.Classes.ToHashSet().SetEquals(classes))
                throw new InvalidOperationException("The fold has other classes.");
            scores[trial.Number][index] = score;
        }

        // Another that was stopped, or cannot train on a fold, has said so: all then leave these folds out.
        string? why = null;
        try
        {
            // The longest first: at the end nothing is left for the other threads to do.
            var parts = finalists.OrderByDescending(trial => trial.Record!.Seconds).ThenBy(trial => trial.Number)
                .SelectMany(trial => data.OtherFolds.Select((_, index) => (Trial: trial, Index: index))).ToList();
            ParallelTrials.ForEach(exchange.Own(parts), settings.TrialsAtOnce, one =>
            {
                if (isCanceled())
                    throw new OperationCanceledException();
                try
                {
                    var fold = data.OtherFolds[one.Index].Value;
                    var model = cache.Find(one.Trial, one.Index);
                    var bytes = new Lazy<byte[]>(() => fold.Write(model!));
                    if (model is null)
                    {
                        model = runner.TrainIn(fold, one.Trial, settings.CancellationToken);
                        cache.Store(one.Trial, one.Index, bytes);
                    }

                    if (!exchange.IsAlone)
                        own.Add(new Trained(one.Trial.Number, one.Index, bytes.Value));
                    Keep(one.Trial, one.Index, model);
                }
                catch (TrainingDivergedException e)
                {
                    e.BestModel?.Model.Dispose();
                }
                catch (TrainingCanceledException e)
                {
                    e.BestModel?.Model.Dispose();
                    throw;
                }
            });
        }
        catch (OperationCanceledException)
        {
            why = "it was stopped";
        }
        catch (InvalidOperationException problem)
        {
            // As one that lacks a rare class.
            why = $"another cannot be trained on: {problem.Message}";
        }

        WhyNotAllFolds = exchange.OfOthers<string>(why is null ? [] : [why]).Append(why).OfType<string>().Order(StringComparer.Ordinal)
            .FirstOrDefault();
        if (WhyNotAllFolds is not null)
            return null;
        foreach (var told in exchange.OfOthers(own))
        {
            var trial = finalists.First(trial => trial.Number == told.Run);
            cache.Store(trial, told.Fold, new(told.Model));
            Keep(trial, told.Fold, Fold.Read(told.Model));
        }

        return scores;
    }

    // A finalist in a fold.
    private sealed record Trained(int Run, int Fold, byte[] Model);

    private FoldScore Score(Trial trial, Fold fold, ISingleFeaturePredictionTransformer<ConstrainedModelParameters> model)
    {
        var view = model.Transform(fold.Judging.View);
        return new FoldScore(task.Evaluate(new MLContext(0), view, trial.Options), JudgedRows.Of(fold.Judging.Table, view, model.Model));
    }

    private static Scores Together(Trial trial, IReadOnlyList<FoldScore> folds)
    {
        var rows = JudgedFolds.Together([.. folds.Select(fold => fold.Rows)]);
        var (constraints, missing) = (trial.Options.Constraints, trial.Options.Groups.MissingValues);
        var verdicts = rows.Judge(constraints, missing, null, HoldingRule.Tail);
        return new Scores(folds, rows,
            [.. constraints.Select((constraint, index) => rows.Changes(constraint, index, verdicts[index], missing))]);
    }

    // The tail of every limit: with one look there is no limit, and the interval is the usual one.
    private static double Tail(IReadOnlyList<Scores> finalists) => finalists.Count <= 1 ? HoldingRule.Tail
        : Enumerable.Range(0, finalists.Min(finalist => finalist.Changes.Count))
            .Select(index => SharedLooks.Tail([.. finalists.Select(finalist => finalist.Changes[index])]))
            .DefaultIfEmpty(SharedLooks.EvenChance / finalists.Count).Min();

    private JudgedFinalist Judge(Trial trial, Scores scores, int looks, double tail)
    {
        var verdicts = scores.Rows.Judge(trial.Options.Constraints, trial.Options.Groups.MissingValues, null, tail);
        return new JudgedFinalist(TrialRunner.Mean([.. scores.Folds.Select(fold => fold.Metrics)]), verdicts,
            verdicts.Select(verdict => ShortfallOf(verdict, looks)).DefaultIfEmpty().Max(),
            [.. scores.Folds.Select(fold => new TrialScore(0, fold.Metrics[settings.Objective]).Cost(settings.IsLoss))]);
    }

    // One look at a value needs no limit; several are paid for by one each.
    private static double ShortfallOf(ConstraintVerdict verdict, int looks)
    {
        double Beyond(double value) => Math.Max(0, verdict.IsLowerBound ? verdict.Bound - value : value - verdict.Bound);
        var limit = looks == 1 ? double.NaN : verdict.IsLowerBound ? verdict.Interval.Lower : verdict.Interval.Upper;
        return double.IsNaN(verdict.Value) ? double.MaxValue
            : verdict.Verdict == Verdict.NotMeasurable ? 1 + Beyond(verdict.Value)
            : double.IsNaN(limit) ? Beyond(verdict.Value) : Math.Max(Beyond(verdict.Value), Beyond(limit));
    }
}
