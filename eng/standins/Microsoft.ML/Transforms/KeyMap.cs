using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The values that keys stand for: the first value has key one, a value that is not there has key zero.</summary>
internal abstract class KeyMap(PrimitiveDataViewType itemType)
{
    public PrimitiveDataViewType ItemType { get; } = itemType;

    public abstract int Count { get; }

    public KeyDataViewType KeyType => new(typeof(uint), Math.Max(1, Count));

    /// <summary>Learns a map from a cursor's column: a step per row that says whether more rows are wanted, and the end.</summary>
    public static (Func<bool> ProcessRow, Func<KeyMap> Finish) Learn(DataViewRow row, DataViewSchema.Column column, int maximumCount, bool sorted)
        => Generic.Invoke<(Func<bool>, Func<KeyMap>)>(LearnCore<int>, column.Type.GetItemType().RawType, row, column, maximumCount, sorted);

    public static KeyMap Load(ModelLoadContext ctx)
    {
        var kind = (DataKind)ctx.Reader.ReadByte();
        var keys = ctx.Reader.ReadUInt64();
        var type = kind.ToType(keys == 0 ? null : new KeyCount(keys));
        return Generic.Invoke<KeyMap>(LoadCore<int>, type.RawType, ctx, type);
    }

    public abstract void Save(ModelSaveContext ctx);

    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, bool asText);

    /// <summary>The getter of the keys of a column's values.</summary>
    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column);

    private static (Func<bool>, Func<KeyMap>) LearnCore<T>(DataViewRow row, DataViewSchema.Column column, int maximumCount, bool sorted)
    {
        var itemType = (PrimitiveDataViewType)column.Type.GetItemType();
        var isMissing = itemType is TextDataViewType ? null : MissingValues.TestOrNull<T>(itemType);
        var values = new List<T>();
        var seen = new HashSet<T>(KeyMap<T>.Comparer);
        bool Add(T value)
        {
            var missing = value is ReadOnlyMemory<char> text ? text.IsEmpty : isMissing?.Invoke(value) == true;
            if (!missing && values.Count < maximumCount && seen.Add(value))
                values.Add(value);
            return values.Count < maximumCount;
        }
        KeyMap Finish()
        {
            if (sorted)
                values.Sort((left, right) => left is ReadOnlyMemory<char> text ? text.Span.SequenceCompareTo(((ReadOnlyMemory<char>)(object)right).Span) : Comparer<T>.Default.Compare(left, right));
            return new KeyMap<T>(itemType, [.. values]);
        }
        if (column.Type is not VectorDataViewType)
        {
            var read = row.GetGetter<T>(column);
            T value = default;
            return (() =>
            {
                read(ref value);
                return Add(value);
            }, Finish);
        }
        var readVector = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        return (() =>
        {
            readVector(ref vector);
            return vector.DenseValues().All(Add);
        }, Finish);
    }

    private static KeyMap LoadCore<T>(ModelLoadContext ctx, PrimitiveDataViewType type)
    {
        var read = ReaderOf<T>(ctx);
        return new KeyMap<T>(type, [.. Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => read())]);
    }

    private static Func<T> ReaderOf<T>(ModelLoadContext ctx)
    {
        if (typeof(T) == typeof(ReadOnlyMemory<char>))
            return () => (T)(object)ctx.Reader.ReadString().AsMemory();
        var parse = TextParsing.For<T>(ColumnTypeExtensions.PrimitiveTypeFromType(typeof(T)));
        return () => parse(ctx.Reader.ReadString().AsMemory(), out var value) ? value : throw Contracts.ExceptDecode("Bad key value");
    }
}

/// <inheritdoc/>
internal sealed class KeyMap<T> : KeyMap
{
    private readonly T[] _values;
    private readonly Dictionary<T, uint> _keys = new(Comparer);

    public KeyMap(PrimitiveDataViewType itemType, T[] values)
        : base(itemType)
    {
        _values = values;
        foreach (var value in values)
            _keys.Add(value, (uint)_keys.Count + 1);
    }

    /// <summary>How values are told apart: text by its characters.</summary>
    public static IEqualityComparer<T> Comparer { get; } = typeof(T) == typeof(ReadOnlyMemory<char>) ? (IEqualityComparer<T>)(object)new TextComparer() : EqualityComparer<T>.Default;

    public override int Count => _values.Length;

    public override void Save(ModelSaveContext ctx)
    {
        ctx.Writer.Write((byte)DataKindTypes.FromRawType(ItemType.RawType).GetValueOrDefault());
        ctx.Writer.Write(ItemType.GetKeyCount());
        ctx.Writer.Write(_values.Length);
        var toText = ValueConversion.ToText<T>();
        foreach (var value in _values)
            ctx.Writer.Write(value is float real ? real.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : toText(value).ToString());
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, bool asText)
    {
        if (_values.Length == 0)
            return;
        if (ItemType is KeyDataViewType && input.HasKeyValues())
        {
            // A key of a key stands for what the inner one stands for.
            annotations.AddKeyValues(_values.Length, TextDataViewType.Instance, (ref VBuffer<ReadOnlyMemory<char>> target) =>
            {
                VBuffer<ReadOnlyMemory<char>> inner = default;
                input.GetKeyValues(ref inner);
                target = new(_values.Length, [.. _values.Select(value => inner.GetItemOrDefault(Convert.ToInt32(value) - 1))]);
            });
            return;
        }
        if (asText && ItemType is not TextDataViewType)
        {
            ReadOnlyMemory<char>[] texts = [.. _values.Select(ValueConversion.ToText<T>())];
            annotations.AddKeyValues(texts.Length, TextDataViewType.Instance, (ref VBuffer<ReadOnlyMemory<char>> target) => new VBuffer<ReadOnlyMemory<char>>(texts.Length, texts).CopyTo(ref target));
            return;
        }
        annotations.AddKeyValues(_values.Length, ItemType, (ref VBuffer<T> target) => new VBuffer<T>(_values.Length, _values).CopyTo(ref target));
    }

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var read = row.GetGetter<T>(column);
            T value = default;
            return (ValueGetter<uint>)((ref uint key) =>
            {
                read(ref value);
                key = _keys.GetValueOrDefault(value);
            });
        }
        var readVector = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        var builder = new VectorBuilder<uint>();
        return (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> target) =>
        {
            readVector(ref vector);
            builder.Reset(vector.Length);
            var slot = 0;
            foreach (var value in vector.DenseValues())
            {
                if (_keys.TryGetValue(value, out var key))
                    builder.Add(slot, key);
                slot++;
            }
            builder.CopyTo(ref target);
        });
    }

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>
    {
        public bool Equals(ReadOnlyMemory<char> left, ReadOnlyMemory<char> right) => left.Span.SequenceEqual(right.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);
    }
}
