using HumanCompatible.ML.Trainers;

namespace HumanCompatible.ML.Experiments;

/// <summary>
/// The search: rounds of a fixed number of runs, whose places follow from the rounds before, so that nothing depends on how many run at
/// once. After a quarter of the epochs the better half of a round goes on.
/// </summary>
internal sealed class TrialSearch
{
    /// <summary>The runs of a round.</summary>
    internal const int RoundSize = 8;

    /// <summary>The rounds of points that fill the space evenly.</summary>
    internal const int EvenRounds = 2;

    private readonly ExperimentSettings _settings;
    private readonly TrialRunner _runner;
    private readonly TrialExchange _exchange;
    private readonly IReadOnlyList<TrialRecord> _known;
    private readonly TrialCache _cache;
    private readonly Action<Trial> _onRun;
    private readonly Func<bool> _isCanceled;
    private readonly Lock _lock = new();
    private readonly long _start;
    private readonly double _before;
    private readonly HaltonSequence _even;
    private readonly int _starts;
    private readonly double _seconds;

    /// <param name="settings">The settings.</param>
    /// <param name="runner">Runs a run.</param>
    /// <param name="exchange">Who does which runs.</param>
    /// <param name="cache">What was run before, and is to keep what is run.</param>
    /// <param name="onRun">Is told of every run as it ends or is found again, one at a time.</param>
    /// <param name="isCanceled">Whether the context was told to stop.</param>
    internal TrialSearch(ExperimentSettings settings, TrialRunner runner, TrialExchange exchange, TrialCache cache, Action<Trial> onRun,
        Func<bool> isCanceled)
    {
        (_settings, _runner, _exchange, _cache, _onRun, _isCanceled) = (settings, runner, exchange, cache, onRun, isCanceled);
        _start = settings.Time.GetTimestamp();
        _known = exchange.OfFirst(() => cache.Records);
        _before = _known.Select(record => record.Elapsed).DefaultIfEmpty().Max();
        _even = new HaltonSequence(settings.SearchSpace.Count, settings.Seed);
        _starts = settings.SearchSpace.Select(parameter => parameter.Starts.Count).DefaultIfEmpty().Max();
        _seconds = settings.MaxExperimentTimeInSeconds * runner.SearchShare ?? double.PositiveInfinity;
    }

