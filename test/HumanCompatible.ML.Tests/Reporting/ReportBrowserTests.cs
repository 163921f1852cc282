using System.Diagnostics.CodeAnalysis;
using HumanCompatible.ML.Tests.Experiments.Pages;
using Microsoft.Playwright;

namespace HumanCompatible.ML.Tests.Reporting;

/// <summary>
/// The page in a real browser: Chromium, as Debian packages it, or the program that HC_CHROMIUM names. HC_SCREENSHOTS names a folder to put
/// pictures of the page into.
/// </summary>
[TestClass]
public sealed class ReportBrowserTests
{
    private const float Patience = 120_000;

    private static string? _folder;
    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    private static string? Chromium => new[]
    {
        Environment.GetEnvironmentVariable("HC_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser",
    }.FirstOrDefault(File.Exists);

    private static string? Screenshots => Environment.GetEnvironmentVariable("HC_SCREENSHOTS");

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        if (Chromium is not { } program)
            return;
        _folder = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllTextAsync(Path.Combine(_folder, "report.html"), ReportSamples.FullPage());
        if (Screenshots is { } folder)
            File.Copy(Path.Combine(_folder, "report.html"), Path.Combine(folder, "report.html"), overwrite: true);
        await File.WriteAllTextAsync(Path.Combine(_folder, "hostile.html"), ReportSamples.FullPage(ReportSamples.Hostile));
        foreach (var (name, page) in new (string, Func<string>)[]
        {
            ("classes", ReportSamples.ClassesPage),
            ("numbers", ReportSamples.NumbersPage),
            ("experiment", () => SamplePages.Saved(path => SamplePages.Experiment.Value.SaveReport(path))),
            ("hostile-experiment", SamplePages.Hostile),
            ("sweep", () => SamplePages.Saved(path => SamplePages.Sweep.Value.SaveReport(path))),
            ("comparison", () => SamplePages.Saved(path => SamplePages.Comparison.Value.SaveReport(path))),
        })
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, name + ".html"), page());
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"], Timeout = Patience });
    }

    [ClassCleanup]
    public static async Task Stop()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    [DataRow("report", 390, ColorScheme.Light)]
    [DataRow("report", 390, ColorScheme.Dark)]
    [DataRow("report", 1280, ColorScheme.Light)]
    [DataRow("report", 1280, ColorScheme.Dark)]
    [DataRow("classes", 390, ColorScheme.Dark)]
    [DataRow("classes", 1280, ColorScheme.Light)]
    [DataRow("numbers", 390, ColorScheme.Light)]
    [DataRow("numbers", 1280, ColorScheme.Dark)]
    [DataRow("hostile", 390, ColorScheme.Light)]
    [DataRow("hostile", 1280, ColorScheme.Dark)]
    [DataRow("experiment", 390, ColorScheme.Light)]
    [DataRow("experiment", 1280, ColorScheme.Dark)]
    [DataRow("hostile-experiment", 390, ColorScheme.Dark)]
    [DataRow("sweep", 390, ColorScheme.Dark)]
    [DataRow("sweep", 1280, ColorScheme.Light)]
    [DataRow("comparison", 390, ColorScheme.Light)]
    public async Task Page_InChromium_ShowsAndLoadsNothing(string name, int width, ColorScheme scheme)
    {
        SkipWithoutChromium();
        await using var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 850 },
            ColorScheme = scheme,
        });
        var page = await context.NewPageAsync();
        List<string> problems = [], requests = [];
        page.Console += (_, message) => problems.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => problems.Add(error);
        page.Dialog += (_, dialog) => problems.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) => requests.Add(request.Url);

        var address = new Uri(Path.Combine(_folder!, name + ".html")).AbsoluteUri;
        await page.GotoAsync(address, new() { Timeout = Patience });

        Assert.IsEmpty(problems, string.Join('\n', problems));
        Assert.IsEmpty(requests.Where(request => request != address && request != "data:,").ToList(), string.Join('\n', requests));
        if (Screenshots is { } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{scheme}.png"), FullPage = true });
        var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.IsLessThanOrEqualTo(width, wide, "the page scrolls sideways");
        var faults = await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('svg[role=img]')].flatMap(svg => {
              const frame = svg.getBoundingClientRect(), slack = 1.5;
              if (frame.width < 200 || frame.height < 40) return ['small: ' + svg.getAttribute('aria-label')];
              return [...svg.querySelectorAll('text')].filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < frame.left - slack || box.right > frame.right + slack
                  || box.top < frame.top - slack || box.bottom > frame.bottom + slack;
              }).map(text => 'outside: ' + text.textContent + ' in ' + svg.getAttribute('aria-label'));
            })
            """);
        Assert.IsEmpty(faults, string.Join('\n', faults));
        var background = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.AreEqual(scheme == ColorScheme.Dark ? "rgb(20, 23, 28)" : "rgb(255, 255, 255)", background);
    }

    [TestMethod]
    public async Task Page_WithTheKeyboard_IsReachedAndOpened()
    {
        SkipWithoutChromium();
        var page = await _browser.NewPageAsync();
        await page.GotoAsync(new Uri(Path.Combine(_folder!, "report.html")).AbsoluteUri, new() { Timeout = Patience });

        await page.Keyboard.PressAsync("Tab");
        Assert.AreEqual("skip", await page.EvaluateAsync<string>("document.activeElement.className"));
        var details = page.Locator("details").First;
        await details.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        Assert.IsTrue(await details.EvaluateAsync<bool>("element => element.open"));
        await page.CloseAsync();
    }

    [TestMethod]
    public async Task Page_Printed_ShowsItsTables()
    {
        SkipWithoutChromium();
        await using var context = await _browser.NewContextAsync(new() { ColorScheme = ColorScheme.Dark });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(Path.Combine(_folder!, "report.html")).AbsoluteUri, new() { Timeout = Patience });
        await page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.AreEqual("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.AreEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('nav')).display"));
        Assert.IsTrue(await page.EvaluateAsync<bool>("document.querySelector('details table').getBoundingClientRect().height > 20"),
            "what is closed on the screen is open on paper");
        var pdf = await page.PdfAsync(new() { Path = Screenshots is { } folder ? Path.Combine(folder, "report.pdf") : null });
        Assert.IsGreaterThan(10_000, pdf.Length);
    }

    [MemberNotNull(nameof(_browser))]
    private static void SkipWithoutChromium()
    {
        if (_browser is null)
        {
            Assert.Inconclusive("There is no Chromium: install Debian's package chromium, or name the program in HC_CHROMIUM.");
            throw new InvalidOperationException();
        }
    }
}
