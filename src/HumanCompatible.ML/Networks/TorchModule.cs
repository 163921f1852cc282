using HumanCompatible.ML.Torch;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Networks;

/// <summary>
/// The user's own module. It draws its initial weights and, in training, its dropout masks from a seeded state of torch's processor
/// generator, which is put back afterwards; on another device a module's layers draw from that device's generator, which is left to the
/// user to seed.
/// </summary>
internal sealed class TorchModule : ITorchNetwork
{
    private readonly string _name;
    private readonly int _outputCount;
    private readonly torch.nn.Module<torch.Tensor, torch.Tensor> _module;
    private readonly TorchRandomState _randomState;
    private readonly (string Name, Parameter Parameter)[] _parameters;
    private bool _training = true;

    public TorchModule(string name, int inputCount, int outputCount, long seed, torch.Device device)
    {
        _name = name;
        _outputCount = outputCount;
        _randomState = new TorchRandomState(seed);
        try
        {
            _module = _randomState.Run(() => NetworkRegistry.Build(name, inputCount, outputCount));
        }
        catch
        {
            // Nobody can reach what a factory that failed half way has made: its layers are freed as garbage.
            _randomState.Dispose();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            throw;
        }

        try
        {
            _module.to(device);
            _parameters = [.. _module.named_parameters().Select(item => (item.name, item.parameter))];
            List<string> problems = [.. State.Select(item => TypeProblem(item.Name, item.Tensor)).OfType<string>()];
            if (_parameters.Length == 0)
                problems.Add("it has no parameters (are its layers fields, and does its constructor call RegisterComponents()?)");
            if (problems.Count > 0)
                throw new InvalidOperationException($"The network '{name}' cannot be trained: {string.Join("; ", problems)}.");
            foreach ((_, var tensor) in State)
                tensor.DetachFromDisposeScope();
            _module.train();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<Parameter> Parameters => [.. _parameters.Select(item => item.Parameter)];

    public IReadOnlyList<(string Name, torch.Tensor Tensor)> State =>
    [
        .. _module.named_parameters().Select(item => (item.name, (torch.Tensor)item.parameter)),
        .. _module.named_buffers(include_nonpersistent: false).Select(item => (item.name, item.buffer)),
    ];

    // A buffer of integers alone, such as a count of calls, is none.
    public IReadOnlyList<torch.Tensor> Statistics
    {
        get
        {
            torch.Tensor[] buffers = [.. _module.named_buffers(include_nonpersistent: false).Select(item => item.buffer)];
            return Array.Exists(buffers, buffer => buffer.is_floating_point()) ? buffers : [];
        }
    }

    public LazyFirstLayer? Lazy => null;

    public void Reseed(long seed) => _randomState.Reseed(seed);

    public void SetTraining(bool training)
    {
        _training = training;
        _module.train(training);
    }

    public torch.Tensor Forward(in NetworkInputs inputs)
    {
        var features = inputs.Dense ?? throw new NotSupportedException("A user's module takes its inputs as a tensor.");
        var outputs = _training ? _randomState.Run(() => Call(features)) : Call(features);
        if (OutputProblem(outputs, features.shape[0]) is { } problem)
        {
            outputs?.Dispose();
            throw new InvalidOperationException($"The network '{_name}' must give {problem}.");
        }

        if (outputs.Dimensions == 1)
            return outputs;
        if (_outputCount > 1)
            return outputs;
        var logits = outputs.squeeze(1);
        outputs.Dispose();
        return logits;
    }

    // How much a batch counts is up to the module.
    public void UpdateStatistics(in NetworkInputs inputs, double share)
    {
        SetTraining(true);
        Forward(inputs).Dispose();
    }

    public void Dispose()
    {
        _module.Dispose();
        _randomState.Dispose();
    }

    private torch.Tensor Call(torch.Tensor features)
    {
        using var scope = torch.NewDisposeScope();
        return _module.call(features)?.MoveToOuterDisposeScope()!;
    }

    // What libtorch would say of these names no network, or ends the process.
    private string? OutputProblem(torch.Tensor? outputs, long batch)
    {
        if (outputs is null)
            return "outputs, got null";
        var shape = outputs.shape;
        if (!shape.AsSpan().SequenceEqual([batch, _outputCount]) && !(_outputCount == 1 && shape.AsSpan().SequenceEqual([batch])))
            return $"outputs of shape {NetworkArray.FormatShape([batch, _outputCount])}, got {NetworkArray.FormatShape(shape)}";
        if (outputs.dtype != torch.ScalarType.Float32)
            return $"outputs of type Float32, got {outputs.dtype}";
        return _training && torch.is_grad_enabled() && !outputs.requires_grad
            ? "outputs that follow from its parameters, got some that no gradient leads back from" : null;
    }

    private static string? TypeProblem(string name, torch.Tensor tensor) =>
        tensor.dtype is torch.ScalarType.Float32 or torch.ScalarType.Int64 or torch.ScalarType.Int32 or torch.ScalarType.Bool ? null
        : $"'{name}' has type {tensor.dtype}, but networks are Float32";
}
