using System.Globalization;
using HumanCompatible.ML.Trainers;

namespace HumanCompatible.ML.Experiments;

/// <summary>
/// A setting that an experiment varies: a name, its values, and how a value enters the options of a trainer. Immutable.
/// </summary>
public sealed class SearchParameter
{
    private readonly Func<double, (string Text, Action<ConstrainedTrainerOptions> Apply)> _at;
    private readonly Func<double, double> _placeOf;

    private SearchParameter(string name, string range, int? choices,
        Func<double, (string Text, Action<ConstrainedTrainerOptions> Apply)> at, Func<double, double> placeOf)
        => (Name, Range, Choices, _at, _placeOf) = (name, range, choices, at, placeOf);

    /// <summary>The name, each only once in a search space.</summary>
    public string Name { get; }

    /// <summary>The values in words, such as <c>0.0005 to 0.006, logarithmic</c>.</summary>
    public string Range { get; }

    /// <summary>How many values there are without order; null where they are ordered.</summary>
    internal int? Choices { get; }

    /// <summary>The places of the values that are known to be good, in the order in which they are tried.</summary>
    internal IReadOnlyList<double> Starts { get; private init; } = [];

    /// <summary>The same parameter, of which some values are tried first.</summary>
    /// <param name="values">The values, of choices their numbers from 0.</param>
    internal SearchParameter StartingAt(params IReadOnlyList<double> values)
        => new(Name, Range, Choices, _at, _placeOf) { Starts = [.. values.Select(_placeOf)] };

    /// <summary>A number between two others.</summary>
    /// <param name="name">The name.</param>
    /// <param name="minimum">The least value.</param>
    /// <param name="maximum">The largest value, above the least.</param>
    /// <param name="apply">Sets a value in the options.</param>
    /// <param name="isLogarithmic">Whether every factor, not every difference, is searched alike; the least value is then above 0.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">The name is empty or the range is none.</exception>
    public static SearchParameter Number(string name, double minimum, double maximum, Action<ConstrainedTrainerOptions, double> apply,
        bool isLogarithmic = false)
    {
        Check(name, minimum, maximum, isLogarithmic);
        ArgumentNullException.ThrowIfNull(apply);
        return new(name, RangeOf(minimum, maximum, isLogarithmic), null, unit =>
        {
            var value = Between(minimum, maximum, isLogarithmic, unit);
            return (value.ToString("G6", CultureInfo.InvariantCulture), options => apply(options, value));
        }, value => PlaceOf(value, minimum, maximum, isLogarithmic));
    }

    /// <summary>A whole number between two others, both included.</summary>
    /// <inheritdoc cref="Number" path="/param"/>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">The name is empty or the range is none.</exception>
    public static SearchParameter WholeNumber(string name, int minimum, int maximum, Action<ConstrainedTrainerOptions, int> apply,
        bool isLogarithmic = false)
    {
        Check(name, minimum, maximum, isLogarithmic);
        ArgumentNullException.ThrowIfNull(apply);
        return new(name, RangeOf(minimum, maximum, isLogarithmic), null, unit =>
        {
            var value = Math.Clamp((int)Math.Floor(Between(minimum, (double)maximum + 1, isLogarithmic, unit)), minimum, maximum);
            return (value.ToString(CultureInfo.InvariantCulture), options => apply(options, value));
        }, value => PlaceOf(value + 0.5, minimum, (double)maximum + 1, isLogarithmic));
    }

    /// <summary>One of several values without order, such as networks.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="values">At least one value.</param>
    /// <param name="apply">Sets a value in the options.</param>
    /// <param name="text">What a value is called; null for its own text.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">The name is empty or there is no value.</exception>
    public static SearchParameter Choice<T>(string name, IReadOnlyList<T> values, Action<ConstrainedTrainerOptions, T> apply,
        Func<T, string>? text = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(apply);
        T[] all = [.. values];
        if (all.Length == 0)
            throw new ArgumentException($"{name}: at least one value is needed.", nameof(values));
        string[] texts = [.. all.Select(value => text?.Invoke(value) ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
        return new(name, string.Join(" | ", texts), all.Length, unit =>
        {
            var index = Math.Min((int)(unit * all.Length), all.Length - 1);
            return (texts[index], options => apply(options, all[index]));
        }, index => (index + 0.5) / all.Length);
    }

    /// <summary>The name and the values.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {Range}";

    /// <summary>The value at a place of the unit interval, and what sets it.</summary>
    internal (string Text, Action<ConstrainedTrainerOptions> Apply) At(double unit) => _at(unit);

    private static double Between(double minimum, double maximum, bool isLogarithmic, double unit) => isLogarithmic
        ? minimum * Math.Pow(maximum / minimum, unit) : minimum + (unit * (maximum - minimum));

    // The other way round; within the unit interval, whose end is no place.
    private static double PlaceOf(double value, double minimum, double maximum, bool isLogarithmic) => Math.Clamp(isLogarithmic
        ? Math.Log(value / minimum) / Math.Log(maximum / minimum) : (value - minimum) / (maximum - minimum), 0, Math.BitDecrement(1.0));

    private static string RangeOf(double minimum, double maximum, bool isLogarithmic)
        => string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}{(isLogarithmic ? ", logarithmic" : "")}");

    private static void Check(string name, double minimum, double maximum, bool isLogarithmic)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!double.IsFinite(minimum) || !double.IsFinite(maximum) || minimum >= maximum || (isLogarithmic && minimum <= 0))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{name}: the least value must be {(isLogarithmic ? "above 0 and " : "")}below the largest, got {minimum} and {maximum}."),
                nameof(minimum));
        }
    }
}
