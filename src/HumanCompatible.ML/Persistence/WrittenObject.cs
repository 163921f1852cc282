using System.Globalization;
using System.Text.Json;

namespace HumanCompatible.ML.Persistence;

/// <summary>
/// The members of a JSON object in the order in which <see cref="ModelJson.Write"/> writes them. The serializer makes .NET compile code for
/// every type that it reads, which takes half of the time in which the first model of a process loads; its source generator makes it
/// compile more. What is just as it was written is read without it. All else is left to it: to take it, or to say what is wrong.
/// </summary>
internal sealed class WrittenObject
{
    private JsonElement.ObjectEnumerator _members;
    private bool _isThere;

    private WrittenObject(JsonElement json)
    {
        _members = json.EnumerateObject();
        _isThere = _members.MoveNext();
    }

    /// <summary>What a reader makes of a text; null where it is not as it was written.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="read">Reads it. Of what differs it throws an exception.</param>
    internal static T? TryRead<T>(byte[] utf8, Func<JsonElement, T> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException
            or OverflowException)
        {
            return null;
        }
    }

    /// <summary>An object, of which every member must be taken.</summary>
    internal static T Of<T>(JsonElement json, Func<WrittenObject, T> read)
        where T : class
    {
        var members = new WrittenObject(json);
        var value = read(members);
        Require(!members._isThere);
        return value;
    }

    /// <summary>A list of objects.</summary>
    internal static List<T> ListOf<T>(JsonElement json, Func<WrittenObject, T> read)
        where T : class
    {
        var list = new List<T>(json.GetArrayLength());
        foreach (var item in json.EnumerateArray())
            list.Add(Of(item, read));
        return list;
    }

    /// <summary>Gives up where something is not as it was written.</summary>
    internal static void Require(bool isAsWritten)
    {
        if (!isAsWritten)
            throw new InvalidOperationException("It is not as it was written.");
    }

    /// <summary>Whether the next member has this name.</summary>
    internal bool Has(string name) => _isThere && _members.Current.NameEquals(name);

    internal T Object<T>(string name, Func<WrittenObject, T> read)
        where T : class => Of(Take(name), read);

    internal List<T> List<T>(string name, Func<WrittenObject, T> read)
        where T : class => ListOf(Take(name), read);

    /// <summary>An object whose members have names of their own.</summary>
    internal Dictionary<string, T> Map<T>(string name, Func<JsonElement, T> read)
        where T : class
    {
        var map = new Dictionary<string, T>();
        foreach (var member in Take(name).EnumerateObject())
            Require(map.TryAdd(member.Name, read(member.Value)));
        return map;
    }

    internal string Text(string name) => TextOf(Take(name));

    internal string? TextOrNull(string name) => Has(name) ? Text(name) : null;

    internal string[] Texts(string name)
    {
        var json = Take(name);
        var texts = new string[json.GetArrayLength()];
        for (var index = 0; index < texts.Length; index++)
            texts[index] = TextOf(json[index]);
        return texts;
    }

    /// <summary>A word of a closed list.</summary>
    internal TEnum Word<TEnum>(string name)
        where TEnum : struct, Enum
    {
        var type = typeof(TEnum); // what is generic is compiled for each
        return (TEnum)Enum.Parse(type, MemberOf(Enum.GetNames(type), Text(name)));
    }

    internal bool Flag(string name) => Take(name).GetBoolean();

    internal bool? FlagOrNull(string name) => Has(name) ? Flag(name) : null;

    internal int Integer(string name) => checked((int)Long(name));

    internal long Long(string name)
    {
        var json = Take(name);
        var value = json.GetInt64();
        Require(value.ToString(CultureInfo.InvariantCulture) == json.GetRawText());
        return value;
    }

    internal double Number(string name) => NumberOf(Take(name));

    internal double? NumberOrNull(string name) => Has(name) ? Number(name) : null;

    internal double[] Numbers(string name)
    {
        var json = Take(name);
        var numbers = new double[json.GetArrayLength()];
        for (var index = 0; index < numbers.Length; index++)
            numbers[index] = NumberOf(json[index]);
        return numbers;
    }

    private static string MemberOf(IEnumerable<string> names, string word)
    {
        foreach (var name in names)
        {
            if (JsonNamingPolicy.CamelCase.ConvertName(name) == word)
                return name;
        }

        throw new InvalidOperationException($"'{word}' is none of the words.");
    }

    internal static string TextOf(JsonElement json) => json.GetString() ?? throw new InvalidOperationException("It is null.");

    // Another text of the same number is refused by the serializer, where the number that it reads is written otherwise.
    private static double NumberOf(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            return json.GetString() switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                _ => throw new InvalidOperationException("It is no number."),
            };
        }

        var value = json.GetDouble();
        Require(value.ToString(CultureInfo.InvariantCulture) == json.GetRawText());
        return value;
    }

    internal JsonElement Take(string name)
    {
        Require(Has(name));
        var value = _members.Current.Value;
        _isThere = _members.MoveNext();
        return value;
    }
}
