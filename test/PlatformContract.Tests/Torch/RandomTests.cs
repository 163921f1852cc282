using TorchSharp;
using static TorchSharp.torch;

namespace PlatformContract.Tests.Torch;

[TestClass]
public sealed class RandomTests
{
    private DisposeScope scope = null!;
    private Tensor state = null!;

    [TestInitialize]
    public void KeepState()
    {
        scope = NewDisposeScope();
        state = get_rng_state();
    }

    [TestCleanup]
    public void RestoreState()
    {
        set_rng_state(state);
        scope.Dispose();
    }

    [TestMethod]
    public void ManualSeed_FixesWhatFollows()
    {
        manual_seed(1);
        TensorAssert.AreEqual([0.7576315999031067, 0.2793108820915222, 0.40306925773620605], rand(3));
        manual_seed(1);
        TensorAssert.AreEqual([5, 6, 1, 2, 0, 8, 9, 3, 7, 4], randperm(10));
        manual_seed(1);
        var first = randn(20);
        manual_seed(1);
        TensorAssert.AreEqual(TensorAssert.Values(first), randn(20));
        Assert.AreEqual(1L, initial_seed());
    }

    [TestMethod]
    public void Generator_GivesTheNumbersOfItsSeed()
    {
        TensorAssert.AreEqual([0.7576315999031067, 0.2793108820915222, 0.40306925773620605], rand(3, generator: new Generator(1)));
        TensorAssert.AreEqual([5, 6, 1, 2, 0, 8, 9, 3, 7, 4], randperm(10, generator: new Generator(1)));
        TensorAssert.AreEqual([45, 39, 24, 68, 63], randint(100, [5], generator: new Generator(1)));
        TensorAssert.AreEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0], full(10, 0.5).bernoulli(new Generator(3)));
        Assert.AreEqual(7L, new Generator(7).initial_seed());
        TensorAssert.AreEqual(
            TensorAssert.Values(randn(5, generator: new Generator(4))), randn(5, generator: new Generator().manual_seed(4)));
    }

    [TestMethod]
    public void Generator_LeavesTheDefaultAlone()
    {
        var before = TensorAssert.Values(get_rng_state());
        using var generator = new Generator(5);
        rand(10, generator: generator);
        randn(10, generator: generator);
        randperm(10, generator: generator);
        zeros(10).uniform_(0, 1, generator).normal_(0, 1, generator).bernoulli_(0.5, generator);
        full(10, 0.5).bernoulli(generator);
        ones(10).multinomial(3, false, generator);
        CollectionAssert.AreEqual(before, TensorAssert.Values(get_rng_state()));
        rand(1);
        CollectionAssert.AreNotEqual(before, TensorAssert.Values(get_rng_state()));
    }

    [TestMethod]
    public void State_OfAGenerator_CanBeTakenAndSet()
    {
        using var generator = new Generator(5);
        rand(10, generator: generator);
        var taken = generator.get_state();
        var expected = TensorAssert.Values(rand(10, generator: generator));
        generator.set_state(taken);
        TensorAssert.AreEqual(expected, rand(10, generator: generator));
        using var other = new Generator(99);
        other.set_state(taken);
        TensorAssert.AreEqual(expected, rand(10, generator: other));
        Assert.AreEqual(ScalarType.Byte, taken.dtype);
    }

    [TestMethod]
    public void DefaultState_CanBeTakenAndSet()
    {
        var taken = get_rng_state();
        var expected = TensorAssert.Values(rand(10));
        set_rng_state(taken);
        TensorAssert.AreEqual(expected, rand(10));
        using var shared = Generator.Default;
        set_rng_state(taken);
        TensorAssert.AreEqual(expected, rand(10, generator: shared));
        CollectionAssert.AreEqual(TensorAssert.Values(get_rng_state()), TensorAssert.Values(shared.get_state()));
    }

    [TestMethod]
    public void Dropout_And_Init_UseTheDefaultGenerator()
    {
        manual_seed(3);
        var dropped = TensorAssert.Values(nn.functional.dropout(ones(50)));
        var filled = TensorAssert.Values(nn.init.uniform_(zeros(5)));
        manual_seed(3);
        TensorAssert.AreEqual(dropped, nn.functional.dropout(ones(50)));
        // The generator of uniform_ is not looked at.
        TensorAssert.AreEqual(filled, nn.init.uniform_(zeros(5), 0, 1, new Generator(9)));
    }

    [TestMethod]
    public void Distributions_HaveTheirMoments()
    {
        using var generator = new Generator(11);
        var uniform = zeros(20000).uniform_(2, 4, generator);
        Assert.AreEqual(3, uniform.mean().item<float>(), 0.03);
        Assert.IsTrue(uniform.min().item<float>() >= 2 && uniform.max().item<float>() <= 4);
        var normal = zeros(20000).normal_(1, 2, generator);
        Assert.AreEqual(1, normal.mean().item<float>(), 0.05);
        Assert.AreEqual(2, normal.std().item<float>(), 0.05);
        var coins = zeros(20000).bernoulli_(0.3, generator);
        Assert.AreEqual(0.3, coins.mean().item<float>(), 0.02);
        var picks = tensor(new[] { 0f, 1f, 3f }).multinomial(20000, true, generator);
        Assert.AreEqual(0.75, (picks == 2).to(float32).mean().item<float>(), 0.02);
        TensorAssert.AreEqual(TensorAssert.Values(arange(30)), randperm(30, generator: generator).sort().Values);
    }

    [TestMethod]
    public void Like_DrawsInShapeAndType()
    {
        var source = zeros(2, 3, dtype: float64);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, rand_like(source).shape);
        Assert.AreEqual(ScalarType.Float64, randn_like(source).dtype);
        Assert.ThrowsExactly<ArgumentException>(() => rand(2, dtype: int64));
    }
}
