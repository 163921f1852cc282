using System.Collections;
using System.Globalization;
using System.Reflection;
using HumanCompatible.ML.Collectives;

namespace HumanCompatible.ML.Trainers;

/// <summary>The options that decide what is learned, as texts that are equal exactly when they are.</summary>
internal static class OptionTexts
{
    private const int LongestText = 60;
    private const int MostProblems = 5;

    // What is kept and said of the training, but changes nothing in it.
    private static readonly string[] Beside = [nameof(ConstrainedTrainerOptions.Checkpoint), nameof(ConstrainedTrainerOptions.Metadata),
        nameof(ConstrainedTrainerOptions.KeepTrainingState), nameof(ConstrainedTrainerOptions.Collective),
        nameof(ConstrainedTrainerOptions.MaximumMemory), nameof(ConstrainedTrainerOptions.TemporaryFolder)];

    // What a member of a collective may have of its own; the seed is that of the first.
    private static readonly string[] OfOneMember = [nameof(ConstrainedTrainerOptions.Seed), nameof(ConstrainedTrainerOptions.Device),
        nameof(ConstrainedTrainerOptions.NumberOfThreads), nameof(ConstrainedTrainerOptions.NumberOfWorkers)];

    /// <summary>The text of each option by its name, such as <c>Optimizer.WeightDecay</c>, and of the task.</summary>
    internal static IReadOnlyDictionary<string, string> Of(ConstrainedTrainerOptions options)
    {
        var texts = new Dictionary<string, string> { [nameof(options.Task)] = TextOf(options.Task) };
        foreach (var field in FieldsOf(typeof(ConstrainedTrainerOptions)).Where(field => !Beside.Contains(NameOf(field))))
            Add(texts, NameOf(field), field.GetValue(options));
        return texts;
    }

    /// <summary>The options in which two differ, with the beginnings of their texts.</summary>
    internal static IEnumerable<(string Name, string One, string Other)> Differences(IReadOnlyDictionary<string, string> one,
        IReadOnlyDictionary<string, string> other) => one.Keys.Union(other.Keys).Order(StringComparer.Ordinal)
        .Where(name => one.GetValueOrDefault(name) != other.GetValueOrDefault(name))
        .Select(name => (name, Short(one.GetValueOrDefault(name)), Short(other.GetValueOrDefault(name))));

    /// <summary>Checks that the members of a collective have the same options.</summary>
    /// <exception cref="InvalidOperationException">Some have others than the first; it is thrown to all.</exception>
    internal static void CheckSame(ConstrainedTrainerOptions options, ICollective collective)
    {
        if (collective.Count == 1)
            return;
        var own = Of(options).Where(option => !OfOneMember.Contains(option.Key)).ToDictionary();
        own.Add(nameof(options.Checkpoint), options.Checkpoint is null ? "null" : "there");
        var all = Exchange.Gather(collective, [.. own.SelectMany(option => new[] { option.Key, option.Value })])
            .Select(texts => texts.Chunk(2).ToDictionary(option => option[0], option => option[1])).ToList();
        var problems = all.Skip(1).SelectMany((texts, index) => Differences(texts, all[0])
            .Select(option => $"Member {index + 1} has {option.Name} {option.One}, where the first has {option.Other}.")).ToList();
        if (problems.Count > 0)
        {
            throw new InvalidOperationException("The members of a collective must have the same options. "
                + string.Join(" ", problems.Take(MostProblems)));
        }
    }

    /// <summary>A text of at most <see cref="LongestText"/> characters of an option.</summary>
    internal static string Short(string? text)
        => text is null ? "not there" : text.Length <= LongestText ? text : text[..LongestText] + "...";

    private static void Add(Dictionary<string, string> texts, string name, object? value)
    {
        texts.Add(name, IsPlain(value) ? TextOf(value) : value!.GetType().Name);
        if (IsPlain(value))
            return;
        foreach (var field in FieldsOf(value!.GetType()))
            Add(texts, $"{name}.{NameOf(field)}", field.GetValue(value));
    }

    private static bool IsPlain(object? value) => value is null or IFormattable or bool or Delegate or IEnumerable;

    private static string TextOf(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        Delegate => "code",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(TextOf))}]",
        _ => $"{value.GetType().Name} {{ {string.Join(", ", FieldsOf(value.GetType())
            .Select(field => $"{NameOf(field)} = {TextOf(field.GetValue(value))}"))} }}",
    };

    // Of records, the fields are what they hold; a property may be made of others.
    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
        {
            foreach (var field in declaring.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                | BindingFlags.DeclaredOnly).OrderBy(NameOf, StringComparer.Ordinal))
            {
                yield return field;
            }
        }
    }

    // The compiler calls the field of a property <Property>k__BackingField.
    private static string NameOf(FieldInfo field) => field.Name.Split('<', '>') is [_, var property, _] ? property : field.Name;
}
