using System.Globalization;
using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The standard conversions between values of primitive types.</summary>
internal static class ValueConversion
{
    private static readonly Type[] _signed = [typeof(sbyte), typeof(short), typeof(int), typeof(long)];
    private static readonly Type[] _unsigned = [typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];
    private static readonly Type[] _reals = [typeof(float), typeof(double)];

    /// <summary>Whether there is a standard conversion.</summary>
    public static bool Exists(DataViewType source, DataViewType target)
    {
        if (source is KeyDataViewType key)
            return target is KeyDataViewType other ? key.Count == other.Count : KeyDataViewType.IsValidDataType(target.RawType);
        if (target is KeyDataViewType)
            return source is TextDataViewType;
        var (from, to) = (source.RawType, target.RawType);
        if (from == to || source is TextDataViewType || target is TextDataViewType)
            return true;
        if (source is BooleanDataViewType)
            return _signed.Contains(to) || _reals.Contains(to);
        if (source is not NumberDataViewType)
            return false;
        return target is BooleanDataViewType || _reals.Contains(to) || (_signed.Contains(from) && _signed.Contains(to)) || (_unsigned.Contains(from) && _unsigned.Contains(to));
    }

    /// <summary>The conversion from one column type to another; it must exist.</summary>
    public static Func<TSource, TTarget> Between<TSource, TTarget>(PrimitiveDataViewType source, PrimitiveDataViewType target)
    {
        if (!Exists(source, target))
            throw Contracts.Except($"No standard conversion from '{source}' to '{target}'");
        if (typeof(TSource) == typeof(TTarget))
            return value => (TTarget)(object)value;
        if (source is TextDataViewType)
            return (Func<TSource, TTarget>)(object)FromText<TTarget>(target);
        if (target is TextDataViewType)
            return (Func<TSource, TTarget>)(object)ToText<TSource>();
        if (source is BooleanDataViewType)
            return (Func<TSource, TTarget>)Generic.Invoke<Delegate>(FromBoolean<int>, typeof(TTarget));
        if (target is BooleanDataViewType)
            return (Func<TSource, TTarget>)Generic.Invoke<Delegate>(ToBoolean<int>, typeof(TSource));
        var cast = new Func<Delegate>(Cast<int, int>).Method.GetGenericMethodDefinition().MakeGenericMethod(typeof(TSource), typeof(TTarget));
        return (Func<TSource, TTarget>)cast.Invoke(null, null);
    }

    /// <summary>The text of a value, in ML.NET's format.</summary>
    public static Func<T, ReadOnlyMemory<char>> ToText<T>() => value => value switch
    {
        float real => real.ToString("G7", CultureInfo.InvariantCulture).AsMemory(),
        double real => real.ToString("G17", CultureInfo.InvariantCulture).AsMemory(),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture).AsMemory(),
        DateTime or DateTimeOffset => ((IFormattable)value).ToString("o", CultureInfo.InvariantCulture).AsMemory(),
        ReadOnlyMemory<char> text => text,
        _ => value.ToString().AsMemory(),
    };

    private static Func<ReadOnlyMemory<char>, T> FromText<T>(PrimitiveDataViewType target)
    {
        var parse = TextParsing.For<T>(target);
        // What is no number is missing or zero, but for signed integers, which have neither.
        var mustParse = _signed.Contains(typeof(T)) && target is not KeyDataViewType;
        return text => parse(text, out var value) || !mustParse
            ? value
            : throw Contracts.Except($"Value could not be parsed from text to {typeof(T) switch { var t when t == typeof(sbyte) => "sbyte", var t when t == typeof(short) => "short", var t when t == typeof(int) => "int", _ => "long" }}.");
    }

    private static Delegate FromBoolean<T>()
        where T : INumberBase<T>
        => (Func<bool, T>)(value => value ? T.One : T.Zero);

    private static Delegate ToBoolean<T>()
        where T : INumberBase<T>
        => (Func<T, bool>)(value => !T.IsZero(value));

    private static Delegate Cast<TSource, TTarget>()
        where TSource : INumberBase<TSource>
        where TTarget : INumberBase<TTarget>
        => (Func<TSource, TTarget>)TTarget.CreateTruncating;
}
