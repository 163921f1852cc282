using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Networks;

/// <summary>The torch side of a <see cref="TrainableNetwork"/>: layers of our own, or the user's module.</summary>
internal interface ITorchNetwork : IDisposable
{
    /// <summary>The tensors that an optimizer changes, in order.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The parameters and persistent buffers by name, in order: what a snapshot keeps.</summary>
    IReadOnlyList<(string Name, torch.Tensor Tensor)> State { get; }

    /// <summary>The part of <see cref="State"/> that is taken of batches instead of trained, such as running means.</summary>
    IReadOnlyList<torch.Tensor> Statistics { get; }

    /// <summary>The first layer where its weights have their gradient apart; null where all parameters have theirs in torch.</summary>
    LazyFirstLayer? Lazy { get; }

    /// <summary>Sets the seed of what is drawn in training from now on.</summary>
    void Reseed(long seed);

    /// <summary>Switches between training (dropout acts) and evaluation.</summary>
    void SetTraining(bool training);

    /// <summary>The outputs of a batch: <c>[batch, outputs]</c> or, for one output, <c>[batch]</c>.</summary>
    torch.Tensor Forward(in NetworkInputs inputs);

    /// <summary>
    /// Takes the statistics of a batch as in training, but for what an optimizer changes. A user's module is left in training mode.
    /// </summary>
    /// <param name="inputs">The batch, of two rows or more.</param>
    /// <param name="share">How much the batch is to count among those that they are of, above 0 and at most 1.</param>
    void UpdateStatistics(in NetworkInputs inputs, double share);
}
