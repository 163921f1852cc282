namespace HumanCompatible.ML.Auditing;

/// <content>What is made of the rows once more: intervals of any summary, and other thresholds.</content>
public sealed partial class FairnessAudit
{
    /// <summary>
    /// The bootstrap interval of a summary, such as <c>audit => audit.Of("Sex").Difference(AuditStatistic.BrierScore)</c>: rows are drawn
    /// with replacement within each combination of the values of all group and control columns, whose numbers of rows stay.
    /// </summary>
    /// <remarks>
    /// The data are read once more, and their labels, predictions, scores and weights kept in memory meanwhile. A summary that is near the
    /// end of its range, such as a difference of groups that is nearly 0, has intervals that cover less than they say.
    /// </remarks>
    /// <param name="summary">Computes the summary; called by several threads at once.</param>
    /// <param name="options">How it is done; by default 2,000 replicates and the bias-corrected and accelerated interval.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The summary with its interval.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="summary"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">It is the audit of a stratum, whose rows cannot be had by themselves, or the data
    /// changed since they were audited.</exception>
    public BootstrapInterval Bootstrap(Func<FairnessAudit, double> summary, BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return Bootstrap([summary], options, cancellationToken)[0];
    }

    /// <summary>The bootstrap intervals of several summaries of the same replicates.</summary>
    /// <param name="summaries">Compute the summaries; called by several threads at once.</param>
    /// <param name="options">How it is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The summaries with their intervals, in their order.</returns>
    /// <inheritdoc cref="Bootstrap(Func{FairnessAudit, double}, BootstrapOptions?, CancellationToken)"/>
    public IReadOnlyList<BootstrapInterval> Bootstrap(IReadOnlyList<Func<FairnessAudit, double>> summaries,
        BootstrapOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(summaries);
        options ??= new BootstrapOptions();
        options.Validate();
        var resampling = new Resampling((this, ReadRows()));
        double[] Of(FairnessAudit audit) => [.. summaries.Select(summary => summary(audit))];
        return Auditing.Bootstrap.Intervals(Of(this), index => Of(resampling.Replicate(new RowDraws(options.Seed, index))[0]),
            () => resampling.Accelerations(audits => Of(audits[0]), summaries.Count, cancellationToken), Confidence, options,
            cancellationToken);
    }

    /// <summary>
    /// The audit of the same rows if those whose score is above a threshold were predicted positive: every statistic as a function of the
    /// threshold.
    /// </summary>
    /// <param name="threshold">The threshold of the score.</param>
    /// <returns>The audit. It is exact where <see cref="GroupStatistics.AucError"/> is 0 for all rows; otherwise scores that were put
    /// together stay together.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is NaN.</exception>
    /// <exception cref="InvalidOperationException">It is no audit of binary classification, or the data have no scores.</exception>
    public FairnessAudit AtThreshold(double threshold)
    {
        if (double.IsNaN(threshold))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must be a number.");
        if (Task is not { Task: Metrics.LearningTask.BinaryClassification, HasScores: true })
            throw new InvalidOperationException("Only an audit of binary classification with scores has a threshold.");
        return new FairnessAudit(_cellColumns, _controls, [.. _cells.Select(cell => ((BinaryCell)cell).At(threshold))],
            _settings with { ReadRows = _settings.ReadRows is { } read ? () => read().At(threshold) : null, Source = null });
    }

    /// <summary>The rows once more.</summary>
    /// <exception cref="InvalidOperationException">They cannot be had, or are others.</exception>
    internal AuditRows ReadRows()
    {
        var rows = _settings.ReadRows?.Invoke() ?? throw new InvalidOperationException(
            "The rows of a stratum cannot be had by themselves: bootstrap the whole audit with a summary of its Strata.");
        if (rows.Count != Overall.RowCount || rows.CellCount != _cells.Length)
            throw ScoredData.Changed(Overall.RowCount, rows.Count);

        return rows;
    }

    /// <summary>The same audit of other counts.</summary>
    internal FairnessAudit WithCells(AuditCell[] cells)
        => new(_cellColumns, _controls, cells, _settings with { ReadRows = null, Source = null });

    /// <summary>Whether another audit is of the same groups.</summary>
    internal bool HasCellsOf(FairnessAudit other) => _cells.Length == other._cells.Length
        && _cellColumns.Concat(_controls).Zip(other._cellColumns.Concat(other._controls), (one, two)
            => one.Name == two.Name && one.GroupNames.SequenceEqual(two.GroupNames) && one.CodeOfRow.SequenceEqual(two.CodeOfRow))
            .All(same => same)
        && GroupColumnNames.Count == other.GroupColumnNames.Count && _controls.Count == other._controls.Count;
}
