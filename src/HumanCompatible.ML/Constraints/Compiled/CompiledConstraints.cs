using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>
/// Declarations compiled for training. Per batch: quantities Q [batch, q] of predictions and labels, statistics S = membership' Q
/// [GroupCount, q] in one product,
/// rates r = numerators of S / denominators of S, violations c = P r - b [m] with constant P and b; a constraint is met when all its c are
/// at most 0.
/// </summary>
/// <remarks>
/// Statistics are sums, so they may be smoothed over batches or added up over a data set before <see cref="Violations(Tensor)"/> or
/// <see cref="AuditedValues"/> divides them.
/// Every tensor returned belongs to the caller (to the caller's dispose scope, if there is one).
/// In multiclass classification Q has a block of columns for each quantity, one column per class, and a constraint has its inequalities
/// once per class.
/// Custom constraints have no statistics: their values follow those of the catalogue's constraints in <see cref="ExactBatch"/>, and what is
/// said of m, <see cref="Count"/> and
/// <see cref="Violations(ReadOnlySpan{double}, Span{double})"/> holds for both kinds together, in the order of the declarations.
/// </remarks>
internal sealed partial class CompiledConstraints : IDisposable
{
    /// <summary>
    /// Denominators up to this are zero: no row, no positive ... of the group, or none that matters. Its inverse and the inverse's square
    /// are finite in float32.
    /// </summary>
    internal const double SmallestDenominator = 1e-12;

    /// <summary>The largest number of elements of P.</summary>
    internal const long LargestMatrix = 1 << 22;

    private readonly IReadOnlyList<GroupPartition> _partitions;
    private readonly MembershipLayout _layout;
    private readonly RowQuantities _quantities;
    private readonly ConstraintTask _task;
    private readonly CustomStatistics? _custom;
    private readonly int[] _catalogueRows, _customRows;
    private readonly Tensor? _order;
    private readonly (int Column, GroupMetric Metric, int Class)[] _rates;
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private readonly Tensor _numerators, _denominators, _incidence, _one, _zero;
    private readonly LinearInequalities _rows;
    private Tensor _coefficients, _bounds;
    private Tensor? _customBounds;
    private double[] _customBoundValues = [];

    private CompiledConstraints(
        IReadOnlyList<FairnessConstraint> constraints, IReadOnlyList<GroupPartition> partitions, ConstraintTask task, ProbeRows? probe,
            Device device, ScalarType dtype)
    {
        (_partitions, _task, _device, _dtype) = (partitions, task, device, dtype);
        _layout = new MembershipLayout(constraints, partitions);
        _quantities = new RowQuantities(task,
            constraints.SelectMany(c => task.ClassesOf(c).SelectMany(k => c.Metrics.Select(metric => (metric, k)))));
        if (constraints.Any(c => c is CustomConstraint))
            _custom = Probed(constraints, probe);

        var compiled = new List<CompiledConstraint>();
        var rates = new Dictionary<(int Column, GroupMetric Metric, int Class), int>();
        var catalogueRows = new List<int>();
        var customRows = new List<int>();
        for (var i = 0; i < constraints.Count; i++)
        {
            (var constraint, var partition) = (constraints[i], partitions[i]);
            (LinearInequality Row, int Class)[] rows = [.. RowsByClass(constraint, partition)];
            var names = constraint is CustomConstraint ? _custom!.InequalityNames(i) : [.. rows.Select(r => r.Row.Name)];
            compiled.Add(new CompiledConstraint(constraint, Count, names, partition.GroupNames));
            (constraint is CustomConstraint ? customRows : catalogueRows).AddRange(Enumerable.Range(Count, names.Length));
            Count += names.Length;
            foreach ((var row, var k) in rows)
            {
                foreach (var term in row.Terms)
                {
                    rates.TryAdd((_layout.ColumnOf(partition, term.Group), term.Metric, ConstraintTask.ClassOf(term.Metric, k)),
                        rates.Count);
                }
            }

            if ((long)catalogueRows.Count * rates.Count > LargestMatrix)
            {
                throw new ArgumentException(
                    $"{constraint.Name}: {partition.GroupCount} groups give {rows.Length} comparisons, too many to train on; " +
                    "compare with the overall rate (Baseline = GroupBaseline.Overall), use fewer columns or a minimum group size.",
                        nameof(constraints));
            }
        }
        Constraints = compiled;
        (_catalogueRows, _customRows) = ([.. catalogueRows], [.. customRows]);
        _rates = [.. rates.OrderBy(p => p.Value).Select(p => p.Key)];
        IsInequality = [.. Enumerable.Repeat(true, Count)];

        using var scope = torch.NewDisposeScope();
        long[] numerators = [.. _rates.Select(r => (long)r.Column * QuantityCount + _quantities.NumeratorOf(r.Metric, r.Class))];
        long[] denominators = [.. _rates.Select(r => (long)r.Column * QuantityCount + _quantities.DenominatorOf(r.Metric, r.Class))];
        _rows = new LinearInequalities(numerators, denominators);
        _numerators = Owned(torch.tensor(numerators, device: device));
        _denominators = Owned(torch.tensor(denominators, device: device));
        _one = Owned(torch.ones(1, dtype: dtype, device: device));
        _zero = Owned(torch.zeros(1, dtype: dtype, device: device));
        (var coefficients, var incidence, var bounds) = RowsOf(new double[constraints.Count]);
        _coefficients = Owned(Matrix(coefficients));
        _incidence = Owned(Matrix(incidence));
        _bounds = Owned(torch.tensor(bounds, dtype: dtype, device: device));
        _rows.Set(coefficients, incidence, bounds);
        if (_custom is not null)
        {
            // Where in [catalogue rows, custom rows] each violation stands.
            int[] places = [.. _catalogueRows, .. _customRows];
            _order = Owned(torch.tensor([.. places.Select((row, place) => (row, place)).OrderBy(p => p.row).Select(p => (long)p.place)],
                device: device));
            SetCustomBounds(new double[constraints.Count]);
        }
    }

