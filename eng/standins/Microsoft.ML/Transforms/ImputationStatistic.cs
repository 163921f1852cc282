using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Computes, in one pass over a column, the values that replace its missing ones.</summary>
internal abstract class ImputationStatistic
{
    public abstract void ProcessRow();

    /// <summary>One value per slot, or one for the whole column.</summary>
    public abstract double[] Finish();

    public static ImputationStatistic Create(DataViewRowCursor cursor, DataViewSchema.Column column, MissingValueReplacingEstimator.ReplacementMode mode, bool bySlot)
        => column.Type.GetItemType().RawType == typeof(double) ? new Of<double>(cursor, column, mode, bySlot) : new Of<float>(cursor, column, mode, bySlot);

    private sealed class Of<T> : ImputationStatistic
        where T : struct, IFloatingPointIeee754<T>
    {
        private readonly ValueGetter<VBuffer<T>> _read;
        private readonly Slot[] _slots;
        private VBuffer<T> _row;

        public Of(DataViewRowCursor cursor, DataViewSchema.Column column, MissingValueReplacingEstimator.ReplacementMode mode, bool bySlot)
        {
            _slots = [.. Enumerable.Range(0, bySlot ? column.Type.GetVectorSize() : 1).Select(_ => new Slot(mode))];
            if (column.Type is VectorDataViewType)
            {
                _read = cursor.GetGetter<VBuffer<T>>(column);
                return;
            }
            var scalar = cursor.GetGetter<T>(column);
            _read = (ref VBuffer<T> row) =>
            {
                var editor = VBufferEditor.Create(ref row, 1);
                scalar(ref editor.Values[0]);
                row = editor.Commit();
            };
        }

        public override void ProcessRow()
        {
            _read(ref _row);
            var slot = 0;
            foreach (var value in _row.DenseValues())
                _slots[_slots.Length == 1 ? 0 : slot++].Add(value);
        }

        public override double[] Finish() => [.. _slots.Select(slot => slot.Value)];

        private sealed class Slot(MissingValueReplacingEstimator.ReplacementMode mode)
        {
            private readonly Dictionary<T, int> _counts = [];
            private double _mean;
            private long _count;
            private T _extreme = mode == MissingValueReplacingEstimator.ReplacementMode.Maximum ? T.NegativeInfinity : T.PositiveInfinity;
            private T _mode;
            private int _modeCount;

            public double Value => mode switch
            {
                MissingValueReplacingEstimator.ReplacementMode.Mean => _mean,
                MissingValueReplacingEstimator.ReplacementMode.Mode => double.CreateChecked(_mode),
                _ => double.CreateChecked(_extreme),
            };

            public void Add(T value)
            {
                switch (mode)
                {
                    case MissingValueReplacingEstimator.ReplacementMode.Mean when T.IsFinite(value):
                        _count++;
                        var real = double.CreateChecked(value);
                        // Values of both signs could overflow in one difference.
                        _mean += (real / _count) - (_mean / _count);
                        break;
                    case MissingValueReplacingEstimator.ReplacementMode.Minimum when value < _extreme:
                    case MissingValueReplacingEstimator.ReplacementMode.Maximum when value > _extreme:
                        _extreme = value;
                        break;
                    case MissingValueReplacingEstimator.ReplacementMode.Mode when T.IsFinite(value):
                        var count = _counts[value] = _counts.GetValueOrDefault(value) + 1;
                        // The value that first reached the highest count.
                        if (count > _modeCount)
                            (_mode, _modeCount) = (value, count);
                        break;
                }
            }
        }
    }
}
