using System.Collections;
using System.Globalization;
using System.Reflection;

namespace HumanCompatible.ML.Trainers;

/// <summary>The options that decide what is learned, as texts that are equal exactly when they are.</summary>
internal static class OptionTexts
{
    // What is kept and said of the training, but changes nothing in it; one process alone is as good as no collective, and several keep
    // no checkpoint.
    private static readonly string[] Beside = [nameof(ConstrainedTrainerOptions.Checkpoint), nameof(ConstrainedTrainerOptions.Metadata),
        nameof(ConstrainedTrainerOptions.KeepTrainingState), nameof(ConstrainedTrainerOptions.Collective)];

    /// <summary>The text of each option by its name, such as <c>Optimizer.WeightDecay</c>, and of the task.</summary>
    internal static IReadOnlyDictionary<string, string> Of(ConstrainedTrainerOptions options)
    {
        var texts = new Dictionary<string, string> { [nameof(options.Task)] = TextOf(options.Task) };
        foreach (var field in FieldsOf(typeof(ConstrainedTrainerOptions)).Where(field => !Beside.Contains(NameOf(field))))
            Add(texts, NameOf(field), field.GetValue(options));
        return texts;
    }

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
