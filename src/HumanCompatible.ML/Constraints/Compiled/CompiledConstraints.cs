using HumanCompatible.ML.Groups;
using HumanCompatible.ML.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Constraints.Compiled;

/// <summary>
/// Declarations compiled for training. Per batch: quantities Q [batch, q] of predictions and labels, statistics S = membership' Q
/// [GroupCount, q] in one product, rates r = numerators of S / denominators of S, violations c = P r - b [m] with constant P and b; a
/// constraint is kept when all its c are at most 0. They are without a unit: those of a regression are divided by that of the metric.
/// </summary>
/// <remarks>
/// Statistics are sums, so they may be smoothed over batches before <see cref="Violations(Tensor)"/> divides them. Every
/// tensor returned belongs to the caller (to the caller's dispose scope, if there is one).
/// In multiclass classification Q has a block of columns for each quantity, one column per class, and a constraint has its inequalities
/// once per class.
/// Custom constraints have no statistics: their values follow those of the built-in constraints in <see cref="ExactBatch"/>, and what is
/// said of m, <see cref="Count"/> and <see cref="Violations(ReadOnlySpan{double}, Span{double})"/> holds for both kinds together, in the
/// order of the declarations.
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

    private readonly GroupPartitions _partitions;
    private readonly QuantityMatrix _quantities;
    private readonly ConstraintTask _task;
    private readonly CheckedStatistics? _custom;
    private readonly int[] _builtInPlaces, _customPlaces;
    private readonly Tensor? _order;
    private readonly Dictionary<(int Column, GroupMetric Metric), int> _indexOfRate = [];
    private readonly InequalitySystem _builtIn;
    private readonly Device _device;
    private readonly Tensor? _customBounds;
    private readonly double[] _customBoundValues = [];

    private CompiledConstraints(IReadOnlyList<FairnessConstraint> constraints, GroupPartitions partitions, ConstraintTask task,
        ProbeRows? probe, Device device, ScalarType dtype)
    {
        (_partitions, _task, _device, ElementType) = (partitions, task, device, dtype);
        Layout = new MembershipLayout(constraints, partitions);
        _quantities = new QuantityMatrix(task, constraints.SelectMany(constraint => constraint.Metrics));
        if (constraints.Any(c => c is CustomConstraint))
            _custom = Probed(constraints, probe);

        var compiled = new List<ConstraintEntries>();
        List<int> builtInPlaces = [], customPlaces = [];
        for (var i = 0; i < constraints.Count; i++)
        {
            var (constraint, partition) = (constraints[i], partitions[i]);
            LinearInequality[] inequalities = [.. constraint.Inequalities(partition.GroupNames)];
            var names = constraint is CustomConstraint ? _custom!.InequalityNames(i) : [.. inequalities.Select(one => one.Name)];
            compiled.Add(new ConstraintEntries(constraint, Count, names, partition.GroupNames));
            (constraint is CustomConstraint ? customPlaces : builtInPlaces).AddRange(Enumerable.Range(Count, names.Length));
            Count += names.Length;
            foreach (var term in inequalities.SelectMany(inequality => inequality.Terms))
                _indexOfRate.TryAdd(RateOf(i, term), _indexOfRate.Count);

            if ((long)builtInPlaces.Count * _indexOfRate.Count > LargestMatrix)
            {
                throw new ArgumentException(
                    $"{constraint.Name}: {partition.GroupCount} groups give {inequalities.Length} comparisons, too many to train on; "
                    + "compare with the overall rate (Baseline = GroupBaseline.Overall), use fewer columns or a minimum group size.",
                    nameof(constraints));
            }
        }

        Constraints = compiled;
        (_builtInPlaces, _customPlaces) = ([.. builtInPlaces], [.. customPlaces]);

        using var scope = torch.NewDisposeScope();
        var rates = _indexOfRate.OrderBy(rate => rate.Value).Select(rate => rate.Key).ToArray();
        _builtIn = new InequalitySystem(
            [.. rates.Select(rate => (long)rate.Column * QuantityCount + _quantities.NumeratorOf(rate.Metric))],
            [.. rates.Select(rate => (long)rate.Column * QuantityCount + _quantities.DenominatorOf(rate.Metric))],
            dtype,
            device);
        if (_custom is not null)
        {
            // Where in [built-in, custom] each violation stands.
            int[] places = [.. _builtInPlaces, .. _customPlaces];
            _order = torch.tensor([.. Enumerable.Range(0, Count).OrderBy(place => places[place]).Select(place => (long)place)],
                device: device).DetachFromDisposeScope();
        }

        (int Constraint, LinearInequality Inequality, double Unit)[] all = [.. constraints.SelectMany((constraint, i)
            => constraint.Inequalities(partitions[i].GroupNames).Select(one => (i, one, task.Labels.UnitOf(one.Terms[0].Metric))))];
        _builtIn.Set(
            all.SelectMany((one, index) => one.Inequality.Terms
                .Select(term => (index, _indexOfRate[RateOf(one.Constraint, term)], term.Coefficient / one.Unit))),
            [.. all.Select(one => one.Inequality.Bound / one.Unit)]);
        if (_custom is null)
            return;
        _customBoundValues = _custom.Bounds;
        _customBounds = torch.tensor(_customBoundValues, dtype: dtype, device: device).DetachFromDisposeScope();
    }

    /// <summary>The declarations with their ranges in the violations.</summary>
    internal IReadOnlyList<ConstraintEntries> Constraints { get; }

    /// <summary>m, the number of violations.</summary>
    internal int Count { get; }

    /// <summary>The type of the elements of its tensors.</summary>
    internal ScalarType ElementType { get; }

    /// <summary>Where the groups are in the membership matrix.</summary>
    internal MembershipLayout Layout { get; }

    /// <summary>The number of columns of the membership matrix.</summary>
    internal int GroupCount => Layout.ColumnCount;

    /// <summary>q, the number of quantities summed for each group.</summary>
    internal int QuantityCount => _quantities.Count;

    /// <summary>The length of what drives the multipliers: the statistics, and after them the values of custom constraints.</summary>
    internal int StatisticsLength => GroupCount * QuantityCount + (_custom?.Count ?? 0);

    /// <summary>Whether there are custom constraints, whose values on all rows cannot be added up from parts of them.</summary>
    internal bool HasCustom => _custom is not null;

    /// <summary>Whether <see cref="Statistics"/> needs losses.</summary>
    internal bool UsesLoss => _quantities.UsesLoss;

    /// <param name="constraints">Valid declarations.</param>
    /// <param name="partitions">The groups of each declaration's columns.</param>
    /// <param name="device">Where to compute; CPU by default.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="task">What is learned; binary classification by default.</param>
    /// <param name="probe">What custom constraints are tried with; needed where there are any.</param>
    /// <exception cref="InvalidOperationException">A declaration names a reference group or a class that is not there, or the statistic of
    /// a custom constraint cannot be trained on.</exception>
    internal static CompiledConstraints Compile(
        IReadOnlyList<FairnessConstraint> constraints,
        GroupPartitions partitions,
        Device? device = null,
        ScalarType dtype = ScalarType.Float32,
        ConstraintTask? task = null,
        ProbeRows? probe = null)
    {
        task ??= ConstraintTask.Binary;
        constraints = [.. constraints.Select(constraint => constraint.Of(task.Labels))];
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

    /// <summary>Frees the constant tensors.</summary>
    public void Dispose()
    {
        _builtIn.Dispose();
        _order?.Dispose();
        _customBounds?.Dispose();
    }

    private CheckedStatistics Probed(IReadOnlyList<FairnessConstraint> constraints, ProbeRows? probe)
    {
        if (probe is null)
            throw new ArgumentException("Custom constraints need rows to be tried with.", nameof(probe));
        if (probe.Labels.Length != Layout.RowCount)
            throw new ArgumentException($"There are {probe.Labels.Length} labels, but {Layout.RowCount} rows.", nameof(probe));
        using var scope = torch.NewDisposeScope();
        return new CheckedStatistics(constraints, Layout, _task, probe.Sample(Layout, ElementType, _device), ElementType);
    }

    private (int Column, GroupMetric Metric) RateOf(int constraint, RateTerm term)
        => (Layout.ColumnOf(constraint, term.Group), term.Metric);
}

/// <summary>One declaration inside <see cref="CompiledConstraints"/>: which entries of the violations are its own.</summary>
/// <param name="Declaration">The declaration.</param>
/// <param name="Start">The first of its entries in the violations [m].</param>
/// <param name="InequalityNames">The inequality behind each entry, such as <c>DemographicParity(Sex): Female - Male &lt;= 0.05</c>; as many
/// as there are entries.</param>
/// <param name="GroupNames">The names of its groups.</param>
internal sealed record ConstraintEntries(FairnessConstraint Declaration, int Start, IReadOnlyList<string> InequalityNames,
    IReadOnlyList<string> GroupNames)
{
    internal string Name => Declaration.Name;

    /// <summary>The number of entries; zero where there is nothing to compare (a single group).</summary>
    internal int Count => InequalityNames.Count;
}
