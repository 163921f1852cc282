using Microsoft.ML.Data;

namespace PlatformContract.Tests.ML.Core;

[TestClass]
public sealed class VBufferTests
{
    private static readonly VBuffer<float> _sparse = new(5, 2, [7f, 9f], [1, 4]);

    [TestMethod]
    public void Dense_HasValuesAndNoIndices()
    {
        var dense = new VBuffer<float>(3, [1f, 2f, 3f]);
        Assert.IsTrue(dense.IsDense);
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, dense.GetValues().ToArray());
        Assert.AreEqual(0, dense.GetIndices().Length);
        Assert.AreEqual("Dense vector of size 3", dense.ToString());
    }

    [TestMethod]
    public void Sparse_HasExplicitValuesAndDefaultsElsewhere()
    {
        Assert.IsFalse(_sparse.IsDense);
        Assert.AreEqual(5, _sparse.Length);
        CollectionAssert.AreEqual(new[] { 1, 4 }, _sparse.GetIndices().ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 7f, 0f, 0f, 9f }, _sparse.DenseValues().ToArray());
        Assert.AreEqual(9f, _sparse.GetItemOrDefault(4));
        Assert.AreEqual(0f, _sparse.GetItemOrDefault(2));
        Assert.AreEqual("Sparse vector of size 5, 2 explicit values", _sparse.ToString());
    }

    [TestMethod]
    public void Items_AllOrExplicit()
    {
        CollectionAssert.AreEqual(new[] { 1, 4 }, _sparse.Items().Select(item => item.Key).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, _sparse.Items(all: true).Select(item => item.Key).ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 7f, 0f, 0f, 9f }, _sparse.Items(all: true).Select(item => item.Value).ToArray());
    }

    [TestMethod]
    public void CopyTo_KeepsSparsityAndCopyToDenseDoesNot()
    {
        VBuffer<float> copy = default, dense = default;
        _sparse.CopyTo(ref copy);
        _sparse.CopyToDense(ref dense);
        Assert.IsFalse(copy.IsDense);
        Assert.IsTrue(dense.IsDense);
        CollectionAssert.AreEqual(new[] { 0f, 7f, 0f, 0f, 9f }, dense.GetValues().ToArray());
    }

    [TestMethod]
    public void CopyTo_PartOfSparse_ShiftsIndices()
    {
        VBuffer<float> part = default;
        _sparse.CopyTo(ref part, 1, 3);
        CollectionAssert.AreEqual(new[] { 7f, 0f, 0f }, part.DenseValues().ToArray());
    }

    [TestMethod]
    public void CopyTo_SpanTooSmall_Throws()
        => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _sparse.CopyTo(new float[4]));

    [TestMethod]
    public void Constructor_BadSizes_Throws()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(-1, []));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, [1f]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, 4, new float[4], new int[4]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, 2, new float[2], [0]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _sparse.GetItemOrDefault(5));
    }

    [TestMethod]
    public void Editor_ReusesABigEnoughBuffer()
    {
        VBuffer<float> buffer = default;
        var first = VBufferEditor.Create(ref buffer, 4);
        Assert.IsTrue(first.CreatedNewValues);
        first.Values.Fill(1);
        buffer = first.Commit();
        var second = VBufferEditor.Create(ref buffer, 3);
        Assert.IsFalse(second.CreatedNewValues);
        Assert.AreEqual(3, second.Values.Length);
        Assert.AreEqual(1f, second.Values[0]);
    }

    [TestMethod]
    public void Editor_SparseCommitAndTruncation()
    {
        VBuffer<float> buffer = default;
        var editor = VBufferEditor.Create(ref buffer, 10, 3);
        Assert.AreEqual(3, editor.Indices.Length);
        (editor.Indices[0], editor.Values[0]) = (2, 5f);
        buffer = editor.CommitTruncated(1);
        Assert.AreEqual(10, buffer.Length);
        CollectionAssert.AreEqual(new[] { 5f }, buffer.GetValues().ToArray());
        Assert.AreEqual(5f, buffer.GetItemOrDefault(2));
    }

    [TestMethod]
    public void Editor_FromBuffer_ShowsItsValues()
    {
        var buffer = new VBuffer<float>(2, [3f, 4f]);
        var editor = VBufferEditor.CreateFromBuffer(ref buffer);
        editor.Values[1] = 8;
        CollectionAssert.AreEqual(new[] { 3f, 8f }, editor.Commit().GetValues().ToArray());
    }

    [TestMethod]
    public void Copy_FromArraySegment()
    {
        VBuffer<int> target = default;
        VBuffer<int>.Copy([1, 2, 3, 4], 1, ref target, 2);
        CollectionAssert.AreEqual(new[] { 2, 3 }, target.GetValues().ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
        {
            VBuffer<int> other = default;
            VBuffer<int>.Copy([1], 1, ref other, 1);
        });
    }
}
