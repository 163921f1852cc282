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
/// <param name="Judged">The declarations.</param>
/// <param name="Rows">What the rows tell that the audit does not; null where they cannot be had.</param>
internal sealed record ReportContent(FairnessAudit Audit, FairnessReportOptions Options, DateTimeOffset Date,
    IReadOnlyList<JudgedConstraint> Judged, ReportRows? Rows)
{
    /// <summary>The most columns whose groups are shown one by one.</summary>
    internal const int MostColumns = 4;

    /// <summary>The most classes that are shown one by one.</summary>
    internal const int MostClasses = 6;

    internal LearningTask Task => Audit.Labels.Task;

    /// <summary>What statistics and declarations are called.</summary>
    internal PlainWords Words => field ??= PlainWords.Of(Task);

    /// <summary>The classes of the most rows, in their order.</summary>
    internal IReadOnlyList<string> LargestClasses => field ??= [.. Audit.ClassNames.Index()
        .OrderByDescending(one => Audit.Overall[AuditStatistic.BaseRate.OfClass(one.Item)]).Take(MostClasses)
        .OrderBy(one => one.Index).Select(one => one.Item)];

    /// <summary>The groups of each of the first columns and, with several, of all together.</summary>
    internal IEnumerable<GroupAudit> Groupings => Audit.GroupColumnNames.Take(MostColumns).Select(name => Audit.Of(name))
        .Concat(Audit.GroupColumnNames.Count > 1 ? [Audit.Intersection] : []);

    internal static ReportContent Of(FairnessAudit audit, FairnessReportOptions options, DateTimeOffset date)
    {
        options.Validate();
        return new(audit, options, date, Judge(audit, options), ReportRows.Read(audit, options));
    }

    /// <summary>The declarations of the model, as its training left groups out, then the others.</summary>
    internal static IReadOnlyList<JudgedConstraint> Judge(FairnessAudit audit, FairnessReportOptions options)
    {
        List<JudgedConstraint> judged = options.Model is not { } model ? []
            : [.. model.Constraints.Zip(audit.Judge(model), (constraint, verdict) => new JudgedConstraint(constraint, verdict))];
        judged.AddRange(options.Constraints.Where(constraint => !judged.Any(known => known.Constraint == constraint)).ToList()
            .Select(constraint => new JudgedConstraint(constraint, audit.Judge(constraint))));
        return judged;
    }
}
