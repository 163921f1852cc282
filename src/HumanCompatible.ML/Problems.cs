using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HumanCompatible.ML;

/// <summary>Collects everything wrong with a set of settings, so that one message reports all of it.</summary>
internal sealed class Problems(ICollection<string> problems, string subject = "", bool asProperties = false)
{
    public Problems(string subject = "")
        : this(new List<string>(), subject)
    {
    }

    public int Count => problems.Count;

    /// <summary>The same collection, its new entries headed by a subject.</summary>
    public Problems For(string newSubject) => new(problems, newSubject, asProperties);

    public void Add(string problem) => problems.Add(subject.Length == 0 ? problem : $"{subject}: {problem}");

    public void NotNegative(string name, double value)
        => Require(double.IsFinite(value) && value >= 0, name, value, "a finite number of at least 0");

    public void NotNegativeOrInfinite(string name, double value) => Require(value >= 0, name, value, "at least 0 (infinity is allowed)");

    public void Positive(string name, double value) => Require(double.IsFinite(value) && value > 0, name, value, "a finite number above 0");

    public void Finite(string name, double value) => Require(double.IsFinite(value), name, value, "a finite number");

    public void UnitInterval(string name, double value) => Require(value is >= 0 and <= 1, name, value, "a number from 0 to 1");

    public void Defined<TEnum>(string name, TEnum value)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            Add($"{Spell(name)} is {value}; expected one of {string.Join(", ", Enum.GetNames<TEnum>())}.");
    }

    /// <summary>A range of duals: ordered, and not wholly negative where the group holds inequalities.</summary>
    public void DualRange(double lower, double upper, bool isInequality)
    {
        var range = $"{(asProperties ? "DualLowerBound to DualUpperBound" : "dualRange")} is [{Text(lower)}, {Text(upper)}]";
        if (!(lower <= upper))
            Add($"{range}; expected lower <= upper, neither NaN.");
        else if (double.IsPositiveInfinity(lower) || double.IsNegativeInfinity(upper))
            Add($"{range}; expected a range that holds finite numbers.");
        else if (isInequality && upper < 0)
            Add($"{range}; expected an upper end of at least 0, the duals of inequality constraints being nonnegative.");
    }

    public void Require(bool holds, string name, double value, string expected)
    {
        if (!holds)
            Add($"{Spell(name)} is {Text(value)}; expected {expected}.");
    }

    public void ThrowIfAny(string owner)
    {
        if (problems.Count == 0)
            return;
        var headline = problems.Count == 1 ? $"{owner}: 1 problem." : $"{owner}: {problems.Count} problems.";
        throw new ArgumentException(string.Join(Environment.NewLine, problems.Select(problem => "- " + problem).Prepend(headline)));
    }

    /// <summary>"name must be expected, got value."</summary>
    public void Check(bool holds, string name, double value, string expected)
    {
        if (!holds)
            Add($"{name} must be {expected}, got {Text(value)}.");
    }

    /// <summary>A count that is large enough, or null.</summary>
    public void AtLeast(string name, int? value, int least) => Check(!(value < least), name, value ?? 0, $"at least {least}");

    /// <summary>A number that an optimizer may be given, such as a step size or a weight.</summary>
    public void NotNegativeAndFinite(string name, double value)
        => Check(value >= 0 && double.IsFinite(value), name, value, "at least 0 and finite");

    /// <summary>A member of an enumeration, of all or of the allowed ones.</summary>
    public void OneOf<TEnum>(string name, TEnum value, params TEnum[] allowed)
        where TEnum : struct, Enum
    {
        var members = allowed.Length == 0 ? Enum.GetValues<TEnum>() : allowed;
        if (!members.Contains(value))
            Add($"{name} must be one of {string.Join(", ", members)}, got {value}.");
    }

    /// <summary>True where there is something to look at further.</summary>
    public bool NotNull(string name, [NotNullWhen(true)] object? value)
    {
        if (value is null)
            Add($"{name} must not be null.");
        return value is not null;
    }

    public void ColumnName(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            Add($"{name} must be the name of a column, got {Quote(value)}.");
    }

    public void ThrowIfAny(string headline, string parameterName)
    {
        if (problems.Count > 0)
        {
            throw new ArgumentException(headline + ":" + string.Concat(problems.Select(problem => $"{Environment.NewLine}- {problem}")),
                parameterName);
        }
    }

    public static string Quote(string? value) => value is null ? "null" : $"'{value}'";

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private string Spell(string name) => asProperties ? char.ToUpperInvariant(name[0]) + name[1..] : name;
}
