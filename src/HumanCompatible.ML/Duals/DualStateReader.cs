namespace HumanCompatible.ML.Duals;

/// <summary>Reads named numbers and arrays of a state; what is missing or has a wrong length is reported, never guessed.</summary>
internal sealed class DualStateReader(Problems problems, IReadOnlyDictionary<string, double> values,
    IReadOnlyDictionary<string, double[]> arrays)
{
    private static readonly double[] Empty = [];

    public Problems Problems => problems;

    public double Value(string name)
    {
        if (values.TryGetValue(name, out var value))
            return value;
        problems.Add($"the value '{name}' is missing.");
        return double.NaN;
    }

    public bool Flag(string name)
    {
        var value = Value(name);
        if (!double.IsNaN(value) && value is not (0 or 1))
            problems.Add($"the value '{name}' is {Problems.Text(value)}; expected 0 or 1.");
        return value == 1;
    }

    public long Counter(string name)
    {
        var value = Value(name);
        if (value >= 0 && value <= 1L << 53 && value == Math.Floor(value))
            return (long)value;
        if (values.ContainsKey(name))
            problems.Add($"the value '{name}' is {Problems.Text(value)}; expected a whole number of at least 0.");
        return 0;
    }

    public TEnum Choice<TEnum>(string name)
        where TEnum : struct, Enum
    {
        var value = Value(name);
        var choice = Enum.GetValues<TEnum>().FirstOrDefault(candidate => Convert.ToInt32(candidate, null) == value);
        if (values.ContainsKey(name) && Convert.ToInt32(choice, null) != value)
        {
            problems.Add(
                $"the value '{name}' is {Problems.Text(value)}; expected the number of one of "
                + $"{string.Join(", ", Enum.GetNames<TEnum>())}.");
        }

        return choice;
    }

    /// <summary>A copy of the named array, which must hold <paramref name="length"/> finite numbers.</summary>
    public double[] Array(string name, int length)
    {
        if (!arrays.TryGetValue(name, out var array))
        {
            problems.Add($"the array '{name}' is missing.");
            return Empty;
        }

        if (array.Length != length)
        {
            problems.Add($"the array '{name}' has length {array.Length}; expected {length}.");
            return Empty;
        }

        var bad = System.Array.FindIndex(array, value => !double.IsFinite(value));
        if (bad >= 0)
            problems.Add($"element {bad} of the array '{name}' is {Problems.Text(array[bad])}; expected a finite number.");
        return [.. array];
    }

    /// <summary>Reports every element of the named array outside [lower, upper]; says nothing of an array that is missing.</summary>
    public void InRange(string name, double lower, double upper)
    {
        if (!arrays.TryGetValue(name, out var array))
            return;
        for (var j = 0; j < array.Length; j++)
        {
            if (array[j] < lower || array[j] > upper)
            {
                problems.Add(
                    $"element {j} of the array '{name}' is {Problems.Text(array[j])}; expected a number from "
                        + $"{Problems.Text(lower)} to {Problems.Text(upper)}.");
            }
        }
    }
}
