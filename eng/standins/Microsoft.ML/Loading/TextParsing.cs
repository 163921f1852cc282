using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads one value from text. False: the text is not a value of the type; the value is then the type's missing or default value.</summary>
internal delegate bool TryParseText<T>(ReadOnlyMemory<char> text, out T value);

/// <summary>How text becomes values, for the text loader and for type conversion: ML.NET's own rules, not those of .NET.</summary>
internal static class TextParsing
{
    /// <summary>The parser for values of a column type.</summary>
    /// <param name="type">The type of the values.</param>
    /// <param name="decimalComma">Whether numbers have a decimal comma.</param>
    /// <param name="emptyIsMissing">Whether empty text is a missing real number, not zero.</param>
    public static TryParseText<T> For<T>(PrimitiveDataViewType type, bool decimalComma = false, bool emptyIsMissing = false)
    {
        if (type is KeyDataViewType key)
            return (TryParseText<T>)Generic.Invoke<Delegate>(KeyParser<uint>, key.RawType, key.Count);
        Delegate parser = Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Single => (TryParseText<float>)((ReadOnlyMemory<char> text, out float value) =>
            {
                var good = TryParseReal(text.Span, decimalComma, emptyIsMissing, out var real);
                value = (float)real;
                return good;
            }),
            TypeCode.Double => (TryParseText<double>)((ReadOnlyMemory<char> text, out double value) => TryParseReal(text.Span, decimalComma, emptyIsMissing, out value)),
            TypeCode.Boolean => (TryParseText<bool>)TryParseBoolean,
            TypeCode.SByte => Signed<sbyte>("sbyte"),
            TypeCode.Int16 => Signed<short>("short"),
            TypeCode.Int32 => Signed<int>("int"),
            TypeCode.Int64 => Signed<long>("long"),
            TypeCode.Byte => Unsigned<byte>(),
            TypeCode.UInt16 => Unsigned<ushort>(),
            TypeCode.UInt32 => Unsigned<uint>(),
            TypeCode.UInt64 => Unsigned<ulong>(),
            TypeCode.DateTime => (TryParseText<DateTime>)((ReadOnlyMemory<char> text, out DateTime value) => text.IsEmpty ? Empty(out value)
                : DateTime.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value)),
            _ when typeof(T) == typeof(ReadOnlyMemory<char>) => (TryParseText<ReadOnlyMemory<char>>)((ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value) =>
            {
                value = text;
                return true;
            }),
            _ when typeof(T) == typeof(TimeSpan) => (TryParseText<TimeSpan>)((ReadOnlyMemory<char> text, out TimeSpan value) => text.IsEmpty ? Empty(out value)
                : TimeSpan.TryParse(text.Span, CultureInfo.InvariantCulture, out value)),
            _ when typeof(T) == typeof(DateTimeOffset) => (TryParseText<DateTimeOffset>)((ReadOnlyMemory<char> text, out DateTimeOffset value) => text.IsEmpty ? Empty(out value)
                : DateTimeOffset.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value)),
            _ => throw Contracts.ExceptNotSupp($"Reading values of type {type} from text"),
        };
        return (TryParseText<T>)parser;
    }

    private static bool Empty<T>(out T value)
    {
        value = default;
        return true;
    }

    private static TryParseText<T> Signed<T>(string name)
        where T : struct, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T>
        => (ReadOnlyMemory<char> text, out T value) =>
        {
            value = default;
            if (text.IsEmpty)
                return true;
            // As in the original, a leading plus is not a number, and -129 is an overflow for sbyte while 128 is just not one.
            if (text.Span[0] == '+' || !long.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return false;
            if (number > long.CreateTruncating(T.MaxValue) || number < long.CreateTruncating(T.MinValue))
                return false;
            value = T.CreateTruncating(number);
            return true;
        };

    private static TryParseText<T> Unsigned<T>()
        where T : struct, System.Numerics.IBinaryInteger<T>
        => (ReadOnlyMemory<char> text, out T value) =>
        {
            var good = ulong.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && ulong.CreateTruncating(T.CreateTruncating(number)) == number;
            value = good ? T.CreateTruncating(number) : default;
            return good;
        };

    /// <summary>Keys count from zero in text and from one in memory; what is missing is zero in memory.</summary>
    private static TryParseText<T> KeyParser<T>(ulong count)
        where T : struct, System.Numerics.IBinaryInteger<T>
        => (ReadOnlyMemory<char> text, out T value) =>
        {
            value = default;
            if (text.IsEmpty || IsMissing(text.Span))
                return true;
            if (!ulong.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= count)
                return false;
            value = T.CreateTruncating(number + 1);
            return true;
        };

    private static bool IsMissing(ReadOnlySpan<char> text)
        => text is "?" || text.Equals("NA", StringComparison.OrdinalIgnoreCase) || text.Equals("N/A", StringComparison.OrdinalIgnoreCase) || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);

    private static bool TryParseReal(ReadOnlySpan<char> text, bool decimalComma, bool emptyIsMissing, out double value)
    {
        value = double.NaN;
        var trimmed = text.Trim();
        if (trimmed.IsEmpty)
        {
            value = emptyIsMissing ? double.NaN : 0;
            return true;
        }
        if (trimmed.Length == 1 && char.IsAsciiDigit(trimmed[0]))
        {
            value = trimmed[0] - '0';
            return true;
        }
        switch (trimmed)
        {
            case "Infinity" or "\u221E":
                value = double.PositiveInfinity;
                return true;
            case "-Infinity" or "-\u221E":
                value = double.NegativeInfinity;
                return true;
        }
        if (IsMissing(trimmed))
            return true;
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var format = decimalComma ? _decimalComma : NumberFormatInfo.InvariantInfo;
        // Words that .NET would read as numbers (infinity in any case) are not numbers here: a number holds a digit before any letter.
        if (trimmed.IndexOfAnyInRange('0', '9') is < 0 or > 2 || !double.TryParse(trimmed, Styles, format, out value))
        {
            value = double.NaN;
            return false;
        }
        return true;
    }

    private static readonly NumberFormatInfo _decimalComma = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = " " };

    private static bool TryParseBoolean(ReadOnlyMemory<char> text, out bool value)
    {
        var span = text.Span;
        Span<char> lower = stackalloc char[5];
        value = false;
        if (span.Length > lower.Length)
            return false;
        lower = lower[..span.ToLowerInvariant(lower)];
        value = lower is "t" or "y" or "1" or "+" or "+1" or "yes" or "true";
        return value || lower is "" or "f" or "n" or "0" or "-" or "no" or "-1" or "false";
    }
}
