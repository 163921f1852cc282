using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints;

/// <summary>
/// Declarations compiled for training. Per batch: quantities Q [batch, q] of predictions and labels, statistics S = membership' Q [GroupCount, q] in one product,
/// rates r = numerators of S / denominators of S, violations c = P r - b [m] with constant P and b; a constraint is met when all its c are at most 0.
/// </summary>
/// <remarks>
/// Statistics are sums, so they may be smoothed over batches or added up over a data set before <see cref="Violations(Tensor)"/> or <see cref="AuditedValues"/> divides them.
/// Every tensor returned belongs to the caller (to the caller's dispose scope, if there is one).
/// </remarks>
internal sealed class CompiledConstraints : IDisposable
{
    /// <summary>Denominators up to this are zero: no row, no positive ... of the group, or none that matters. Its inverse and the inverse's square are finite in float32.</summary>
    internal const double SmallestDenominator = 1e-12;

    /// <summary>The largest number of elements of P.</summary>
    internal const long LargestMatrix = 1 << 22;

    private readonly IReadOnlyList<GroupPartition> _partitions;
    private readonly MembershipLayout _layout;
    private readonly RowQuantities _quantities;
    private readonly (int Column, GroupMetric Metric)[] _rates;
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private readonly Tensor _numerators, _denominators, _incidence, _one, _zero;
    private readonly ViolationRows _rows;
    private Tensor _coefficients, _bounds;

    private CompiledConstraints(IReadOnlyList<FairnessConstraint> constraints, IReadOnlyList<GroupPartition> partitions, Device device, ScalarType dtype)
    {
        (_partitions, _device, _dtype) = (partitions, device, dtype);
        _layout = new MembershipLayout(constraints, partitions);
        _quantities = new RowQuantities(constraints.SelectMany(c => c.Metrics));

        var compiled = new List<CompiledConstraint>();
        var rates = new Dictionary<(int Column, GroupMetric Metric), int>();
        foreach ((FairnessConstraint constraint, GroupPartition partition) in constraints.Zip(partitions))
        {
            ConstraintRow[] rows = [.. constraint.Rows(partition.GroupNames)];
            compiled.Add(new CompiledConstraint(constraint, Count, [.. rows.Select(r => r.Name)], partition.GroupNames));
            Count += rows.Length;
            foreach (RateTerm term in rows.SelectMany(r => r.Terms))
                rates.TryAdd((_layout.ColumnOf(partition, term.Group), term.Metric), rates.Count);
            if ((long)Count * rates.Count > LargestMatrix)
                throw new ArgumentException($"{constraint.Name}: {partition.GroupCount} groups give {rows.Length} comparisons, too many to train on; " +
                    "compare with the overall rate (Baseline = GroupBaseline.Overall), use fewer columns or a minimum group size.", nameof(constraints));
        }
        Constraints = compiled;
        _rates = [.. rates.OrderBy(p => p.Value).Select(p => p.Key)];
        IsInequality = [.. Enumerable.Repeat(true, Count)];

        using DisposeScope scope = torch.NewDisposeScope();
        long[] numerators = IndicesInStatistics(d => d.Numerator), denominators = IndicesInStatistics(d => d.Denominator);
        _rows = new ViolationRows(numerators, denominators);
        _numerators = Owned(torch.tensor(numerators, device: device));
        _denominators = Owned(torch.tensor(denominators, device: device));
        _one = Owned(torch.ones(1, dtype: dtype, device: device));
        _zero = Owned(torch.zeros(1, dtype: dtype, device: device));
        (double[] coefficients, double[] incidence, double[] bounds) = RowsOf(new double[constraints.Count]);
        _coefficients = Owned(Matrix(coefficients));
        _incidence = Owned(Matrix(incidence));
        _bounds = Owned(torch.tensor(bounds, dtype: dtype, device: device));
        _rows.Set(coefficients, incidence, bounds);
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

    /// <summary>Whether <see cref="Statistics"/> needs losses.</summary>
    internal bool UsesLoss => _quantities.UsesLoss;

    /// <param name="constraints">Valid declarations.</param>
    /// <param name="partitions">For each declaration the partition of its columns; the same object for the same columns. All have the same rows.</param>
    /// <param name="device">Where to compute; CPU by default.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    internal static CompiledConstraints Compile(
        IReadOnlyList<FairnessConstraint> constraints, IReadOnlyList<GroupPartition> partitions, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        if (constraints.Count != partitions.Count)
            throw new ArgumentException($"There are {constraints.Count} constraints, but {partitions.Count} partitions.", nameof(partitions));
        for (int i = 0; i < constraints.Count; i++)
        {
            if (!constraints[i].GroupColumnNames.SequenceEqual(partitions[i].ColumnNames))
                throw new ArgumentException($"{constraints[i].Name} has a partition of [{string.Join(", ", partitions[i].ColumnNames)}].", nameof(partitions));
            if (partitions[i].RowCount != partitions[0].RowCount)
                throw new ArgumentException($"Partition {i} has {partitions[i].RowCount} rows, but partition 0 has {partitions[0].RowCount}.", nameof(partitions));
        }
        return new CompiledConstraints(constraints, partitions, device ?? torch.CPU, dtype);
    }

