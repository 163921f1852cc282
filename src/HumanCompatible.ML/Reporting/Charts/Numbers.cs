using System.Globalization;
using HumanCompatible.ML.Auditing;
using HumanCompatible.ML.Confidence;
using HumanCompatible.ML.Constraints;

namespace HumanCompatible.ML.Reporting.Charts;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    /// <summary>What stands for a number that is not defined.</summary>
    internal const string Undefined = "–";

    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    internal static string Percent(double share, string format = "0.0") => double.IsNaN(share) ? Undefined
        : (share * 100).ToString(format, CultureInfo.InvariantCulture) + "%";

    internal static string Plain(double value, string format = "0.000") => double.IsNaN(value) ? Undefined
        : double.IsPositiveInfinity(value) ? "unlimited" : value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A number of any size, with four digits that count, such as <c>23,512</c> or <c>0.1234</c>.</summary>
    internal static string Amount(double value)
    {
        if (!double.IsFinite(value))
            return Plain(value);
        var digits = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return value.ToString($"N{Math.Clamp(3 - digits, 0, 4)}", CultureInfo.InvariantCulture);
    }

    /// <summary>A number of any size on an axis: <c>20,000</c>, <c>0.25</c>, <c>1.5M</c>.</summary>
    internal static string AmountTick(double value) => Math.Abs(value) switch
    {
        >= 1e9 => Plain(value / 1e9, "#,0.###") + "B",
        >= 1e6 => Plain(value / 1e6, "0.###") + "M",
        >= 1e5 => Plain(value / 1e3, "0.###") + "K",
        _ => Plain(value, "#,0.####"),
    };

    /// <summary>A statistic of a group.</summary>
    internal static string Of(AuditStatistic statistic, double value) => statistic.IsRate ? Percent(value) : Amount(value);

    /// <summary>A statistic of a group with its interval, such as <c>12.3% (11.0 – 13.7)</c>.</summary>
    internal static string Of(AuditStatistic statistic, double value, ConfidenceInterval interval) => double.IsNaN(interval.Lower)
        ? Of(statistic, value)
        : statistic.IsRate
            ? $"{Of(statistic, value)} ({Plain(interval.Lower * 100, "0.0")}\u00A0–\u00A0{Plain(interval.Upper * 100, "0.0")})"
            : $"{Of(statistic, value)} ({Amount(interval.Lower)}\u00A0–\u00A0{Amount(interval.Upper)})";

    /// <summary>By how much a statistic differs between groups, such as <c>4.2 points</c>.</summary>
    internal static string Difference(AuditStatistic statistic, double difference) => double.IsNaN(difference) ? Undefined
        : statistic.IsRate ? Plain(difference * 100, "0.0#") + " points" : Amount(difference);

    /// <summary>The statistic that a declaration bounds, such as <c>4.2 points</c>.</summary>
    internal static string Of(FairnessConstraint constraint, double value)
    {
        if (double.IsNaN(value))
            return Undefined;
        if (!IsShare(constraint))
            return Amount(value);
        return constraint is ParityConstraint { Comparison: GroupComparison.Difference }
            ? Plain(value * 100, "0.0#") + " points" : Percent(value, "0.0#");
    }

    /// <summary>The same on an axis, such as <c>5</c>.</summary>
    internal static string Tick(FairnessConstraint constraint, double value) => !IsShare(constraint) ? AmountTick(value)
        : constraint is ParityConstraint { Comparison: GroupComparison.Difference } ? Plain(value * 100, "0.##") : Percent(value, "0.##");

    /// <summary>By how much a bound is missed: never nothing.</summary>
    internal static string Miss(FairnessConstraint constraint, double violation)
    {
        const double least = 0.0001;
        if (!IsShare(constraint))
            return violation < least ? $"less than {Plain(least, "0.####")}" : Amount(violation);
        return violation < least ? "less than 0.01 points" : Plain(violation * 100, "0.0#") + " points";
    }

    private static bool IsShare(FairnessConstraint constraint) => constraint is not CustomConstraint
        && (constraint is ParityConstraint { Comparison: GroupComparison.Ratio } || constraint.Metrics.All(metric => metric.IsRate));
}
