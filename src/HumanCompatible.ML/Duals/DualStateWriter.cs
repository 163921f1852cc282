namespace HumanCompatible.ML.Duals;

/// <summary>Collects named numbers and arrays of a state; arrays are copied.</summary>
internal sealed class DualStateWriter
{
    public Dictionary<string, double> Values { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, double[]> Arrays { get; } = new(StringComparer.Ordinal);

    public void Value(string name, double value) => Values.Add(name, value);

    public void Flag(string name, bool value) => Values.Add(name, value ? 1 : 0);

    public void Choice<TEnum>(string name, TEnum value)
        where TEnum : struct, Enum => Values.Add(name, Convert.ToInt32(value, null));

    public void Array(string name, ReadOnlySpan<double> values) => Arrays.Add(name, values.ToArray());
}
