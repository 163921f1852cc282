using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Reading and writing by index.
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, At(i1));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(At(i1, i2));
            set => index_put_(value, At(i1, i2));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(At(i1, i2, i3));
            set => index_put_(value, At(i1, i2, i3));
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(At(indices));
            set => index_put_(value, At(indices));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var view = View(indices, out var tensors);
            if (tensors is null) return new Tensor(view);
            using (new Owned(view)) return Call("index.Tensor", new Argument(Tag.Tensor, view), Argument.Optional(tensors));
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            var view = View(indices, out var tensors);
            using (new Owned(view))
            {
                if (tensors is not null) return Put(view, tensors, value, accumulate);
                if (accumulate)
                    throw new Exception("Invalid 'indices' parameter. Must be an array of TensorIndex objects containing tensors with indices that match the shape of the tensor to update");
                return Copy(view, value);
            }
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            var view = View(indices, out var tensors);
            using (new Owned(view))
            {
                if (tensors is null) return Mutate("fill_.Scalar", new Argument(Tag.Tensor, view), value);
                using var number = new Owned(Operators.CallHandle("full", Array.Empty<long>(), value, dtype, default, device));
                return Put(view, tensors, number.AsArgument(), false);
            }
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor), accumulate);

        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        private static TensorIndex[] At(params long[] indices) => Array.ConvertAll(indices, index => TensorIndex.Single(index));

        private Tensor Put(nint view, Tensor?[] tensors, Argument value, bool accumulate) =>
            Mutate("index_put_", new Argument(Tag.Tensor, view), Argument.Optional(tensors), value, accumulate);

        // Leading dimensions of length 1 that the target lacks do not count, as in libtorch.
        private Tensor Copy(nint view, Tensor value)
        {
            var target = new Argument(Tag.Tensor, view);
            var lengths = value.shape;
            var extra = lengths.Length - (int)NativeMethods.shim_tensor_dim(view);
            if (extra <= 0 || lengths.Take(extra).Any(length => length != 1)) return Mutate("copy_", target, value);
            using var trimmed = new Owned(Operators.CallHandle("reshape", value, lengths[extra..]));
            return Mutate("copy_", target, trimmed.AsArgument());
        }

        /// <summary>The view that integers and slices select, and the index tensors by dimension of that view.</summary>
        private nint View(TensorIndex[] indices, out Tensor?[]? tensors)
        {
            var view = NativeMethods.shim_tensor_alias(Handle);
            var found = new List<Tensor?>();
            var (dimension, covered) = (0, 0);
            foreach (var index in indices)
            {
                switch (index.kind)
                {
                    case TensorIndex.Kind.Single:
                        Replace("select.int", dimension, index.start.GetValueOrDefault());
                        break;
                    case TensorIndex.Kind.Slice:
                        if (index.start is not null || index.stop is not null || index.step is not null)
                            Replace("slice.Tensor", dimension, index.start, index.stop, index.step ?? 1);
                        dimension++;
                        break;
                    case TensorIndex.Kind.None or TensorIndex.Kind.Null:
                        Replace("unsqueeze", dimension++);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        dimension += (int)ndim - indices.Sum(Consumed);
                        break;
                    case TensorIndex.Kind.Tensor:
                        for (; covered < dimension; covered++) found.Add(null);
                        found.Add(index.tensor);
                        covered = dimension += Consumed(index);
                        break;
                    default:
                        throw new NotSupportedException("The stand-in for TorchSharp does not offer TensorIndex.Bool.");
                }
            }
            tensors = found.Count == 0 ? null : [.. found];
            return view;

            void Replace(string name, long dim, params ReadOnlySpan<Argument> rest)
            {
                using var old = new Owned(view);
                view = Operators.CallHandle(name, [old.AsArgument(), dim, .. rest]);
            }
        }

        /// <summary>How many dimensions of the tensor an index takes up.</summary>
        private static int Consumed(TensorIndex index) => index.kind switch
        {
            TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
            TensorIndex.Kind.Tensor => index.tensor!.dtype is ScalarType.Bool or ScalarType.Byte ? (int)index.tensor.ndim : 1,
            _ => 0,
        };

        /// <summary>A handle that no Tensor object owns, so that it counts in no statistics.</summary>
        private readonly struct Owned(nint handle) : IDisposable
        {
            public Argument AsArgument() => new(Tag.Tensor, handle);

            public void Dispose() => NativeMethods.shim_tensor_free(handle);
        }
    }
}
