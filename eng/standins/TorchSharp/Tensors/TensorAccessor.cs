using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Element access to a tensor in CPU memory, whatever its strides. Keeps the tensor object alive, not its memory: do not outlive it.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor tensor;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;
    private readonly T* start;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        this.tensor = tensor;
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        start = (T*)tensor.DataPointer;
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => start[Offset(indices)];
        set => start[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        if (Count > 0) CopyTo(array);
        return array;
    }

    public Array ToNDArray()
    {
        if (shape.Length == 0) return ToArray();
        var array = Array.CreateInstance(typeof(T), shape);
        var position = new long[shape.Length];
        for (long index = 0; index < Count; index++)
        {
            var rest = index;
            for (var d = shape.Length - 1; d >= 0; d--) rest = Math.DivRem(rest, shape[d], out position[d]);
            array.SetValue(start[OffsetOf(index)], position);
        }
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        CheckStart(tensorIndex);
        var length = (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        if (contiguous) new Span<T>(start + tensorIndex, Math.Max(0, length)).CopyTo(array[arrayIndex..]);
        else for (var i = 0; i < length; i++) array[arrayIndex + i] = start[OffsetOf(tensorIndex + i)];
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        CheckStart(tensorIndex);
        var length = (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        for (var i = 0; i < length; i++) start[OffsetOf(tensorIndex + i)] = array[arrayIndex + i];
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() { }

    private T At(long index) => start[OffsetOf(index)];

    private void CheckStart(long index)
    {
        if (index < 0 || index >= Count) throw new ArgumentOutOfRangeException(nameof(index), index, "There is no such element in the tensor.");
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            if (indices[0] >= Count) throw new IndexOutOfRangeException();
            if (indices[0] < 0) throw new ArgumentOutOfRangeException($"{indices[0]} in a collection of  {Count} elements.");
            return OffsetOf(indices[0]);
        }
        long offset = 0;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            if (indices[d] >= shape[d] || indices[d] < 0) throw new IndexOutOfRangeException($"{indices[d]} >= {shape[d]} in dimension {d}.");
            offset += indices[d] * strides[d];
        }
        return offset;
    }

    private long OffsetOf(long index)
    {
        if (contiguous) return index;
        long offset = 0;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            index = Math.DivRem(index, shape[d], out var position);
            offset += position * strides[d];
        }
        return offset;
    }
}
