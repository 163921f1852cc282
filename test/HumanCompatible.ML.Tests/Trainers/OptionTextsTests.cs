using System.Reflection;
using HumanCompatible.ML.Collectives;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Duals;
using HumanCompatible.ML.Features;
using HumanCompatible.ML.Networks;
using HumanCompatible.ML.Trainers;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Every option that decides what is learned shows in the texts by which a checkpoint knows its training.</summary>
[TestClass]
public sealed class OptionTextsTests
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly string[] Beside =
        ["Checkpoint", "Metadata", "KeepTrainingState", "Collective", "MaximumMemory", "TemporaryFolder"];

    [TestMethod]
    public void Of_AnyOptionChanged_Differs()
    {
        foreach (var property in typeof(ConstrainedTrainerOptions).GetProperties(All).Where(one => one.CanWrite))
        {
            foreach (var (path, changed) in Changed(property))
            {
                var differs = !OptionTexts.Of(new ConstrainedBinaryClassificationTrainer.Options()).OrderBy(one => one.Key)
                    .SequenceEqual(OptionTexts.Of(changed).OrderBy(one => one.Key));

                Assert.AreEqual(!Beside.Contains(property.Name), differs, path);
            }
        }
    }

    [TestMethod]
    public void Of_EqualOptions_AreTheSame() => CollectionAssert.AreEquivalent(
        OptionTexts.Of(Workout.OptionsOf("BinaryClassification: two constraints")).ToList(),
        OptionTexts.Of(Workout.OptionsOf("BinaryClassification: two constraints").Copy()).ToList());

    // The options with this one changed, or with each of its own.
    private static IEnumerable<(string Path, ConstrainedTrainerOptions Options)> Changed(PropertyInfo property)
    {
        var options = new ConstrainedBinaryClassificationTrainer.Options();
        if (Special(property.PropertyType) is { } special)
        {
            property.SetValue(options, special);
            yield return (property.Name, options);
        }
        else if (property.GetValue(options) is { } group && group.GetType().GetMethod("<Clone>$") is not null)
        {
            foreach (var own in group.GetType().GetProperties(All).Where(one => one.CanWrite))
            {
                var changed = new ConstrainedBinaryClassificationTrainer.Options();
                own.SetValue(property.GetValue(changed), Other(own.PropertyType, own.GetValue(group)));
                yield return ($"{property.Name}.{own.Name}", changed);
            }
        }
        else
        {
            property.SetValue(options, Other(property.PropertyType, property.GetValue(options)));
            yield return (property.Name, options);
        }
    }

    private static object? Special(Type type)
        => type == typeof(IReadOnlyList<FairnessConstraint>) ? new[] { Fairness.DemographicParity("Sex", 0.05) }
        : type == typeof(NetworkDefinition) ? Network.Linear()
        : type == typeof(DualOptimizerOptions) ? new NuPIOptions()
        : type == typeof(ICollective) ? new ThreadTeam(1).Members[0]
        : type == typeof(CheckpointOptions) ? new CheckpointOptions { Path = "x" }
        : type == typeof(PiecewiseLinearEncoding) ? new PiecewiseLinearEncoding { MaximumBins = 8 }
        : type == typeof(MoreauEnvelopeOptions) ? new MoreauEnvelopeOptions()
        : type == typeof(IReadOnlyDictionary<string, string>) ? new Dictionary<string, string> { ["a"] = "b" }
        : null;

    // What a static method of the type makes by itself.
    private static object? Made(Type type, object? value) => type.GetMethods(BindingFlags.Static | BindingFlags.Public)
        .Where(method => method.ReturnType == type && method.GetParameters().All(parameter => parameter.IsOptional))
        .Select(method => method.Invoke(null, [.. method.GetParameters().Select(parameter => parameter.DefaultValue)]))
        .FirstOrDefault(made => !Equals(made, value));

    private static object Other(Type type, object? value)
    {
        if (Special(type) is { } special)
            return special;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain == typeof(string) => value + "x",
            _ when plain == typeof(bool) => !(bool)(value ?? false),
            _ when plain == typeof(int) => (int)(value ?? 0) + 1,
            _ when plain == typeof(long) => (long)(value ?? 0L) + 1,
            _ when plain == typeof(double) => (double)(value ?? 0.0) + 0.25,
            _ when Made(plain, value) is { } made => made,
            { IsEnum: true } => Enum.GetValues(plain).Cast<object>().First(other => !other.Equals(value)),
            _ => throw new AssertFailedException($"Tell this test how to change a {type}."),
        };
    }
}
