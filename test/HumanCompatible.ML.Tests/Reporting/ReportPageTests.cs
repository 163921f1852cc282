using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;
using HumanCompatible.ML.Reporting;
using Microsoft.ML;

namespace HumanCompatible.ML.Tests.Reporting;

[TestClass]
public sealed class ReportPageTests
{
    private static readonly string[] Elements =
    [
        "html", "head", "meta", "link", "title", "style", "body", "a", "header", "h1", "h2", "h3", "h4", "p", "strong", "span", "nav", "ul",
        "li",
        "main", "section", "article", "dl", "div", "dt", "dd", "code", "figure", "figcaption", "svg", "g", "path", "rect", "circle", "text",
        "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "footer",
    ];

    private static readonly Lazy<string> Full = new(() => ReportSamples.FullPage());

    private static readonly Lazy<string> Hostile = new(() => ReportSamples.FullPage(ReportSamples.Hostile));

    [TestMethod]
    public void SaveReport_AModelAndAnother_HasEveryPart()
    {
        var page = Parse(Full.Value);

        CollectionAssert.AreEqual(new[] { "outcome", "data", "groups", "scores", "price", "drivers", "training", "words" },
            page.Descendants("section").Select(section => (string?)section.Attribute("id")).ToList());
        CollectionAssert.AreEqual(page.Descendants("section").Select(section => "#" + (string?)section.Attribute("id")).ToList(),
            page.Descendants("nav").Single().Descendants("a").Select(link => (string?)link.Attribute("href")).ToList());
        string[] words = ["Promised:", "fingerprint", "Epoch", "Multipliers", "calibration", "ROC", "threshold", "Logistic regression"];
        foreach (var word in words)
            StringAssert.Contains(page.Root!.Value, word);
        Assert.HasCount(5, page.Descendants("article").ToList());
    }

    [TestMethod]
    public void SaveReport_AuditAlone_HasNoPartsThatItKnowsNothingOf()
    {
        var audit = ReportSamples.Audit(ReportSamples.View(ReportSamples.People(300)), "Sex");

        var page = Parse(ReportSamples.Page(audit));

        CollectionAssert.AreEqual(new[] { "outcome", "data", "groups", "scores", "drivers", "words" },
            page.Descendants("section").Select(section => (string?)section.Attribute("id")).ToList());
        StringAssert.Contains(page.Root!.Value, "No bound was declared.");
        StringAssert.Contains(Condensed(page.Root.Value), "here column Probability, and a decision is positive where it is high enough: "
            + "the decisions of this report agree with the threshold 0.5.");
    }

    [TestMethod]
    public void SaveReport_OptionsThatAreNull_NamesAllOfThem()
    {
        var audit = ReportSamples.Audit(ReportSamples.View(ReportSamples.People(30)), "Sex");
        var options = new FairnessReportOptions { Title = null!, OtherModels = null!, FeatureNames = null!, Constraints = [null!] };

        var problem = Assert.ThrowsExactly<ArgumentException>(() => audit.SaveReport("unwritten.html", options));

        foreach (var name in new[] { "Title", "OtherModels", "FeatureNames", "Constraints[0]" })
            StringAssert.Contains(problem.Message, $"- {name} must not be null.");
        Assert.IsFalse(File.Exists("unwritten.html"));
    }

    [TestMethod]
    [DataRow(0.5, "shown with 90% confidence by ")]
    [DataRow(0.02, "not shown with 90% confidence by ")]
    public void SaveReport_OfAModelWithAConfidence_SaysWhatItsSafetyRowsShow(double bound, string expected)
    {
        var options = Census.Options(Fairness.DemographicParity("Sex", bound));
        (options.NumberOfEpochs, options.ConfidenceLevel) = (2, 0.9);
        var view = Census.View(ReportSamples.ML, 1000);
        var model = ReportSamples.ML.Constrained().Trainers.BinaryClassification(options).Fit(view);

        var page = Parse(ReportSamples.Page(ReportSamples.Audit(model.Transform(view), "Sex"),
            new FairnessReportOptions { Model = model.Model }));

        StringAssert.Contains(Condensed(page.Root!.Value),
            $": {expected}{model.Model.Summary.SafetyRows} rows kept for that");
        var measured = page.Descendants("table").Single(table => table.Value.Contains("What training measured", StringComparison.Ordinal));
        var column = measured.Descendants("th").Select(head => head.Value.Trim()).ToList().IndexOf("A training row counts as");
        var weights = model.Model.Summary.Constraints[0].TrainingWeights!;
        var cell = measured.Descendants("tbody").Single().Descendants("tr").Single().Elements().ElementAt(column).Value.Trim();
        Assert.AreEqual(Math.Round(weights.Min(), 2), double.Parse(cell.Split(" to ")[0], CultureInfo.InvariantCulture));
        Assert.AreEqual(Math.Round(weights.Max(), 2), double.Parse(cell.Split(" to ")[^1], CultureInfo.InvariantCulture));
        var lead = Condensed(page.Descendants("p").Single(p => ((string?)p.Attribute("class"))?.StartsWith("lead outcome",
            StringComparison.Ordinal) == true).Value);
        StringAssert.Contains(lead, "On the 1,000 rows of this report, of 1 promised bound:");
        var shown = expected.StartsWith("shown", StringComparison.Ordinal) ? 1 : 0;
        StringAssert.EndsWith(lead, $"For new people with 90% confidence, on {model.Model.Summary.SafetyRows} other rows kept for that one "
            + $"test: {shown} shown, {1 - shown} not shown.");
    }

