using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Collects the values of one vector in order of their slots: sparse while they are few, dense from then on. Keeps its arrays for the next vector.</summary>
internal sealed class VectorBuilder<T>
{
    private T[] _values = [];
    private int[] _indices = [];
    private int _length;
    private int _count;
    private int _sparseLimit;
    private bool _dense;

    /// <summary>Starts a vector.</summary>
    /// <param name="length">Its number of slots.</param>
    /// <param name="sparseLimit">How many values a sparse vector may have; one more makes it dense.</param>
    public void Reset(int length, int sparseLimit)
    {
        if (_values.Length < length)
            Array.Resize(ref _values, length);
        if (_indices.Length < sparseLimit)
            Array.Resize(ref _indices, sparseLimit);
        (_length, _count, _sparseLimit, _dense) = (length, 0, sparseLimit, false);
    }

    /// <summary>Starts a vector with the limit of ML.NET's own transforms.</summary>
    public void Reset(int length) => Reset(length, Math.Max(0, (length / 2) - 1));

    /// <summary>Adds a value; slots come in rising order.</summary>
    public void Add(int slot, T value)
    {
        if (!_dense && _count >= _sparseLimit)
            MakeDense();
        if (_dense)
        {
            _values[slot] = value;
            return;
        }
        _values[_count] = value;
        _indices[_count++] = slot;
    }

    /// <summary>Copies the vector into the caller's buffer, using its arrays again where they are large enough.</summary>
    public void CopyTo(ref VBuffer<T> destination)
    {
        var count = _dense ? _length : _count;
        var editor = VBufferEditor.Create(ref destination, _length, count);
        _values.AsSpan(0, count).CopyTo(editor.Values);
        if (count < _length)
            _indices.AsSpan(0, count).CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    private void MakeDense()
    {
        Contracts.Check(!_dense);
        _dense = true;
        _values.AsSpan(_count, _length - _count).Clear();
        for (var i = _count - 1; i >= 0 && _indices[i] != i; i--)
        {
            _values[_indices[i]] = _values[i];
            _values[i] = default;
        }
    }
}
