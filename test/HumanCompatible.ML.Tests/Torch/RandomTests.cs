using TorchSharp;

namespace HumanCompatible.ML.Tests.Torch;

/// <summary>Where torch's random numbers come from.</summary>
[TestClass]
public sealed class RandomTests
{
    private torch.Tensor _state = null!;

    [TestInitialize]
    public void KeepState() => _state = torch.get_rng_state();

    [TestCleanup]
    public void RestoreState()
    {
        torch.set_rng_state(_state);
        _state.Dispose();
    }

    [TestMethod]
    public void Generator_OfASeed_GivesTheseNumbersInEveryVersion()
    {
        using var generator = new torch.Generator(1UL);
        float[] expected = [0.7576316f, 0.27931088f, 0.40306926f];

        CollectionAssert.AreEqual(expected, Draw(generator));
        generator.manual_seed(1);
        CollectionAssert.AreEqual(expected, Draw(generator));
    }

    [TestMethod]
    public void StateOfAGenerator_SetForTheProcess_GivesItsNumbers()
    {
        using var generator = new torch.Generator(5UL);
        using var state = generator.get_state();

        torch.set_rng_state(state);

        CollectionAssert.AreEqual(Draw(generator), Draw(null));
    }

    // So a user's module is built and run with that state exchanged.
    [TestMethod]
    public void LayersAndDropout_DrawFromTheStateOfTheProcess()
    {
        var before = State();
        using (torch.nn.Linear(2, 2))
            CollectionAssert.AreNotEqual(before, before = State());

        using var ones = torch.ones(9);
        using (torch.nn.functional.dropout(ones))
            CollectionAssert.AreNotEqual(before, State());
    }

    private static float[] Draw(torch.Generator? generator)
    {
        using var numbers = torch.rand(3, generator: generator);
        return numbers.data<float>().ToArray();
    }

    private static byte[] State()
    {
        using var state = torch.get_rng_state();
        return state.data<byte>().ToArray();
    }
}
