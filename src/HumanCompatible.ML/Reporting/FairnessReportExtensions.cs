using HumanCompatible.ML.Auditing;

namespace HumanCompatible.ML.Reporting;

/// <summary>An audit as a page.</summary>
public static class FairnessReportExtensions
{
    /// <summary>
    /// Writes an audit as one HTML page for people who are not engineers: what was declared, what was achieved, on which data and how
    /// certainly, with charts and their numbers. The data are read once more, for their fingerprint. The page has no script, loads nothing,
    /// is smaller than 2 MB whatever the data, prints, and follows the reader's light or dark setting.
    /// </summary>
    /// <param name="audit">The audit.</param>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="options">What the page says beside the audit; null for the audit alone.</param>
    /// <exception cref="ArgumentNullException"><paramref name="audit"/> or <paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException">A declaration cannot be judged by the audit, or <see cref="FairnessReportOptions.FeatureNames"/>
    /// lack a column, or an option is null that may not be.</exception>
    /// <exception cref="InvalidOperationException">The data changed since they were audited.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveReport(this FairnessAudit audit, string path, FairnessReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentNullException.ThrowIfNull(path);
        ReportPage.Save(ReportPage.Of(ReportContent.Of(audit, options ?? new(), DateTimeOffset.UtcNow)), path);
    }
}
