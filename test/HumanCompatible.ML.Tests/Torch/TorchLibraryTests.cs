using HumanCompatible.ML.Torch;

namespace HumanCompatible.ML.Tests.Torch;

[TestClass]
public sealed class TorchLibraryTests
{
    [TestMethod]
    public void LoadWhile_BothSucceed_GivesTheResultAfterTheLoad()
    {
        using var working = new ManualResetEventSlim();
        var loaded = false;

        var result = TorchLibrary.LoadWhile(
            () =>
            {
                working.Set();
                return 7;
            },
            () =>
            {
                working.Wait();
                loaded = true;
            });

        Assert.AreEqual((7, true), (result, loaded));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void LoadWhile_WorkThatThrows_WaitsForTheLoadAndThrowsThat(bool loadFails)
    {
        using var working = new ManualResetEventSlim();
        var ended = false;

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TorchLibrary.LoadWhile<int>(
            () =>
            {
                working.Set();
                throw new InvalidOperationException("work");
            },
            () =>
            {
                working.Wait();
                ended = true;
                if (loadFails)
                    throw new NotSupportedException("load");
            }));

        Assert.AreEqual("work", error.Message);
        Assert.IsTrue(ended);
    }

    [TestMethod]
    public void LoadWhile_LoadThatThrows_ThrowsThat()
        => Assert.AreEqual("load", Assert.ThrowsExactly<NotSupportedException>(()
            => TorchLibrary.LoadWhile(() => 7, () => throw new NotSupportedException("load"))).Message);
}
