using System.Text.Json;
using HumanCompatible.ML.Collectives;

namespace HumanCompatible.ML.Experiments;

/// <summary>
/// The runs of an experiment, divided among the members of a collective: each does a part and tells the others what came of it, so that
/// all know the same and go on alike.
/// </summary>
/// <param name="collective">The members.</param>
/// <param name="folds">The folds that runs are trained on.</param>
internal sealed class TrialExchange(ICollective collective, IReadOnlyList<Fold> folds)
{
    internal bool IsAlone => collective.Count == 1;

    internal bool IsFirst => collective.Rank == 0;

    /// <summary>This member's part.</summary>
    internal IReadOnlyList<T> Own<T>(IReadOnlyList<T> parts)
        => [.. parts.Where((_, index) => index % collective.Count == collective.Rank)];

    /// <summary>Whether something is so for some member.</summary>
    internal bool Any(bool own)
    {
        double[] count = [own ? 1 : 0];
        collective.Sum(count);
        return count[0] > 0;
    }

    /// <summary>What the other members tell.</summary>
    internal IReadOnlyList<T> OfOthers<T>(IEnumerable<T> own) => IsAlone ? [] : [.. Exchange.Gather(collective, Bytes(own))
        .Where((_, member) => member != collective.Rank).SelectMany(Of<T[]>)];

    /// <summary>What the first member has.</summary>
    internal T OfFirst<T>(Func<T> own)
    {
        if (IsAlone)
            return own();
        var value = IsFirst ? own() : default;
        var bytes = Exchange.First(collective, IsFirst ? Bytes(value) : null)!;
        return IsFirst ? value! : Of<T>(bytes);
    }

    /// <summary>Tells what became of this member's part of some runs, and learns the rest.</summary>
    internal void Share(IReadOnlyList<Trial> trials)
    {
        foreach (var told in OfOthers(Own(trials).Select(Told)))
            Learn(trials.First(trial => trial.Number == told.Number), told);
    }

    /// <summary>Learns the models of a run from the first member.</summary>
    /// <param name="trial">The run.</param>
    /// <param name="bring">Brings them to its memory.</param>
    internal void ShareFirst(Trial trial, Action<Trial> bring)
    {
        var told = OfFirst(() =>
        {
            bring(trial);
            return Told(trial);
        });
        if (!IsFirst)
            Learn(trial, told);
    }

    /// <summary>Checks that all members have the same experiment.</summary>
    /// <param name="identity">What makes this member's what it is, by what it is called.</param>
    /// <exception cref="InvalidOperationException">They have not; it is thrown to all.</exception>
    internal void CheckSame(IReadOnlyDictionary<string, string> identity)
    {
        if (IsAlone)
            return;
        var all = Exchange.Gather(collective, Bytes(identity)).Select(Of<Dictionary<string, string>>).ToList();
        var others = identity.Keys.Where(part => all.Exists(member => member[part] != all[0][part])).ToList();
        if (others.Count > 0)
        {
            throw new InvalidOperationException("The members of a collective must have the same experiment, got others: "
                + $"{string.Join(", ", others)}.");
        }
    }

    private Parcel Told(Trial trial) => new(trial.Number, trial.Seconds, trial.IsRepeated,
        [.. trial.Models.Zip(folds, (model, fold) => fold.Write(model))], trial.Early, trial.Record);

    private static void Learn(Trial trial, Parcel told)
    {
        trial.Drop();
        (trial.Early, trial.Seconds, trial.Record, trial.IsRepeated) = (told.Early, told.Seconds, told.Record, told.IsRepeated);
        trial.Models = [.. told.Models.Select(Fold.Read)];
    }

    private static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonDialect.Options);

    private static T Of<T>(byte[] bytes) => JsonSerializer.Deserialize<T>(bytes, JsonDialect.Options)!;

    private sealed record Parcel(int Number, double Seconds, bool IsRepeated, IReadOnlyList<byte[]> Models, TrialScore? Early = null,
        TrialRecord? Record = null);
}
