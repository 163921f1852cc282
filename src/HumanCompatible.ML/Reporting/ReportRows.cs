using HumanCompatible.ML.Auditing;

namespace HumanCompatible.ML.Reporting;

/// <summary>What the audited rows tell that the audit does not keep.</summary>
/// <param name="Fingerprint">The SHA-256 of what was audited of them.</param>
/// <param name="Drivers">What drives the score; null where the data does not tell.</param>
internal sealed record ReportRows(string Fingerprint, ScoreDrivers? Drivers)
{
    /// <summary>Reads the rows in one pass; null where the audit is not of all rows of its data, as they are.</summary>
    /// <exception cref="InvalidOperationException">They are more or fewer than those of the audit.</exception>
    internal static ReportRows? Read(FairnessAudit audit, FairnessReportOptions options)
    {
        if (audit.Source is not { } source)
            return null;
        var drivers = ScoreDrivers.Of(source.Schema.GetColumnOrNull(options.FeatureContributionsColumnName), options.FeatureNames,
            audit.Overall.RowCount);
        var fingerprint = source.Fingerprint(audit.Overall.RowCount, drivers is null ? [] : [drivers.Column], row => drivers?.Bind(row),
            () => drivers?.Read());
        return new ReportRows(fingerprint, drivers);
    }
}
