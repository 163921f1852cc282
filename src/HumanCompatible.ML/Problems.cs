using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HumanCompatible.ML;

/// <summary>
/// Collects everything wrong with a set of values, so that one message reports all of it. Every problem reads "X must be Y, got Z."
/// </summary>
/// <param name="problems">Where the problems go.</param>
/// <param name="head">What the problems reported here begin with; empty for nothing.</param>
internal sealed class Problems(ICollection<string> problems, string head = "")
{
    /// <summary>
    /// Networks compute in Single, whose largest number is 3e38: this is the largest number whose square is well within.
    /// </summary>
    internal const double Largest = 1e15;

    /// <summary>The same in words.</summary>
    internal const string LargestText = "1e15";

    public Problems()
        : this([])
    {
    }

    public int Count => problems.Count;

    /// <summary>The same collection, its new entries headed by a subject.</summary>
    public Problems For(string subject) => new(problems, subject + ": ");

    /// <summary>The same collection, its new entries about the members of a property: "Groups.MinimumSize must be ...".</summary>
    public Problems Of(string property) => new(problems, $"{head}{property}.");

    /// <summary>A problem in words of its own, which begin with the name of a value.</summary>
    public void Add(string problem) => problems.Add(head + problem);

    public void NotNegative(string name, double value)
        => Require(value is >= 0 and <= Largest, name, value, $"at least 0 and {End(value)}");

    public void NotNegativeOrInfinite(string name, double value) => Require(value >= 0, name, value, "at least 0, infinity allowed");

    public void Positive(string name, double value) => Require(value is > 0 and <= Largest, name, value, $"above 0 and {End(value)}");

    public void UnitInterval(string name, double value) => Require(value is >= 0 and <= 1, name, value, "from 0 to 1");

    /// <summary>A count that is large enough, or null.</summary>
    public void AtLeast(string name, long? value, long least) => Require(!(value < least), name, value ?? 0, $"at least {Text(least)}");

    /// <summary>"name must be expected, got value."</summary>
    public void Require(bool holds, string name, double value, string expected)
    {
        if (!holds)
            Add($"{name} must be {expected}, got {Text(value)}.");
    }

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

    /// <summary>The path of a folder, there or not, or null.</summary>
    /// <returns>Whether it is that.</returns>
    public bool Folder(string name, string? path)
    {
        if (path is null || !(string.IsNullOrWhiteSpace(path) || path.Contains('\0') || File.Exists(path)))
            return true;
        Add($"{name} must be the path of a folder, got {Quote(path)}.");
        return false;
    }

    /// <summary>Throws one exception that lists all problems, where there are any.</summary>
    public void ThrowIfAny(string owner)
    {
        if (problems.Count > 0)
            throw new ArgumentException($"{owner}: {problems.Count} problem{(problems.Count == 1 ? "" : "s")}." + List());
    }

    /// <inheritdoc cref="ThrowIfAny(string)"/>
    public void ThrowIfAny(string headline, string parameterName)
    {
        if (problems.Count > 0)
            throw new ArgumentException(headline + ":" + List(), parameterName);
    }

    public static string Quote(string? value) => value is null ? "null" : $"'{value}'";

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>What is said of the upper end of a range to a value that is out of it.</summary>
    internal static string End(double value)
        => double.IsFinite(value) && Math.Abs(value) > Largest ? $"at most {LargestText}" : "finite";

    private string List() => string.Concat(problems.Select(problem => $"{Environment.NewLine}- {problem}"));
}
