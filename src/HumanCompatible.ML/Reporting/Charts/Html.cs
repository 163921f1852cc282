using System.Runtime.CompilerServices;
using System.Text;
using HumanCompatible.ML.Groups;

namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>
/// HTML or SVG. It is written as an interpolated string whose holes are escaped, unless they are HTML themselves: no name from the data can
/// become markup.
/// </summary>
internal sealed class Html
{
    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>Nothing.</summary>
    internal static Html Empty { get; } = new("");

    internal static Html Of(Handler markup) => new(markup.ToString());

    /// <summary>Markup of our own, as it stands; never text from the data.</summary>
    internal static Html Verbatim(string markup) => new(markup);

    internal static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts));

    public override string ToString() => _markup;

    private static void Escape(StringBuilder markup, string text)
    {
        foreach (var sign in ShownName.Safe(text))
        {
            switch (sign)
            {
                case '&': markup.Append("&amp;"); break;
                case '<': markup.Append("&lt;"); break;
                case '>': markup.Append("&gt;"); break;
                case '"': markup.Append("&quot;"); break;
                case '\'': markup.Append("&#39;"); break;
                default: markup.Append(sign); break;
            }
        }
    }

    /// <summary>What the compiler makes of the interpolated string.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Handler
    {
        private readonly StringBuilder _markup;

        public Handler(int literalLength, int formattedCount) => _markup = new(literalLength + 16 * formattedCount);

        public void AppendLiteral(string markup) => _markup.Append(markup);

        public void AppendFormatted(string? text) => Escape(_markup, text ?? "");

        public void AppendFormatted(Html html) => _markup.Append(html);

        public void AppendFormatted(IEnumerable<Html> parts) => _markup.AppendJoin("", parts);

        public void AppendFormatted(int number) => _markup.Append(Numbers.Count(number));

        /// <summary>A coordinate.</summary>
        public void AppendFormatted(double coordinate) => _markup.Append(Numbers.Coordinate(coordinate));

        public override string ToString() => _markup.ToString();
    }
}
