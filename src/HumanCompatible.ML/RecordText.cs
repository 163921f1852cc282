using System.Globalization;
using System.Text;

namespace HumanCompatible.ML;

/// <summary>
/// A record as the text that the compiler would write, but with the numbers of the invariant culture whatever that of the thread.
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
            return text.Append('}').ToString();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