    private double Elapsed => _before + _settings.Time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Searches until the time or the number of runs is used up, or it is told to stop.</summary>
    /// <param name="keep">The runs whose models are to be kept, of all that ended.</param>
    /// <returns>The runs that ended.</returns>
    internal IReadOnlyList<Trial> Run(Func<IReadOnlyList<Trial>, IEnumerable<Trial>> keep)
    {
        var left = TimeSpan.FromSeconds(Math.Max(0.001, Math.Min(int.MaxValue / 1000, _seconds - Elapsed)));
        using var time = new CancellationTokenSource(left, _settings.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(time.Token, _settings.CancellationToken);
        if (Elapsed >= _seconds)
            stop.Cancel();
        var ended = new List<Trial>();
        var models = _settings.SearchSpace.Count == 0 ? 1 : _settings.MostModels;
        for (var first = 0; first < models; first += RoundSize)
        {
            var size = Math.Min(RoundSize, models - first);
            Trial[] round = [.. Enumerable.Range(first, size).Select(number => Propose(number, size, ended))];
            foreach (var trial in round)
                FindAgain(trial);
            RunRound(round, stop);
            ended.AddRange(round.Where(trial => trial.Record is not null));
            foreach (var trial in ended.Except(keep(ended)))
                _cache.Remove(trial);
            foreach (var trial in round.Where(trial => trial.Record is null))
                trial.Drop();

            // What was found again stays, also where the time is up.
            if (Array.Exists(round, trial => trial.Record is null))
                break;
        }

        return ended;
    }

    // A run of a round that had another number of runs would have gone on or not beside others: it is done again. The first always goes on.
    private void FindAgain(Trial trial)
    {
        trial.Record = _known.LastOrDefault(record => record.Number == trial.Number
            && (record.RoundSize == trial.RoundSize || record.Number == 0));
        if (trial.Record is null)
            return;
        trial.IsReused = true;
        _onRun(trial);
    }

    // Where it is told to stop, some runs do not end. That of the options as they are does, beside the first looks at the others.
    private void RunRound(Trial[] round, CancellationTokenSource stop)
    {
        foreach (var trial in round)
            trial.Early = trial.Record?.Early;
        var first = round.Where(trial => trial.Record is null && (trial.Number == 0 || TrialRunner.HasEarlyLook(trial)));
        var isStopped = ForEach([.. first], stop, trial => Try(trial, () =>
        {
            if (trial.Number == 0)
                Finish(trial, _settings.CancellationToken);
            else
                _runner.Begin(trial, stop.Token);
        }));
        if (isStopped)
            return;
        var looked = round.Where(trial => trial.Early is not null).ToList();
        var goOn = looked.OrderBy(trial => trial.Early!.Value.Rank(_settings.IsLoss)).ThenBy(trial => trial.Number)
            .Take((looked.Count + 1) / 2).ToHashSet();
        foreach (var trial in looked.Where(trial => !goOn.Contains(trial) && trial.Record is null))
        {
            End(trial, RunStatus.Stopped);
            Note(trial);
        }

        // The longest first: at the end of a round nothing is left for the other threads to do.
        ForEach([.. round.Where(trial => trial.Record is null).OrderByDescending(trial => trial.Seconds)], stop,
            trial => Try(trial, () => Finish(trial, stop.Token)));
    }

    private void Finish(Trial trial, CancellationToken cancellation)
    {
        _runner.Finish(trial, cancellation);
        End(trial, RunStatus.Finished);
    }

    private void Try(Trial trial, Action action)
    {
        try
        {
            action();
        }
        catch (TrainingDivergedException e)
        {
            e.BestModel?.Model.Dispose();
            Fail(trial, e);
        }
        catch (ArgumentException e) when (trial.Number > 0)
        {
            Fail(trial, e);
        }
        catch (TrainingCanceledException e)
        {
            e.BestModel?.Model.Dispose();
        }
    }

    private void Fail(Trial trial, Exception problem)
    {
        trial.Drop();
        trial.Record = new TrialRecord(trial.Number, trial.Point, RunStatus.Failed, new Dictionary<string, double>(),
            new Dictionary<string, double>(), trial.Seconds, Elapsed, trial.Early, Error: problem.Message, RoundSize: trial.RoundSize);
    }

    private void End(Trial trial, RunStatus status)
    {
        var (score, metrics, values) = _runner.Measure(trial);
        trial.Record = new TrialRecord(trial.Number, trial.Point, status, metrics, values, trial.Seconds, Elapsed, trial.Early, score,
            RoundSize: trial.RoundSize);
    }

    private void Note(Trial trial)
    {
        if (trial.IsFinished)
            trial.Record = trial.Record! with { Models = _cache.Store(trial) };
        lock (_lock)
        {
            _cache.Add(trial.Record!);
            _onRun(trial);
        }
    }

    // Who is alone notes a run as it ends; members note all when each has done its part. True where it is told to stop; members then stop
    // together, though one may hear of it before the others.
    private bool ForEach(IReadOnlyList<Trial> trials, CancellationTokenSource stop, Action<Trial> action)
    {
        ParallelTrials.ForEach(_exchange.Own(trials), _settings.TrialsAtOnce, trial =>
        {
            if (_isCanceled())
                stop.Cancel();
            if (!stop.IsCancellationRequested || (trial.Number == 0 && !_settings.CancellationToken.IsCancellationRequested))
                action(trial);
            if (_exchange.IsAlone && trial.Record is not null)
                Note(trial);
        });
        if (_exchange.IsAlone)
            return stop.IsCancellationRequested;
        _exchange.Share(trials);
        var isStopped = _exchange.Any(stop.IsCancellationRequested);
        if (isStopped)
            stop.Cancel();
        foreach (var trial in trials.Where(trial => trial.Record is not null).OrderBy(trial => trial.Number))
            Note(trial);
        return isStopped;
    }

    private Trial Propose(int number, int roundSize, IReadOnlyList<Trial> ended)
    {
        var options = _settings.BaseOptions.Copy();
        options.Seed = _settings.Seed;
        if (number == 0)
            return new Trial(0, [], options, new Dictionary<string, string>(), roundSize);
        var point = Place(number, ended);
        var parameters = new Dictionary<string, string>();
        foreach (var (parameter, unit) in _settings.SearchSpace.Zip(point))
        {
            var (text, apply) = parameter.At(unit);
            parameters[parameter.Name] = text;
            apply(options);
        }

        return new Trial(number, point, options, parameters, roundSize);
    }

    // First the places that are known to be good, where the space has such; one run of each later round still fills the space evenly.
    private double[] Place(int number, IReadOnlyList<Trial> ended)
    {
        if (number <= _starts)
        {
            return [.. _even.At(number).Zip(_settings.SearchSpace, (unit, parameter)
                => number <= parameter.Starts.Count ? parameter.Starts[number - 1] : unit)];
        }

        double[][] known = [.. Ranked(ended).Where(trial => trial.Number > 0).Select(trial => trial.Point)];
        return number < EvenRounds * RoundSize || number % RoundSize == 0 || known.Length == 0 ? _even.At(number)
            : new ParzenSampler([.. _settings.SearchSpace.Select(parameter => parameter.Choices)], known)
                .Next(new Random(unchecked((_settings.Seed * 1_000_003) + number)));
    }

    /// <summary>Finished runs, the best first; then those that were stopped, then those that failed.</summary>
    private IEnumerable<Trial> Ranked(IEnumerable<Trial> trials) => Ranked(trials, _settings.IsLoss);

    /// <inheritdoc cref="Ranked(IEnumerable{Trial})"/>
    internal static IEnumerable<Trial> Ranked(IEnumerable<Trial> trials, bool isLoss) => trials.OrderBy(trial => trial.Record!.Status)
        .ThenBy(trial => trial.Record!.Score?.Rank(isLoss) ?? default).ThenBy(trial => trial.Number);
}
