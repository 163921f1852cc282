// What the library uses of .NET 9 and 10 and .NET 8 lacks; compiled into the net8.0 build only.

using System.Diagnostics.CodeAnalysis;

namespace System.Runtime.CompilerServices
{
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property)]
    internal sealed class OverloadResolutionPriorityAttribute(int priority) : Attribute
    {
        public int Priority { get; } = priority;
    }
}

namespace HumanCompatible.ML
{
    internal static class Net8
    {
        extension(Convert)
        {
            public static string ToHexStringLower(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
        }

        extension<T>(IEnumerable<T> items)
        {
            public IEnumerable<(int Index, T Item)> Index() => items.Select((item, index) => (index, item));
        }
    }

    /// <summary>Keeps the order in which entries are added; none is ever removed, and then .NET 8's dictionary does.</summary>
    [SuppressMessage("Design", "CA1010", Justification = "It is a dictionary.")]
    internal sealed class OrderedDictionary<TKey, TValue> : Dictionary<TKey, TValue>
        where TKey : notnull;
}
