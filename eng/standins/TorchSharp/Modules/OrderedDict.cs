using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Values by name, in the order in which the names came.</summary>
internal sealed class OrderedDict<TValue> : IEnumerable<(string Name, TValue Value)>
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, TValue> values = [];

    public TValue this[string name]
    {
        get => values[name];
        set
        {
            if (!values.ContainsKey(name)) names.Add(name);
            values[name] = value;
        }
    }

    public bool ContainsKey(string name) => values.ContainsKey(name);

    public bool TryAdd(string name, TValue value)
    {
        if (!values.TryAdd(name, value)) return false;
        names.Add(name);
        return true;
    }

    public void Remove(string name)
    {
        if (values.Remove(name)) names.Remove(name);
    }

    public IEnumerator<(string Name, TValue Value)> GetEnumerator()
    {
        foreach (var name in names) yield return (name, values[name]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