    [TestMethod]
    public void SaveReport_GroupsThatAVerdictLeavesOut_AreMarkedInTheTable()
    {
        var people = ReportSamples.People(1500);
        (people[0].Region, people[1].Region) = ("Tiny", "Tiny");

        var page = Parse(ReportSamples.Page(ReportSamples.Audit(ReportSamples.View(people), "Region", "Sex"),
            new FairnessReportOptions { Constraints = [Fairness.DemographicParity("Region", 0.3)] }));

        string[][] TableOf(string group) => [.. page.Descendants("tr")
            .Where(row => row.Elements().FirstOrDefault()?.Value == group)
            .Select(row => row.Elements().Select(cell => cell.Value).ToArray())];
        Assert.HasCount(1, TableOf("Tiny").Where(row
            => row.Length > 2 && row[1] == "2" && row[2].StartsWith("no: 2 rows, about ", StringComparison.Ordinal)).ToList());
        Assert.HasCount(1, TableOf("North").Where(row => row.Length > 2 && row[2] == "yes").ToList());
        Assert.HasCount(1, page.Descendants("th").Where(cell => cell.Value == "In the verdict").ToList(), "only beside its own groups");
    }

    [TestMethod]
    public void SaveReport_OfOtherThresholdsOrAStratum_TakesNoFingerprint()
    {
        var view = ReportSamples.View(ReportSamples.People(300));
        var audit = ReportSamples.ML.Constrained().Audit.BinaryClassification(view, ["Sex"], controlColumnNames: ["Region"]);

        foreach (var other in new[] { audit.AtThreshold(0.6), audit.Strata[0].Audit })
        {
            var page = Parse(ReportSamples.Page(other));

            StringAssert.Contains(page.Root!.Value, "not taken: these are not all rows, as they were scored");
            Assert.IsEmpty(page.Descendants("code").ToList());
        }

        Assert.HasCount(1, Parse(ReportSamples.Page(audit)).Descendants("code").ToList());
    }

    [TestMethod]
    public void SaveReport_Drivers_HaveTheNamesThatAreGiven()
    {
        var audit = ReportSamples.Audit(ReportSamples.View(ReportSamples.People(300)), "Sex");
        string Drivers(Dictionary<string, string> names)
            => Parse(ReportSamples.Page(audit, new FairnessReportOptions { FeatureNames = names }))
            .Descendants("section").Single(section => (string?)section.Attribute("id") == "drivers").Value;

        StringAssert.Contains(Drivers([]), "Occupation");
        var text = Drivers(new() { ["Skill"] = "Years of practice", ["Occupation"] = "What they do" });
        StringAssert.Contains(text, "Years of practice");
        StringAssert.Contains(text, "What they do");
        Assert.ThrowsExactly<ArgumentException>(() => Drivers(new() { ["Skill"] = "Years of practice" }));
    }

