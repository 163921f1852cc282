using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Duals;

/// <summary>
/// Which dual optimizer a trainer uses and with which settings. A trainer takes a copy, so later changes do not reach it.
/// The text form (<see cref="ToJson"/>) names the optimizer by a word of a closed list, never by a type.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(InexactAugmentedLagrangianOptions), InexactAugmentedLagrangian.KindName)]
[JsonDerivedType(typeof(AugmentedLagrangianOptions), AugmentedLagrangian.KindName)]
[JsonDerivedType(typeof(NuPIOptions), NuPI.KindName)]
[JsonDerivedType(typeof(PenaltyBarrierOptions), PenaltyBarrier.KindName)]
[JsonDerivedType(typeof(SwitchingSubgradientOptions), SwitchingSubgradient.KindName)]
public abstract class DualOptimizerOptions
{
    private static readonly JsonSerializerOptions Format = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private protected DualOptimizerOptions()
    {
    }

    /// <summary>The optimizer's short name, the word that stands for it in the text form.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>When a trainer takes dual steps: a rule over the numbers of the epoch and the batch.</summary>
    /// <value>The default takes one after every batch.</value>
    [JsonIgnore]
    public DualSchedule Schedule { get; set; } = new();

    /// <summary>The settings as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="FormatException">The text is not such settings, names an unknown optimizer or an unknown setting, or a setting is
    /// out of its range.</exception>
    public static DualOptimizerOptions FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        DualOptimizerOptions? options;
        try
        {
            options = JsonSerializer.Deserialize<DualOptimizerOptions>(json, Format);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new FormatException($"The settings of a dual optimizer cannot be read: {exception.Message}", exception);
        }

        var problems = new List<string>();
        (options ?? throw new FormatException("The settings of a dual optimizer are null.")).Validate(problems);
        return problems.Count == 0 ? options : throw new FormatException(
            $"The settings of a dual optimizer are wrong: {string.Join(" ", problems)}");
    }

    /// <summary>A copy that shares nothing with this instance.</summary>
    internal virtual DualOptimizerOptions Clone() => (DualOptimizerOptions)MemberwiseClone();

    /// <summary>Adds one line per setting that is out of its range.</summary>
    internal abstract void Validate(ICollection<string> problems);

    /// <summary>Adds one line per way in which the declared groups do not suit these settings.</summary>
    internal virtual void ValidateGroups(IReadOnlyList<DualGroupDeclaration> groups, ICollection<string> problems)
    {
    }

    /// <summary>The optimizer for the declared groups, of which there is at least one; the settings are valid.</summary>
    /// <exception cref="ArgumentException">The groups do not suit the settings.</exception>
    internal DualOptimizer Create(IReadOnlyList<DualGroupDeclaration> groups, ScalarType dtype, Device? device)
    {
        var problems = new List<string>();
        ValidateGroups(groups, problems);
        return problems.Count == 0 ? CreateChecked(groups, dtype, device)
            : throw new ArgumentException(string.Join(" ", problems), nameof(groups));
    }

    private protected abstract DualOptimizer CreateChecked(IReadOnlyList<DualGroupDeclaration> groups, ScalarType dtype, Device? device);

    /// <summary>
    /// Reports a bad dual range or initial dual. The range must suit inequalities too, since the groups are not known yet.
    /// </summary>
    private protected static void ValidateDuals(Problems problems, (double Lower, double Upper) dualRange, double initialDual)
    {
        problems.DualRange(dualRange.Lower, dualRange.Upper, isInequality: true);
        problems.Finite("initialDual", initialDual);
    }

    /// <summary>The initial dual of a group, moved into its dual range.</summary>
    private protected static double[] InitialDuals(DualGroupDeclaration group, (double Lower, double Upper) dualRange,
        double initialDual) =>
        [Math.Clamp(initialDual, group.IsInequality ? Math.Max(dualRange.Lower, 0) : dualRange.Lower, dualRange.Upper)];
}
