using System.Globalization;
using System.Text.RegularExpressions;
using HumanCompatible.ML.Reporting;

namespace HumanCompatible.ML.Tests.Reporting;

/// <summary>WCAG 2.1 AA: text has a contrast of 4.5 to what is behind it, shapes of 3.</summary>
[TestClass]
public sealed partial class ReportColorTests
{
    private static readonly Dictionary<string, string>[] Themes = ReadThemes();

    [TestMethod]
    [DataRow(0, DisplayName = "light")]
    [DataRow(1, DisplayName = "dark")]
    [DataRow(2, DisplayName = "print")]
    public void Style_Colors_CanBeTold(int theme)
    {
        var colors = Themes[theme];
        foreach (var (text, behind) in new[]
        {
            ("text", "page"), ("text", "panel"), ("soft", "page"), ("soft", "panel"), ("link", "page"),
            ("kept", "kept-back"), ("missed", "missed-back"), ("unknown", "unknown-back"), ("text", "kept-back"), ("text", "missed-back"),
            ("text", "unknown-back"),
        })
        {
            Assert.IsGreaterThanOrEqualTo(4.5, Contrast(colors[text], colors[behind]), $"{text} on {behind}");
        }

        foreach (var shape in colors.Keys.Where(name => name is "bar" or ['c', _]))
            Assert.IsGreaterThanOrEqualTo(3, Contrast(colors[shape], colors["page"]), shape);
    }

    [TestMethod]
    public void Contrast_BlackOnWhite_Is21() => Assert.AreEqual(21, Contrast("#000", "#ffffff"), 1e-9);

    private static Dictionary<string, string>[] ReadThemes()
    {
        using var stream = typeof(FairnessReportOptions).Assembly.GetManifestResourceStream("HumanCompatible.ML.Reporting.report.css")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split(":root").Skip(1).Select(theme => Color().Matches(theme)
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value))];
    }

    private static double Contrast(string one, string other)
    {
        double[] both = [Luminance(one), Luminance(other)];
        return (both.Max() + 0.05) / (both.Min() + 0.05);
    }

    private static double Luminance(string color)
    {
        var digits = color.Length == 4 ? string.Concat(color.Skip(1).Select(digit => $"{digit}{digit}")) : color[1..];
        double[] parts = [.. digits.Chunk(2).Select(pair => int.Parse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(part => part <= 0.03928 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }

    [GeneratedRegex("--([a-z0-9-]+): (#[0-9a-f]{3,6})")]
    private static partial Regex Color();
}
