using System.Collections;
using System.Globalization;
using System.Text;

namespace HumanCompatible.ML;

/// <summary>
/// A record as the text that the compiler would write, but with the numbers of the invariant culture whatever that of the thread, and with
/// the items of lists in the place of the name of their type.
/// </summary>
internal static class RecordText
{
    /// <param name="record">The record.</param>
    /// <param name="printMembers">Its PrintMembers.</param>
    internal static string Of(object record, Func<StringBuilder, bool> printMembers)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var text = new StringBuilder(record.GetType().Name).Append(" { ");
            if (printMembers(text))
                text.Append(' ');
            List(record, text);
            return text.Append('}').ToString();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static void List(object record, StringBuilder text)
    {
        foreach (var property in record.GetType().GetProperties().Where(one => one.PropertyType != typeof(string)
            && one.GetIndexParameters().Length == 0 && one.PropertyType.IsAssignableTo(typeof(IEnumerable))))
        {
            if (property.GetValue(record) is IEnumerable list && list.ToString() is { } type && type == list.GetType().ToString())
                text.Replace($"{property.Name} = {type}", $"{property.Name} = [{string.Join(", ", list.Cast<object>())}]");
        }
    }
}
