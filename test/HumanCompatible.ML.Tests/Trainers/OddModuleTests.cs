using HumanCompatible.ML.Constraints;
using HumanCompatible.ML.Networks;
using Microsoft.ML;
using TorchSharp;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>
/// Networks of the user's own whose rows see each other, or that are left to chance, predict nothing that could be judged.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class OddModuleTests
{
    private static readonly MLContext ML = new(1);

    public static IEnumerable<object[]> Odd =>
    [
        ["centered", (Func<torch.Tensor, torch.Tensor>)(outputs => outputs - outputs.mean())],
        ["left to chance", (Func<torch.Tensor, torch.Tensor>)(outputs => outputs + (float)Random.Shared.NextDouble())],
    ];

    [TestMethod]
    [DynamicData(nameof(Odd))]
    public void Fit_WhereARowHasOtherOutputsBesideOthers_IsRefused(string name, Func<torch.Tensor, torch.Tensor> change)
    {
        var before = TorchState.Read();
        var options = Workout.Small(Fairness.DemographicParity("Sex", 0.1));
        options.Network = NetworkRegistry.Register($"tests: {name}", (inputs, _) => new OddModule(inputs, change));

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => ML.Constrained().Trainers.BinaryClassification(options).Fit(Census.View(ML, 200)));

        Assert.StartsWith($"The network 'tests: {name}' must give a row the same outputs in evaluation mode whatever rows are beside it, "
            + "and each time; row 0 had ", error.Message);
        before.AssertUnchanged();
    }
}
