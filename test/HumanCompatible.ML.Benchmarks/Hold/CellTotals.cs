namespace HumanCompatible.ML.Benchmarks.Hold;

/// <summary>What the fits of a cell, or of several, add up to.</summary>
internal sealed class CellTotals
{
    private readonly IReadOnlyList<(Cell Cell, HeldFit Fit)> _fits;

    /// <param name="name">The name of the cell or of the several.</param>
    /// <param name="fits">At least one.</param>
    public CellTotals(string name, IReadOnlyList<(Cell Cell, HeldFit Fit)> fits) => (Name, _fits) = (name, fits);

    public string Name { get; }

    public int Count => _fits.Count;

    /// <summary>The share of fits over their bound in the population, all groups.</summary>
    public double Exceeded => ShareOver(_fits, fit => fit.Value);

    /// <summary>The same over the measurable groups, among the fits that have two.</summary>
    public double ExceededMeasurable => ShareOver(_fits, fit => fit.MeasurableValue);

    /// <summary><see cref="Exceeded"/> among the fits whose verdict is one of some.</summary>
    public double ExceededOf(params string[] verdicts) => ShareOver(Of(verdicts), fit => fit.Value);

    /// <summary><see cref="ExceededMeasurable"/> among the fits whose verdict is one of some.</summary>
    public double ExceededMeasurableOf(params string[] verdicts) => ShareOver(Of(verdicts), fit => fit.MeasurableValue);

    /// <summary>The share over the bound of the groups that the verdict speaks of, among the fits whose verdict is one of some.</summary>
    public double ExceededJudgedOf(params string[] verdicts) => ShareOver(Of(verdicts), fit => fit.JudgedValue);

    /// <summary>
    /// The share of fits whose statistic, over the groups that the verdict speaks of, is beyond the end of the reported interval, which is
    /// to be one in twenty.
    /// </summary>
    public double BeyondInterval => Mean(_fits, fit => (fit.JudgedValue ?? fit.Value) - fit.IntervalEnd,
        (cell, beyond) => cell.Excess(beyond) > cell.Excess(0) ? 1 : 0);

    /// <summary>The mean of max(0, excess over the bound), all groups.</summary>
    public double Overshoot => Mean(_fits, fit => fit.Value, Over);

    /// <summary>The same over the measurable groups.</summary>
    public double OvershootMeasurable => Mean(_fits, fit => fit.MeasurableValue, Over);

    public double Accuracy => _fits.Average(item => item.Fit.Accuracy);

    /// <summary>The mean accuracy that the constraint costs; NaN where it was not measured.</summary>
    public double Price => Mean(_fits, fit => fit.UnconstrainedAccuracy - fit.Accuracy, (_, price) => price);

    /// <summary>The share of models that predict one class only.</summary>
    public double Constant => _fits.Average(item => item.Fit.SelectionRate is 0 or 1 ? 1.0 : 0.0);

    /// <summary>The share of models that predict one of the classes for less than 1% of the population.</summary>
    public double NearlyConstant => _fits.Average(item => item.Fit.SelectionRate is < 0.01 or > 0.99 ? 1.0 : 0.0);

    /// <summary>The mean of the population's statistic, all groups.</summary>
    public double Statistic => Mean(_fits, fit => fit.Value, (_, value) => value);

    /// <summary>The same over the measurable groups.</summary>
    public double StatisticMeasurable => Mean(_fits, fit => fit.MeasurableValue, (_, value) => value);

    /// <summary>The median seconds of a fit: the first of a process takes longer.</summary>
    public double Seconds => _fits.Select(item => item.Fit.Seconds).Order().ElementAt(_fits.Count / 2);

    public int CountOf(string verdict) => _fits.Count(item => item.Fit.Verdict == verdict);

    private static double Over(Cell cell, double value) => Math.Max(0, cell.Excess(value));

    private static double ShareOver(IReadOnlyList<(Cell Cell, HeldFit Fit)> fits, Func<HeldFit, double?> value)
        => Mean(fits, value, (cell, statistic) => Over(cell, statistic) > 0 ? 1 : 0);

    // Of the fits in which the value is defined; NaN where there is none.
    private static double Mean(IReadOnlyList<(Cell Cell, HeldFit Fit)> fits, Func<HeldFit, double?> value,
        Func<Cell, double, double> of)
        => fits.Select(item => value(item.Fit) is { } defined ? of(item.Cell, defined) : double.NaN)
            .Where(number => !double.IsNaN(number)).DefaultIfEmpty(double.NaN).Average();

    private List<(Cell Cell, HeldFit Fit)> Of(string[] verdicts) => [.. _fits.Where(item => verdicts.Contains(item.Fit.Verdict))];
}
