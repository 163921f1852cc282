using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Metrics;

namespace HumanCompatible.ML.Reporting;

/// <summary>A declaration and what may be said of it.</summary>
internal sealed record JudgedConstraint(FairnessConstraint Constraint, ConstraintVerdict Verdict);

/// <summary>All that the page is made of.</summary>
/// <param name="Audit">The audit.</param>
/// <param name="Options">What else is said.</param>
/// <param name="Date">When the page is made.</param>
/// <param name="Judged">The declarations that the audit can judge.</param>
/// <param name="Rows">The scored rows, where they are given.</param>
internal sealed record ReportContent(FairnessAudit Audit, FairnessReportOptions Options, DateTimeOffset Date,
    IReadOnlyList<JudgedConstraint> Judged, ScoredRows? Rows)
{
    /// <summary>The most columns whose groups are shown one by one.</summary>
    internal const int MostColumns = 4;

    /// <summary>The groups of each of the first columns and, with several, of all together.</summary>
    internal IEnumerable<GroupAudit> Groupings => Audit.GroupColumnNames.Take(MostColumns).Select(name => Audit.Of(name))
        .Concat(Audit.GroupColumnNames.Count > 1 ? [Audit.Intersection] : []);

    internal static ReportContent Of(FairnessAudit audit, FairnessReportOptions options, DateTimeOffset date)
        => new(audit, options, date, Judge(audit, options), options.ScoredData is null ? null : ScoredRows.Read(audit, options));

    /// <summary>The declarations of the model, as its training left groups out, then the others.</summary>
    internal static IReadOnlyList<JudgedConstraint> Judge(FairnessAudit audit, FairnessReportOptions options)
    {
        if (audit.Task.Labels.Task != LearningTask.BinaryClassification)
        {
            throw new ArgumentException("A report is of binary classification; print other audits, or write them as Markdown.",
                nameof(audit));
        }

        List<JudgedConstraint> judged = [];
        if (options.Model is { } model)
        {
            judged.AddRange(model.Constraints.Where(constraint => constraint is not CustomConstraint)
                .Zip(audit.Judge(model), (constraint, verdict) => new JudgedConstraint(constraint, verdict)));
        }

        judged.AddRange(options.Constraints.Where(constraint => !judged.Any(known => known.Constraint == constraint)).ToList()
            .Select(constraint => new JudgedConstraint(constraint, audit.Judge(constraint))));
        return judged;
    }
}
