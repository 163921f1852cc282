using HumanCompatible.ML.Reporting.Charts;
using HumanCompatible.ML.Reporting.Sections;
using HumanCompatible.ML.Training;

namespace HumanCompatible.ML.Reporting;

/// <summary>The page: one file, its style in it, no script, nothing to load.</summary>
internal static class ReportPage
{
    internal static Html Of(ReportContent content)
    {
        (string Id, string Title, Html Body)[] sections =
        [
            ("outcome", "What was promised, and what was achieved", OutcomeSection.Of(content)),
            ("data", "On which data", DataSection.Of(content)),
            ("groups", "How the groups fare", GroupSection.Of(content)),
            ("scores", "What the scores tell", ScoreSection.Of(content)),
            ("residuals", "How far predictions are off", ResidualSection.Of(content)),
            ("price", "What fairness costs: models compared", TradeOffSection.Of(content)),
            ("drivers", "What drives the score", DriverSection.Of(content)),
            ("training", "How the model was trained", TrainingSection.Of(content)),
            ("words", "What the words mean", GlossarySection.Of(content)),
        ];
        var shown = sections.Where(section => section.Body.ToString().Length > 0).ToList();
        string title = Short(content.Options.Title), model = Short(content.Options.ModelName);
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="referrer" content="no-referrer" />
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:" />
            <link rel="icon" href="data:," />
            <title>{title}: {model}</title>
            <style>{Style}</style>
            </head>
            <body>
            <a class="skip" href="#outcome">To the outcome</a>
            <header><h1>{title}</h1><p class="lead"><strong>{model}</strong>{(content.Options.DataName is { } data
                ? Html.Of($", on {Short(data)}") : Html.Empty)}</p>{OutcomeSection.Lead(content)}</header>
            <nav aria-label="Parts of this report"><ul>{shown.Select(section
                => Html.Of($"""<li><a href="#{section.Id}">{section.Title}</a></li>"""))}</ul></nav>
            <main>
            {shown.Select(section => Html.Of($"""
                <section id="{section.Id}" aria-labelledby="{section.Id}-title"><h2 id="{section.Id}-title">{section.Title}</h2>
                {section.Body}</section>

                """))}</main>
            <footer><p>Made with {ModelOrigin.ThisLibrary} on {Date(content.Date)}.
            This page is one file; it loads nothing and sends nothing.</p></footer>
            </body>
            </html>

            """);
    }

    private static string Short(string text) => Figure.Short(text, 200);

    internal static string Date(DateTimeOffset date)
        => date.ToUniversalTime().ToString("d MMMM yyyy, HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);

    private static Html Style { get; } = ReadStyle();

    private static Html ReadStyle()
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("HumanCompatible.ML.Reporting.report.css")!;
        using var reader = new StreamReader(stream);
        return Html.Verbatim(reader.ReadToEnd());
    }
}
