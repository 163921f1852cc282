using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Experiments;

namespace HumanCompatible.ML.Tests.Experiments.Pages;

/// <summary>Experiments, trade-offs and comparisons as pages.</summary>
[TestClass]
public sealed class ExperimentPageTests
{
    [TestMethod]
    public void SaveReport_AnExperiment_HasChoiceRunsAndTheAuditOfTheChosenModel()
    {
        var result = SamplePages.Experiment.Value;
        var page = Parse(SamplePages.Saved(path => result.SaveReport(path)));

        CollectionAssert.AreEqual(new[] { "choice", "runs", "outcome", "data", "groups", "scores", "training", "words" }, Sections(page));
        var text = Condensed(page.Root!.Value);
        Assert.Contains(Condensed(result.Choice), text);
        Assert.Contains($"It was tested once, on {result.Test!.Rows} rows that chose nothing.", text);
        var finalists = Rows(page, "Finalists on the judging rows");
        CollectionAssert.AreEqual(result.RunDetails.Where(run => run.IsFinalist).Select(run => $"Run {run.Number}").ToArray(),
            finalists.Select(row => row[0]).ToArray());
        Assert.AreEqual($"Run {result.BestRun.Number}", finalists.Single(row => row[^1] == "chosen")[0]);
        Assert.AreEqual(result.BestRun.JudgedMetrics!["Accuracy"].ToString("0.0000", CultureInfo.InvariantCulture),
            finalists.Single(row => row[^1] == "chosen")[1]);
        CollectionAssert.AreEqual(result.RunDetails.Select(run => $"Run {run.Number}").ToArray(),
            Rows(page, "All runs").Select(row => row[0]).ToArray());

        // The verdicts of the page are those of the final test.
        var badges = page.Descendants("span").Where(span => (string?)span.Attribute("class") == "badge").Select(span => span.Value)
            .ToList();
        Assert.HasCount(2, badges);
        foreach (var (badge, verdict) in badges.Zip(result.Test.Verdicts))
        {
            Assert.StartsWith(verdict.Verdict switch
            {
                Verdict.Shown => "Kept, and shown",
                Verdict.Kept => "Kept",
                Verdict.Missed => "Missed by",
                _ => "Not measurable",
            }, badge);
        }
    }

    [TestMethod]
    public void SaveReport_AnExperiment_DrawsEveryRunThatEnded()
    {
        var result = SamplePages.Experiment.Value;
        var page = Parse(SamplePages.Saved(path => result.SaveReport(path)));
        var charts = page.Descendants("section").Single(section => (string?)section.Attribute("id") == "runs").Descendants("figure")
            .ToList();

        Assert.HasCount(2, charts);
        foreach (var chart in charts)
        {
            var names = chart.Descendants("g").Elements("title").Select(title => title.Value).ToList();
            foreach (var run in result.RunDetails.Where(run => run.Status != RunStatus.Failed))
                Assert.HasCount(1, names.Where(name => name.StartsWith($"Run {run.Number}:", StringComparison.Ordinal)).ToList());
            Assert.HasCount(1, chart.Descendants("path").Where(path => (string?)path.Attribute("class") == "bound").ToList());
        }
    }

    [TestMethod]
    public void SaveReport_HostileNames_StayText()
    {
        foreach (var markup in new[] { SamplePages.Hostile(), SamplePages.Saved(path => SamplePages.Comparison.Value.SaveReport(path)) })
        {
            var page = Parse(markup);

            Assert.IsEmpty(page.Descendants("script"));
            Assert.IsEmpty(page.Descendants("img"));
            Assert.DoesNotContain('\u202E', markup);
            Assert.DoesNotContain("://", markup);
            CollectionAssert.AllItemsAreUnique(page.Descendants().Attributes("id").Select(id => id.Value).ToList());
        }
    }

    [TestMethod]
    public void SaveReport_ARegression_HasItsVerdicts()
    {
        var result = SamplePages.Wages.Value;
        var page = Parse(SamplePages.Saved(path => result.SaveReport(path)));

        string[] parts = ["choice", "runs", "outcome", "groups", "residuals"];
        CollectionAssert.IsSubsetOf(parts, Sections(page));
        Assert.Contains("Mean parity (Sex)", page.Root!.Value);
    }

    [TestMethod]
    public void SaveReport_ASweep_HasEveryBound()
    {
        var sweep = SamplePages.Sweep.Value;
        var page = Parse(SamplePages.Saved(path => sweep.SaveReport(path)));

        CollectionAssert.AreEqual(new[] { "curve", "points", "words" }, Sections(page));
        var rows = Rows(page, "All models");
        CollectionAssert.AreEqual(sweep.Points.Select(point => point.Label).ToArray(), rows.Select(row => row[0]).ToArray());
        for (var index = 0; index < rows.Count; index++)
        {
            Assert.AreEqual(sweep.Front.Contains(sweep.Points[index]) ? "worth having"
                : sweep.Points[index].IsMeasured ? "no better than another" : "not measurable", rows[index][^2]);
        }

        var marks = page.Descendants("svg").Where(svg => (string?)svg.Attribute("role") == "img").Descendants("g").Elements("title");
        CollectionAssert.AreEquivalent(sweep.Points.Select(point => point.Label).ToArray(), marks.Select(title => title.Value).ToArray());
        Assert.Contains($"{sweep.Points.Count} models on 1,500 rows that trained none of them: {sweep.Front.Count} worth having",
            Condensed(page.Root!.Value));
    }

    private static string?[] Sections(XDocument page)
        => [.. page.Descendants("section").Select(section => (string?)section.Attribute("id"))];

    private static List<string[]> Rows(XDocument page, string caption)
        => [.. page.Descendants("table").First(table => table.Element("caption")!.Value == caption).Element("tbody")!.Elements("tr")
            .Select(row => row.Elements().Select(cell => cell.Value).ToArray())];

    private static XDocument Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static string Condensed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
