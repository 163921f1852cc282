using HumanCompatible.ML.Reporting.Charts;

namespace HumanCompatible.ML.Reporting;

/// <summary>A part of a page.</summary>
/// <param name="Id">Its name in the address.</param>
/// <param name="Title">Its title.</param>
/// <param name="Body">What it shows; empty where it is left out.</param>
internal sealed record ReportSection(string Id, string Title, Html Body);