    /// <summary>The membership matrix [rows, GroupCount]: the weight of each row in the columns of its groups, else 0. Batches take rows of it.</summary>
    /// <param name="exampleWeights">A weight of at least 0 for each row; 1 where null.</param>
    internal Tensor Membership(float[]? exampleWeights)
    {
        if (exampleWeights is not null && exampleWeights.Length != _layout.RowCount)
            throw new ArgumentException($"There are {exampleWeights.Length} weights, but {_layout.RowCount} rows.", nameof(exampleWeights));
        return torch.tensor(_layout.Matrix(exampleWeights), [_layout.RowCount, GroupCount], dtype: _dtype, device: _device);
    }

    /// <summary>Statistics of the smooth predictions p = sigmoid(sharpness x logit), for the gradient.</summary>
    /// <param name="logits">[batch].</param>
    /// <param name="labels">[batch], 0 or 1.</param>
    /// <param name="membership">[batch, GroupCount], rows of <see cref="Membership"/>.</param>
    /// <param name="sharpness">How closely the sigmoid follows the step at 0; greater than 0.</param>
    /// <returns>S [GroupCount, q].</returns>
    internal Tensor SoftStatistics(Tensor logits, Tensor labels, Tensor membership, double sharpness = 2)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor predictions = _quantities.UsesPredictions ? torch.sigmoid(sharpness == 1 ? logits : logits.mul(sharpness)) : logits;
        return Statistics(predictions, labels, UsesLoss ? LogLoss(logits, labels) : null, membership).MoveToOuterDisposeScope();
    }

    /// <summary>Statistics of the hard predictions p = 1 where logit is greater than 0, without gradient.</summary>
    /// <param name="logits">[batch].</param>
    /// <param name="labels">[batch], 0 or 1.</param>
    /// <param name="membership">[batch, GroupCount], rows of <see cref="Membership"/>.</param>
    /// <returns>S [GroupCount, q].</returns>
    internal Tensor ExactStatistics(Tensor logits, Tensor labels, Tensor membership)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGradient = torch.no_grad();
        return Statistics(logits.gt(0).to_type(_dtype), labels, UsesLoss ? LogLoss(logits, labels) : null, membership).MoveToOuterDisposeScope();
    }

    /// <summary>Statistics S [GroupCount, q] of any predictions and losses.</summary>
    /// <param name="predictions">[batch].</param>
    /// <param name="labels">[batch].</param>
    /// <param name="losses">[batch]; not null where <see cref="UsesLoss"/>.</param>
    /// <param name="membership">[batch, GroupCount].</param>
    internal Tensor Statistics(Tensor predictions, Tensor labels, Tensor? losses, Tensor membership)
    {
        // libtorch ends the process on shapes that do not fit, so they are checked here.
        long batch = predictions.numel();
        if (predictions.dim() != 1 || labels.dim() != 1 || labels.numel() != batch)
            throw new ArgumentException($"Predictions [{string.Join(", ", predictions.shape)}] and labels [{string.Join(", ", labels.shape)}] must both be [batch].", nameof(labels));
        if (membership.dim() != 2 || membership.size(0) != batch || membership.size(1) != GroupCount)
            throw new ArgumentException($"Membership is [{string.Join(", ", membership.shape)}], but must be [{batch}, {GroupCount}].", nameof(membership));
        if (UsesLoss && (losses is null || losses.dim() != 1 || losses.numel() != batch))
            throw new ArgumentException($"Losses must be [{batch}].", nameof(losses));

        using DisposeScope scope = torch.NewDisposeScope();
        return membership.t().matmul(_quantities.Build(predictions, labels, losses)).MoveToOuterDisposeScope();
    }

    /// <summary>The violations c [m], differentiable; an entry whose groups have no denominator in <paramref name="statistics"/> is 0 and has no gradient.</summary>
    /// <param name="statistics">S [GroupCount, q], of one batch, smoothed, or summed.</param>
    internal Tensor Violations(Tensor statistics)
    {
        if (statistics.dim() != 2 || statistics.size(0) != GroupCount || statistics.size(1) != QuantityCount)
            throw new ArgumentException($"Statistics are [{string.Join(", ", statistics.shape)}], but must be [{GroupCount}, {QuantityCount}].", nameof(statistics));

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor flat = statistics.reshape(-1);
        Tensor denominators = flat.index_select(0, _denominators);
        Tensor undefined = denominators.le(SmallestDenominator);
        Tensor rates = flat.index_select(0, _numerators).div(torch.where(undefined, _one, denominators));
        Tensor undefinedRows = _incidence.mv(undefined.to_type(_dtype)).gt(0);
        return torch.where(undefinedRows, _zero, _coefficients.mv(rates).sub(_bounds)).MoveToOuterDisposeScope();
    }

    /// <summary>The violations c [m] of statistics in managed memory, in double precision, without gradient.</summary>
    /// <param name="statistics">S [GroupCount, q], row-major.</param>
    /// <param name="violations">Receives c; as long as <see cref="Count"/>.</param>
    internal void Violations(ReadOnlySpan<double> statistics, Span<double> violations)
    {
        if (statistics.Length != GroupCount * QuantityCount) throw new ArgumentException($"Statistics have {statistics.Length} values, but must have {GroupCount * QuantityCount}.", nameof(statistics));
        if (violations.Length != Count) throw new ArgumentException($"There is room for {violations.Length} violations, but there are {Count}.", nameof(violations));
        _rows.Compute(statistics, violations);
    }

    /// <summary>The same, but NaN where a rate of the row is not defined.</summary>
    /// <inheritdoc cref="Violations(ReadOnlySpan{double}, Span{double})" path="/param"/>
    internal void ViolationsOrNaN(ReadOnlySpan<double> statistics, Span<double> violations) => _rows.ComputeOrNaN(statistics, violations);

    /// <summary>The bounds behind the violations, with the present margins.</summary>
    internal IReadOnlyList<ViolationBound> ViolationBounds
    {
        get
        {
            (double[] _, double[] _, double[] declared) = RowsOf(new double[Constraints.Count]);
            var isTwoSided = Constraints.SelectMany(c => Enumerable.Repeat(c.Declaration is ParityConstraint { Comparison: GroupComparison.Difference }, c.Count));
            return [.. isTwoSided.Select((twoSided, row) => new ViolationBound(declared[row], Math.Max(0, declared[row] - _rows.Bounds[row]), twoSided))];
        }
    }

    /// <summary>Makes the violations hold the constraints to stricter bounds than the declared ones; <see cref="AuditedValues"/> keeps to the declared.</summary>
    /// <param name="margins">For each declaration how much stricter, at least 0; 0 undoes it.</param>
    internal void Tighten(IReadOnlyList<double> margins)
    {
        if (margins.Count != Constraints.Count) throw new ArgumentException($"There are {margins.Count} margins, but {Constraints.Count} constraints.", nameof(margins));
        foreach (double margin in margins)
            if (!(margin >= 0)) throw new ArgumentOutOfRangeException(nameof(margins), margin, "A margin must be at least 0.");
        using DisposeScope scope = torch.NewDisposeScope();
        (double[] coefficients, double[] incidence, double[] bounds) = RowsOf(margins);
        _rows.Set(coefficients, incidence, bounds);
        _coefficients.Dispose();
        _bounds.Dispose();
        _coefficients = Owned(Matrix(coefficients));
        _bounds = Owned(torch.tensor(bounds, dtype: _dtype, device: _device));
    }

    /// <inheritdoc cref="Tighten(IReadOnlyList{double})"/>
    /// <param name="margin">How much stricter each declaration is, at least 0.</param>
    internal void Tighten(double margin) => Tighten([.. Constraints.Select(_ => margin)]);

    /// <summary>The statistic of each declaration.</summary>
    /// <param name="statistics">S [GroupCount, q] of hard predictions, summed over the data.</param>
    internal IReadOnlyList<AuditedConstraint> AuditedValues(Tensor statistics)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[] values = statistics.detach().to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        return [.. Constraints.Select((c, i) => AuditedConstraint.Of(c.Declaration, new SummedRates(values, _quantities, _layout, _partitions[i])))];
    }

    /// <summary>Frees the constant tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in new[] { _numerators, _denominators, _incidence, _one, _zero, _coefficients, _bounds }) tensor.Dispose();
    }

    private static Tensor LogLoss(Tensor logits, Tensor labels) =>
        torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction: torch.nn.Reduction.None);

    private long[] IndicesInStatistics(Func<MetricDefinition, RowQuantity> part) =>
        [.. _rates.Select(r => (long)r.Column * _quantities.Count + _quantities.IndexOf(part(MetricDefinition.Of(r.Metric))))];

    // P and its pattern [m, rates] in row-major order, and b [m].
    private (double[] Coefficients, double[] Incidence, double[] Bounds) RowsOf(IReadOnlyList<double> margins)
    {
        var indexOfRate = _rates.Select((rate, index) => (rate, index)).ToDictionary(p => p.rate, p => p.index);
        var coefficients = new double[Count * _rates.Length];
        var incidence = new double[coefficients.Length];
        var bounds = new double[Count];
        for (int i = 0, row = 0; i < Constraints.Count; i++)
            foreach (ConstraintRow inequality in Constraints[i].Declaration.Tightened(margins[i]).Rows(_partitions[i].GroupNames))
            {
                foreach (RateTerm term in inequality.Terms)
                {
                    int element = row * _rates.Length + indexOfRate[(_layout.ColumnOf(_partitions[i], term.Group), term.Metric)];
                    coefficients[element] += term.Coefficient;
                    incidence[element] = 1;
                }
                bounds[row++] = inequality.Bound;
            }
        return (coefficients, incidence, bounds);
    }

    private Tensor Matrix(double[] values) => torch.tensor(values, [Count, _rates.Length], dtype: _dtype, device: _device);

    private static Tensor Owned(Tensor tensor) => tensor.DetachFromDisposeScope();
}
