using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Data;
using HumanCompatible.ML.MLNet;
using HumanCompatible.ML.Trainers;
using Microsoft.ML;

namespace HumanCompatible.ML.Experiments;

/// <summary>One execution of an experiment: search, choice among the finalists, final training, final test.</summary>
/// <param name="context">The user's context.</param>
/// <param name="settings">The settings.</param>
/// <param name="task">The task.</param>
/// <param name="input">The data.</param>
/// <param name="progress">Is told of every run.</param>
internal sealed class ExperimentRun(MLContext context, ExperimentSettings settings, ExperimentTask task, ExperimentInput input,
    IProgress<RunDetail>? progress)
{
    private const int Finalists = 5;
    private const double TestTail = 0.05;

    private readonly ConstrainedTrainerOptions _options = settings.BaseOptions.Copy();

    internal ExperimentResult Run()
    {
        double? testFraction = input.Validation is null ? settings.TestFraction : null;
        var data = ExperimentData.Of(context, input, _options, null, testFraction, settings.Seed, settings.CancellationToken);
        var runner = new TrialRunner(task, data, settings.Objective);
        var exchange = new TrialExchange(settings.Collective ?? Alone.Instance, data.Folds);
        var identity = new Lazy<IReadOnlyDictionary<string, string>>(() => Identity(data));
        if (!exchange.IsAlone)
            exchange.CheckSame(identity.Value.Append(new("runs", $"{settings.MostModels}")).ToDictionary());
        using var cache = new TrialCache(settings.CacheDirectory, data.Folds, () => identity.Value);
        var search = new TrialSearch(settings, runner, exchange, cache, trial => progress?.Report(Detail(trial)), IsCanceled);
        var trials = search.Run(ended => Best(ended));
        var finalists = Best(trials);
        if (finalists.Count == 0)
            throw NoRun(trials);

        void Bring(Trial trial)
        {
            if (trial.Models.Count > 0 || cache.TryLoad(trial))
                return;
            trial.IsRepeated = true;
            runner.Finish(trial, default);
        }

        foreach (var trial in finalists.Where(trial => !exchange.IsAlone && trial.IsReused))
            exchange.ShareFirst(trial, Bring);
        var judge = new FinalistJudge(settings, task, data, runner, cache, exchange);
        var judged = judge.Judge(finalists, Bring, IsCanceled);
        var byRank = finalists.Where(trial => judged.ContainsKey(trial.Number)).OrderBy(trial => Rank(judged[trial.Number]))
            .ThenBy(trial => trial.Number).ToList();
        if (byRank.Count == 0)
            throw NoRun(trials);
        var best = Choose(byRank, judged);
        ITransformer? own = null;
        var isStopped = exchange.Any(IsCanceled());
        var (isTrainedAgain, isCanceled, looks, bytes) = exchange.OfFirst(() =>
        {
            Bring(best);
            (own, var isAgain) = Final(best, data, isStopped);
            var canceled = isStopped || IsCanceled();
            var tests = data.Test is null || CanGoOn(canceled) ? 0
                : cache.Add(new TestRecord(best.Number, Detail(best).ParametersText, isAgain));
            return new Ended(isAgain, canceled, tests, exchange.IsAlone ? [] : ExperimentTask.Write(own, input.Train.Schema));
        });
        var model = own ?? ExperimentTask.Read(bytes);
        foreach (var trial in finalists.Where(trial => trial != best || isTrainedAgain || own is null))
            trial.Drop();

        var runs = trials.OrderBy(trial => trial.Number).Select(trial => Detail(trial, judged)).ToList();
        var result = new ExperimentResult(settings.Objective, settings.IsLoss, runs, Detail(best, judged) with { Model = model })
        {
            Looks = judged.Count,
            IsNoOtherSurelyBetter = best != byRank[0],
            WhyNotAllFolds = judge.WhyNotAllFolds,
            IsTrainedAgain = isTrainedAgain,
            IsCanceled = isCanceled,
            CanGoOn = CanGoOn(isCanceled),
            Test = looks == 0 ? null : Test(model, data.Test!, best.Options, looks),
        };
        ExperimentTask.PredictionOf(model).Model.Note(
            new(best.Number, runs.Count, result.Looks, settings.Seed, result.BestRun.ParametersText, result.Choice));
        return result;
    }

    // What came of the best run. Looks of 0: it was not tested.
    private sealed record Ended(bool IsTrainedAgain, bool IsCanceled, int Looks, byte[] Model);

    // What goes on is tested when it has ended: the test rows are to see one model.
    private bool CanGoOn(bool isCanceled) => isCanceled && settings.CacheDirectory is not null;

    private bool IsCanceled() => settings.CancellationToken.IsCancellationRequested || HostEnvironments.IsCanceled(context);

    // The run of the options as they are, and five others. How near to a bound the judging rows bear is not known before: so, from the
    // nearest to those that are as far from it as the options as they are, the best ones, evenly; the rest by their rank.
    private List<Trial> Best(IReadOnlyList<Trial> trials)
    {
        var finished = TrialSearch.Ranked(trials.Where(trial => trial.IsFinished), settings.IsLoss).ToList();
        var first = finished.Where(trial => trial.Number == 0).ToList();
        TrialScore Score(Trial trial) => trial.Record!.Score!.Value;
        List<Trial> kept = [.. finished.Where(trial => trial.Number > 0 && Score(trial).Violation == 0
            && first.TrueForAll(one => Score(trial).Gap >= Score(one).Gap))];
        List<Trial> front = [.. Dominance.Front(kept, trial => [Score(trial).Cost(settings.IsLoss), Score(trial).Gap])
            .OrderByDescending(trial => Score(trial).Gap).ThenBy(trial => trial.Number)];
        var even = Enumerable.Range(0, Math.Min(Finalists, front.Count))
            .Select(index => front[front.Count <= Finalists ? index : index * (front.Count - 1) / (Finalists - 1)]);
        return [.. even.Union(finished.Except(first)).Take(Finalists).Union(first)];
    }

    private (double, double) Rank(JudgedFinalist judged)
        => new TrialScore(judged.Shortfall, judged.Metrics[settings.Objective]).Rank(settings.IsLoss);

    // The options as they are stay where none that does as well by the bounds is surely better.
    private static Trial Choose(List<Trial> byRank, IReadOnlyDictionary<int, JudgedFinalist> judged)
    {
        var best = judged[byRank[0].Number];
        return byRank.Find(trial => trial.Number == 0 && judged[0].Shortfall.Equals(best.Shortfall) && !best.IsSurelyBetterThan(judged[0]))
            ?? byRank[0];
    }

    private (ITransformer Model, bool IsTrainedAgain) Final(Trial best, ExperimentData data, bool isStopped)
    {
        if (data.Final is { } rows && !isStopped)
        {
            try
            {
                var featurizer = input.PreFeaturizer?.Fit(rows);
                var trained = task.Fit(context, best.Options, featurizer?.Transform(rows) ?? rows, settings.CancellationToken);
                return (PredictionTransformers.After(featurizer, trained), true);
            }
            catch (TrainingCanceledException e)
            {
                e.BestModel?.Model.Dispose();
            }
        }

        foreach (var other in best.Models.Skip(1))
            other.Model.Dispose();
        return (PredictionTransformers.After(data.Folds[0].Featurizer, best.Models[0]), false);
    }

    private FinalTest Test(ITransformer model, IDataView rows, ConstrainedTrainerOptions options, int looks)
    {
        var scored = context.Data.Cache(model.Transform(rows));
        var columns = TrainingSetup.Columns(options);
        columns.Check(scored.Schema, "testData");
        var table = RawTableReader.Read(scored, columns, default);
        var verdicts = JudgedRows.Of(table, scored, ExperimentTask.PredictionOf(model).Model)
            .Judge(options.Constraints, options.Groups.MissingValues, TestTail / looks, HoldingRule.Tail / looks);
        return new FinalTest(table.RowCount, task.Evaluate(context, scored, options), verdicts)
        {
            Looks = looks,
            Audit = task.Audit(scored, options),
        };
    }

    private static RunDetail Detail(Trial trial, IReadOnlyDictionary<int, JudgedFinalist> judged)
        => judged.TryGetValue(trial.Number, out var finalist) ? Detail(trial) with
        {
            JudgedMetrics = finalist.Metrics,
            JudgedVerdicts = finalist.Verdicts,
            Shortfall = finalist.Shortfall,
        }
        : Detail(trial);

    private static RunDetail Detail(Trial trial)
    {
        var record = trial.Record!;
        return new RunDetail(trial.Number, trial.Options)
        {
            IsReused = trial.IsReused,
            IsRepeated = trial.IsRepeated,
            Parameters = trial.Parameters,
            Status = record.Status,
            Error = record.Error,
            Seconds = record.Seconds,
            Objective = record.Score?.Objective ?? double.NaN,
            Violation = record.Score?.Violation ?? double.NaN,
            Metrics = record.Metrics,
            ConstraintValues = record.Values,
        };
    }

    private Exception NoRun(IReadOnlyList<Trial> trials) => IsCanceled()
        ? new OperationCanceledException("The experiment was canceled before a run was finished: there is nothing to choose from.",
            settings.CancellationToken)
        : new InvalidOperationException("No run of the experiment ended well: "
            + string.Join(" ", trials.Select(trial => trial.Record!.Error).OfType<string>().Distinct()));

    // What the runs depend on; not the time, nor how many run at once.
    private Dictionary<string, string> Identity(ExperimentData data) => new()
    {
        ["metric"] = $"{_options.Task}, {settings.Objective}",
        ["seed"] = $"{settings.Seed}",
        ["options"] = $"{_options with { Seed = 0, Constraints = [] }}",
        ["constraints"] = string.Join('\n', _options.Constraints),
        ["search space"] = string.Join('\n', settings.SearchSpace),
        ["training data"] = string.Join('\n', data.Folds.Select(fold
            => DataFingerprint.Of(fold.Training, fold.Tuning.Table, fold.Judging.Table))),
        ["test data"] = data.Test is null ? "" : DataFingerprint.Of(TestTable(data, data.Test)),
    };

    // As the featurizer of the first fold makes them: the same rows give the same.
    private RawTable TestTable(ExperimentData data, IDataView rows)
    {
        var view = data.Folds[0].Featurizer?.Transform(rows) ?? rows;
        return RawTableReader.Read(view, TrainingSetup.Columns(_options), settings.CancellationToken);
    }
}