    [TestMethod]
    public void SaveReport_HostileNames_StayText()
    {
        var page = Parse(Hostile.Value);

        var unknown = page.Descendants().Select(element => element.Name.LocalName).Distinct().Except(Elements).ToList();
        Assert.IsEmpty(unknown, string.Join(", ", unknown));
        Assert.HasCount(page.Descendants("title").Count(), page.Descendants("title").Where(title => !title.HasElements).ToList());
        Assert.HasCount(1, page.Descendants("style").ToList());
        foreach (var attribute in page.Descendants().Attributes())
            Assert.IsFalse(attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase), attribute.ToString());
        Assert.DoesNotContain('\u202E', Hostile.Value);
        Assert.DoesNotContain('\0', Hostile.Value);
        StringAssert.Contains(page.Descendants("h1").Single().Value, "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> & ");
    }

    [TestMethod]
    public void SaveReport_AnyPage_LoadsNothing()
    {
        var page = Parse(Full.Value);

        Assert.DoesNotContain("://", Full.Value);
        Assert.DoesNotContain("url(", Full.Value);
        Assert.DoesNotContain("@import", Full.Value);
        foreach (var link in page.Descendants().Attributes().Where(a => a.Name.LocalName is "href" or "src" or "action" or "data"))
            Assert.IsTrue(link.Value.StartsWith('#') || link.Value == "data:,", link.ToString());
    }

    [TestMethod]
    public void SaveReport_EveryChart_HasWordsAndNumbers()
    {
        CheckCharts(Parse(Full.Value), 20);
    }

    private static void CheckCharts(XDocument page, int fewest)
    {
        var charts = page.Descendants("svg").Where(svg => (string?)svg.Attribute("role") == "img").ToList();
        Assert.IsGreaterThanOrEqualTo(fewest, charts.Count);
        foreach (var chart in charts)
            Assert.IsGreaterThan(20, ((string?)chart.Attribute("aria-label"))!.Length);
        foreach (var svg in page.Descendants("svg").Except(charts))
            Assert.AreEqual("true", (string?)svg.Attribute("aria-hidden"));
        foreach (var figure in page.Descendants("figure"))
        {
            Assert.IsTrue(figure.Descendants("table").Any() || figure.Parent!.ElementsAfterSelf().DescendantsAndSelf("table").Any(),
                figure.Element("figcaption")!.Value);
        }

        foreach (var region in page.Descendants("div").Where(div => (string?)div.Attribute("class") == "scroll"))
            Assert.AreEqual("0", (string?)region.Attribute("tabindex"), "a region that scrolls is reached by the keyboard");
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        CollectionAssert.AllItemsAreUnique(ids);
    }

    [TestMethod]
    public void SaveReport_AMissedBound_SaysByHowMuch()
    {
        // 200 of 300 and 100 of 300.
        List<ScoredPerson> people = [.. Enumerable.Range(0, 600).Select(row => new ScoredPerson
        {
            Label = row % 2 == 0,
            PredictedLabel = row % 3 < (row < 300 ? 2 : 1),
            Sex = row < 300 ? "A" : "B",
            FeatureContributions = [0, 0, 0],
        })];
        var audit = ReportSamples.Audit(ReportSamples.View(people), "Sex");

        var page = Parse(ReportSamples.Page(audit, new FairnessReportOptions
        {
            Constraints = [Fairness.DemographicParity("Sex", 0.1), Fairness.DemographicParity("Sex", 0.9) with { Name = "easy" },
                Fairness.RateAtMost(GroupMetric.SelectionRate, "Sex", 0.6666)],
        }));

        string[] badges = [.. page.Descendants("span").Where(span => (string?)span.Attribute("class") == "badge")
            .Select(span => span.Value)];
        CollectionAssert.AreEqual(new[] { "Missed by 23.33 points", "Kept, and shown", "Missed by less than 0.01 points" }, badges);
        StringAssert.Contains(page.Root!.Value,
            "The share of people who get a positive decision differs by at most 10.0 points between any two groups of Sex.");
        StringAssert.Contains(Condensed(page.Root.Value), "On the 600 rows of this report, of 3 promised bounds: 1 kept, "
            + "2 missed, 0 not measurable.");
    }

    [TestMethod]
    public void SaveReport_ManyGroupsAndBoundsWithLongNames_StaysBelow2MB()
    {
        var people = ReportSamples.People(3000);
        foreach (var (index, person) in people.Index())
            (person.Sex, person.Region) = ($"{index % 40}{new string('"', 300)}", $"{index % 7}{new string('"', 3000)}");
        var view = ReportSamples.View(people);
        var audit = ReportSamples.Audit(view, "Sex", "Region");

        var page = ReportSamples.Page(audit, new FairnessReportOptions
        {
            Constraints = [.. Enumerable.Range(0, 60).Select(number => Fairness.DemographicParity("Region", 0.1)
                with { Name = $"{number} {new string('&', 3000)}" })],
            OtherModels = [.. Enumerable.Range(0, 5).Select(number => new ComparedModel($"{number} {new string('"', 3000)}", audit))],
        });

        Assert.IsLessThan(2_000_000, page.Length);
        Parse(page);
    }

    [TestMethod]
    public void SaveReport_MoreModelsAndBoundsThanAreDrawn_SaysSo()
    {
        var audit = ReportSamples.Audit(ReportSamples.View(ReportSamples.People(300)), "Sex");
        string Price(int models, params FairnessConstraint[] constraints) => Condensed(Parse(ReportSamples.Page(audit,
            new FairnessReportOptions
            {
                Constraints = constraints,
                OtherModels = [.. Enumerable.Range(0, models).Select(number => new ComparedModel($"other {number}", audit))],
            })).Descendants("section").Single(section => (string?)section.Attribute("id") == "price").Value);
        FairnessConstraint[] many = [.. Enumerable.Range(0, 7).Select(number => Fairness.DemographicParity("Sex", 0.1)
            with { Name = $"bound {number}" })];

        StringAssert.Contains(Price(20, many), "Shown are the first 20 of 21 models. Shown are the first 6 of 7 bounds.");
        var few = Price(19, many[..6]);
        Assert.DoesNotContain("Shown are the first", few);
        StringAssert.Contains(few, "other 18");
    }

    [TestMethod]
    public void SaveReport_BoundsFromBelow_AreNamedForWhatIsMeasured()
    {
        var audit = ReportSamples.Audit(ReportSamples.View(ReportSamples.People(300)), "Sex");
        string Price(FairnessConstraint constraint) => Parse(ReportSamples.Page(audit, new FairnessReportOptions
        {
            Constraints = [constraint],
            OtherModels = [new ComparedModel("other", audit)],
        })).Descendants("section").Single(section => (string?)section.Attribute("id") == "price").Value;

        StringAssert.Contains(Price(Fairness.DisparateImpact("Sex", 0.5)), "Smallest divided by largest");
        var rate = Price(Fairness.RateAtLeast(GroupMetric.Accuracy, "Sex", 0.5));
        StringAssert.Contains(rate, "Measured statistic");
        Assert.DoesNotContain("Smallest divided by largest", rate);
    }

    [TestMethod]
    public void SaveReport_DataThatChanged_Throws()
    {
        var people = ReportSamples.People(300);
        var view = ReportSamples.View(people);
        var audit = ReportSamples.Audit(view, "Sex");
        people.RemoveAt(0);

        var problem = Assert.ThrowsExactly<InvalidOperationException>(() => audit.SaveReport("never.html"));

        Assert.AreEqual("The data changed since they were audited: there were 300 rows, and now 299.", problem.Message);
        Assert.IsFalse(File.Exists("never.html"));
    }

    [TestMethod]
    public void SaveReport_SeveralClasses_ShowsEachByGroup()
    {
        var page = Parse(ReportSamples.ClassesPage());

        CollectionAssert.AreEqual(new[] { "outcome", "data", "groups", "scores", "price", "training", "words" },
            page.Descendants("section").Select(section => (string?)section.Attribute("id")).ToList());
        var text = Condensed(page.Root!.Value);
        string[] words =
        [
            "For every class, the share of people who are given the class differs by at most 5.0 points between any two groups of Sex.",
            "For the class mid, the share of the people of the class who are given it differs by at most 20.0 points",
            "Given the class", "Right when given", "of the decisions were right", "Predicted probability",
        ];
        foreach (var word in words)
            StringAssert.Contains(text, word);
        string[] classes = ["low", "mid", "high"];
        CollectionAssert.IsSubsetOf(classes, page.Descendants("h4").Select(head => head.Value).ToList());
        CheckCharts(page, 2 * (4 + 9 + 3));
    }

    [TestMethod]
    public void SaveReport_Numbers_ShowsMeansErrorsAndResiduals()
    {
        var page = Parse(ReportSamples.NumbersPage());

        CollectionAssert.AreEqual(new[] { "outcome", "data", "groups", "residuals", "price", "training", "words" },
            page.Descendants("section").Select(section => (string?)section.Attribute("id")).ToList());
        var text = Condensed(page.Root!.Value);
        string[] words =
        [
            "The mean of what is true less what is predicted differs by at most 2,000 between any two groups of Sex.",
            "Mean residual", "Root mean squared error", "Explained", "nine of ten lie", "R squared", "Lower is less off",
        ];
        foreach (var word in words)
            StringAssert.Contains(text, word);
        Assert.DoesNotContain("positive", text.Replace("truly positive", ""));
        CheckCharts(page, 2 * (6 + 1));
    }

    [TestMethod]
    public void Fingerprint_AnotherPrediction_IsAnother()
    {
        string Fingerprint(List<ScoredPerson> people)
        {
            var view = ReportSamples.View(people);
            var page = ReportSamples.Page(ReportSamples.Audit(view, "Sex"), new FairnessReportOptions());
            return Parse(page).Descendants("code").Single().Value;
        }

        var people = ReportSamples.People(300);
        var first = Fingerprint(people);

        Assert.MatchesRegex("^[0-9a-f]{64}$", first);
        Assert.AreEqual(first, Fingerprint(ReportSamples.People(300)));
        people[7].PredictedLabel = !people[7].PredictedLabel;
        Assert.AreNotEqual(first, Fingerprint(people));
    }

    // The page is also well-formed XML, so that a tag that is not closed is found.
    private static XDocument Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static string Condensed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
