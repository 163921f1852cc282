using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Gives each row of a view a number in [0, 1) that decides into which part of a split it goes: the same number as in the original.</summary>
internal sealed class SplitNumber
{
    private const uint DefaultRandomSeed = 42;
    private const uint DefaultHashSeed = 314489979;
    private const int HashBits = 30;

    private readonly IHostEnvironment _env;
    private readonly IDataView _source;
    private readonly int[] _read;
    private readonly Func<DataViewRow, Func<double>> _makeNumber;

    private SplitNumber(IHostEnvironment env, IDataView source, int[] read, Func<DataViewRow, Func<double>> makeNumber)
        => (_env, _source, _read, _makeNumber) = (env, source, read, makeNumber);

    /// <param name="env">The environment; its seed counts where none is given.</param>
    /// <param name="data">The view to split.</param>
    /// <param name="samplingKeyColumnName">Rows with equal values in this column have equal numbers; null for a random number per row.</param>
    /// <param name="seed">The seed of the random numbers or of the hash.</param>
    public static SplitNumber Create(IHostEnvironment env, IDataView data, string samplingKeyColumnName, int? seed)
    {
        seed ??= ((IHostEnvironmentInternal)env).Seed;
        if (samplingKeyColumnName == null)
            return new SplitNumber(env, new InOrder(env, data), [], row => RandomNumber(row, (uint?)seed ?? DefaultRandomSeed));
        var column = data.Schema.GetColumnOrNull(samplingKeyColumnName)
            ?? throw env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", samplingKeyColumnName);
        Func<DataViewRow, Func<double>> makeNumber;
        if (column.Type is KeyDataViewType key)
            makeNumber = row => KeyNumber(KeyGetter(row, column), key.Count);
        else if (column.Type == NumberDataViewType.Single)
            makeNumber = Scaled(data.GetColumn<float>(column).Aggregate((Min: float.PositiveInfinity, Max: float.NegativeInfinity), (range, value) => (value < range.Min ? value : range.Min, value > range.Max ? value : range.Max)), column);
        else if (column.Type == NumberDataViewType.Double)
            makeNumber = Scaled(data.GetColumn<double>(column).Aggregate((Min: double.PositiveInfinity, Max: double.NegativeInfinity), (range, value) => (value < range.Min ? value : range.Min, value > range.Max ? value : range.Max)), column);
        else
            makeNumber = row => KeyNumber(SplitHash.Getter(row, column, (uint?)seed ?? DefaultHashSeed, HashBits), 1UL << HashBits);
        return new SplitNumber(env, data, [column.Index], makeNumber);
    }

    /// <summary>The rows whose number lies between the limits, or with <paramref name="complement"/> those outside. A row without a number is in neither.</summary>
    public IDataView Part(double min, double max, bool includeMax, bool complement) => new RowFilter(_env, "RangeFilter", _source, _read, row =>
    {
        var number = _makeNumber(row);
        return () =>
        {
            var value = number();
            var below = value < min;
            var above = includeMax ? value > max : value >= max;
            return complement ? below || above : !double.IsNaN(value) && !below && !above;
        };
    });

    /// <summary>The draw that belongs to the row's position.</summary>
    private static Func<double> RandomNumber(DataViewRow row, uint seed)
    {
        var random = new TauswortheHybrid(seed);
        long drawn = -1;
        var value = 0f;
        return () =>
        {
            for (; drawn < row.Position; drawn++)
                value = random.NextSingle();
            return value;
        };
    }

    private static Func<double> KeyNumber(Func<ulong> key, ulong count) => () =>
    {
        var value = key();
        return value == 0 || value > count ? double.NaN : ((uint)value - 0.5) / count;
    };

    private static Func<ulong> KeyGetter(DataViewRow row, DataViewSchema.Column column) => Generic.Invoke<Func<ulong>>(KeyGetterOf<int>, column.Type.RawType, row, column);

    private static Func<ulong> KeyGetterOf<T>(DataViewRow row, DataViewSchema.Column column)
        where T : System.Numerics.INumberBase<T>
    {
        var read = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            read(ref value);
            return ulong.CreateTruncating(value);
        };
    }

    /// <summary>A real number is scaled to its range: split fractions are fractions of the range.</summary>
    private static Func<DataViewRow, Func<double>> Scaled<T>((T Min, T Max) range, DataViewSchema.Column column)
        where T : System.Numerics.IFloatingPointIeee754<T>
    {
        var scale = range.Max > range.Min ? T.One / (range.Max - range.Min) : T.Zero;
        var offset = scale == T.Zero ? T.Zero : range.Min;
        return row =>
        {
            var read = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                read(ref value);
                return double.CreateTruncating((value - offset) * scale);
            };
        };
    }

    /// <summary>The same rows, always in their own order: their random numbers depend on their positions.</summary>
    private sealed class InOrder(IHostEnvironment env, IDataView source) : DataViewBase(env.Register("GenerateNumber"), source.Schema)
    {
        public override bool CanShuffle => false;

        public override long? GetRowCount() => source.GetRowCount();

        protected override DataViewRowCursor GetRowCursorCore(bool[] active, Random rand) => source.GetRowCursor(source.Schema.Where(column => active[column.Index]));
    }
}
