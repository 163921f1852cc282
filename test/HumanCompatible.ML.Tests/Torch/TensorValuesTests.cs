using HumanCompatible.ML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace HumanCompatible.ML.Tests.Torch;

[TestClass]
[DoNotParallelize]
public sealed class TensorValuesTests
{
    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void CreateAndRead_RoundTripWithoutLeaks(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var strided = ones(3, 2, dtype: dtype).requires_grad_();
        var column = strided.select(1, 0) * tensor(new[] { 1.0, 2, 3 }, dtype: dtype);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var values = new double[3];
        using (var tensor = TensorValues.Create([.5, -1, 2], dtype, CPU))
        {
            Assert.AreEqual(dtype, tensor.dtype);
            TensorValues.Read(tensor, values);
        }

        CollectionAssert.AreEqual(new[] { .5, -1, 2 }, values);
        var loss = new double[1];
        using (var five = full(1, 5, dtype: dtype))
            TensorValues.ReadTogether(five, loss, column, values);
        CollectionAssert.AreEqual(new[] { 5.0 }, loss);
        CollectionAssert.AreEqual(new[] { 1.0, 2, 3 }, values);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Read_OfATensorNobodyKeeps_ReadsItBeforeItsMemoryIsFreed()
    {
        const int count = 200_000;
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        try
        {
            var values = new double[count];
            for (var i = 1; i <= 50; i++)
            {
                TensorValues.Read(full(count, i, dtype: i % 2 == 0 ? ScalarType.Float32 : ScalarType.Float64), values);
                Assert.AreEqual((i, i), (values.Min(), values.Max()));
            }
        }
        finally
        {
            stop.Cancel();
            collector.GetAwaiter().GetResult();
        }
    }
}