    /// <summary>The declarations with their ranges in the violations.</summary>
    internal IReadOnlyList<CompiledConstraint> Constraints { get; }

    /// <summary>m, the number of violations.</summary>
    internal int Count { get; }

    /// <summary>For each violation, whether it is an inequality (c at most 0).</summary>
    internal IReadOnlyList<bool> IsInequality { get; }

    /// <summary>The number of columns of the membership matrix.</summary>
    internal int GroupCount => _layout.ColumnCount;

    /// <summary>q, the number of quantities summed for each group.</summary>
    internal int QuantityCount => _quantities.Count;

    /// <summary>The length of what the duals are driven by: the statistics, and after them the values of custom constraints.</summary>
    internal int StatisticsLength => GroupCount * QuantityCount + (_custom?.Count ?? 0);

    /// <summary>Whether there are custom constraints, whose values on all rows cannot be added up from parts of them.</summary>
    internal bool HasCustom => _custom is not null;

    /// <summary>Whether <see cref="Statistics"/> needs losses.</summary>
    internal bool UsesLoss => _quantities.UsesLoss;

    /// <param name="constraints">Valid declarations.</param>
    /// <param name="partitions">For each declaration the partition of its columns; the same object for the same columns. All have the same
    /// rows.</param>
    /// <param name="device">Where to compute; CPU by default.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="task">What is learned; binary classification by default.</param>
    /// <param name="probe">What custom constraints are tried with; needed where there are any.</param>
    /// <exception cref="InvalidOperationException">A declaration names a reference group or a class that is not there, or the statistic of
    /// a custom constraint cannot be trained on.</exception>
    internal static CompiledConstraints Compile(
        IReadOnlyList<FairnessConstraint> constraints,
        IReadOnlyList<GroupPartition> partitions,
        Device? device = null,
        ScalarType dtype = ScalarType.Float32,
        ConstraintTask? task = null,
        ProbeRows? probe = null)
    {
        task ??= ConstraintTask.Binary;
        var problems = new List<string>();
        FairnessConstraint.ValidateFor(constraints, task.Kind, problems);
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems), nameof(constraints));
        if (constraints.Count != partitions.Count)
        {
            throw new ArgumentException($"There are {constraints.Count} constraints, but {partitions.Count} partitions.",
                nameof(partitions));
        }

        for (var i = 0; i < constraints.Count; i++)
        {
            if (!constraints[i].GroupColumnNames.SequenceEqual(partitions[i].ColumnNames))
            {
                throw new ArgumentException($"{constraints[i].Name} has a partition of [{string.Join(", ", partitions[i].ColumnNames)}].",
                    nameof(partitions));
            }

            if (partitions[i].RowCount != partitions[0].RowCount)
            {
                throw new ArgumentException(
                    $"Partition {i} has {partitions[i].RowCount} rows, but partition 0 has {partitions[0].RowCount}.", nameof(partitions));
            }
        }
        return new CompiledConstraints(constraints, partitions, task, probe, device ?? torch.CPU, dtype);
    }

    /// <summary>
    /// The membership matrix [rows, GroupCount]: the weight of each row in the columns of its groups, else 0. Batches take rows of it.
    /// </summary>
    /// <param name="exampleWeights">A weight of at least 0 for each row; 1 where null.</param>
    internal Tensor Membership(float[]? exampleWeights)
    {
        if (exampleWeights is not null && exampleWeights.Length != _layout.RowCount)
            throw new ArgumentException($"There are {exampleWeights.Length} weights, but {_layout.RowCount} rows.", nameof(exampleWeights));
        return torch.tensor(_layout.Matrix(exampleWeights), [_layout.RowCount, GroupCount], dtype: _dtype, device: _device);
    }

    /// <summary>The bounds behind the violations, with the present margins.</summary>
    internal IReadOnlyList<ViolationBound> ViolationBounds
    {
        get
        {
            (var _, var _, var catalogue) = RowsOf(new double[Constraints.Count]);
            var custom = _custom?.Bounds(new double[Constraints.Count]) ?? [];
            double[] declared = new double[Count], present = new double[Count];
            for (var i = 0; i < catalogue.Length; i++)
            {
                (declared[_catalogueRows[i]], present[_catalogueRows[i]]) =
                (catalogue[i], _rows.Bounds[i]);
            }

            for (var i = 0; i < custom.Length; i++)
            {
                (declared[_customRows[i]], present[_customRows[i]]) =
                (custom[i], _customBoundValues[i]);
            }

            var isTwoSided = Constraints.SelectMany(c
                => Enumerable.Repeat(c.Declaration is ParityConstraint { Comparison: GroupComparison.Difference }, c.Count));
            return [.. isTwoSided.Select((twoSided, row)
                => new ViolationBound(declared[row], Math.Max(0, declared[row] - present[row]), twoSided))];
        }
    }

    /// <summary>
    /// Makes the violations hold the constraints to stricter bounds than the declared ones; <see cref="AuditedValues"/> keeps to the
    /// declared.
    /// </summary>
    /// <param name="margins">For each declaration how much stricter, at least 0; 0 undoes it.</param>
    internal void Tighten(IReadOnlyList<double> margins)
    {
        if (margins.Count != Constraints.Count)
        {
            throw new ArgumentException(
            $"There are {margins.Count} margins, but {Constraints.Count} constraints.", nameof(margins));
        }

        foreach (var margin in margins)
            if (!(margin >= 0)) throw new ArgumentOutOfRangeException(nameof(margins), margin, "A margin must be at least 0.");
        using var scope = torch.NewDisposeScope();
        (var coefficients, var incidence, var bounds) = RowsOf(margins);
        _rows.Set(coefficients, incidence, bounds);
        _coefficients.Dispose();
        _bounds.Dispose();
        _coefficients = Owned(Matrix(coefficients));
        _bounds = Owned(torch.tensor(bounds, dtype: _dtype, device: _device));
        if (_custom is not null) SetCustomBounds(margins);
    }

    /// <inheritdoc cref="Tighten(IReadOnlyList{double})"/>
    /// <param name="margin">How much stricter each declaration is, at least 0.</param>
    internal void Tighten(double margin) => Tighten([.. Constraints.Select(_ => margin)]);

    /// <summary>Frees the constant tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in new[] { _numerators, _denominators, _incidence, _one, _zero, _coefficients, _bounds }) tensor.Dispose();
        _order?.Dispose();
        _customBounds?.Dispose();
    }

    private CustomStatistics Probed(IReadOnlyList<FairnessConstraint> constraints, ProbeRows? probe)
    {
        if (probe is null) throw new ArgumentException("Custom constraints need rows to be tried with.", nameof(probe));
        if (probe.Labels.Length != _layout.RowCount)
        {
            throw new ArgumentException(
            $"There are {probe.Labels.Length} labels, but {_layout.RowCount} rows.", nameof(probe));
        }

        using var scope = torch.NewDisposeScope();
        return new CustomStatistics(constraints, _partitions, _layout, _task, probe.Sample(Membership(probe.Weights), _dtype, _device),
            _dtype);
    }

    private void SetCustomBounds(IReadOnlyList<double> margins)
    {
        _customBoundValues = _custom!.Bounds(margins);
        _customBounds?.Dispose();
        _customBounds = Owned(torch.tensor(_customBoundValues, dtype: _dtype, device: _device));
    }

    // The inequalities of a declaration, those of one class after those of another.
    private IEnumerable<(LinearInequality Row, int Class)> RowsByClass(FairnessConstraint constraint, GroupPartition partition) =>
        _task.ClassesOf(constraint).SelectMany(k
            => constraint.Rows(partition.GroupNames, k == ConstraintTask.NoClass ? null : _task.ClassNames[k]).Select(row => (row, k)));

    // P and its pattern [m, rates] in row-major order, and b [m].
    private (double[] Coefficients, double[] Incidence, double[] Bounds) RowsOf(IReadOnlyList<double> margins)
    {
        var indexOfRate = _rates.Select((rate, index) => (rate, index)).ToDictionary(p => p.rate, p => p.index);
        var coefficients = new double[_catalogueRows.Length * _rates.Length];
        var incidence = new double[coefficients.Length];
        var bounds = new double[_catalogueRows.Length];
        for (int i = 0, row = 0; i < Constraints.Count; i++)
        {
            foreach ((var inequality, var k) in RowsByClass(Constraints[i].Declaration.Tightened(margins[i]), _partitions[i]))
            {
                foreach (var term in inequality.Terms)
                {
                    var element = row * _rates.Length
                        + indexOfRate[(_layout.ColumnOf(_partitions[i], term.Group), term.Metric, ConstraintTask.ClassOf(term.Metric, k))];
                    coefficients[element] += term.Coefficient;
                    incidence[element] = 1;
                }
                bounds[row++] = inequality.Bound;
            }
        }

        return (coefficients, incidence, bounds);
    }

    private Tensor Matrix(double[] values) => torch.tensor(values, [_catalogueRows.Length, _rates.Length], dtype: _dtype, device: _device);

    private static Tensor Owned(Tensor tensor) => tensor.DetachFromDisposeScope();
}
