using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which values are missing: not-a-number, and the key zero. Integers, booleans and text have no missing value.</summary>
internal static class MissingValues
{
    /// <summary>The test for missing values of a type; null where the type has none.</summary>
    public static Predicate<T> TestOrNull<T>(DataViewType itemType)
    {
        if (itemType is KeyDataViewType)
            return value => EqualityComparer<T>.Default.Equals(value, default);
        Delegate test = typeof(T) == typeof(float) ? (Predicate<float>)float.IsNaN : typeof(T) == typeof(double) ? (Predicate<double>)double.IsNaN : null;
        return (Predicate<T>)test;
    }

    public static bool Exist(DataViewType itemType) => itemType is KeyDataViewType || itemType.RawType == typeof(float) || itemType.RawType == typeof(double);

    /// <summary>The value that stands for a missing one: not-a-number where there is one, else the default.</summary>
    public static T ValueOrDefault<T>() => typeof(T) == typeof(float) ? (T)(object)float.NaN : typeof(T) == typeof(double) ? (T)(object)double.NaN : default;
}
