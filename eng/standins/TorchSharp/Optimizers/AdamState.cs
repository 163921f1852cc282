namespace TorchSharp.Modules;

/// <summary>Options that Adam and its kin have.</summary>
public abstract class AdamOptions : OptimizerOptions
{
    public double? beta1;
    public double? beta2;
    public double? weight_decay;
    public double? eps;
    public bool? amsgrad;
    public bool? maximize;

    public override void LoadStateDict(OptimizerOptions source)
    {
        base.LoadStateDict(source);
        var other = (AdamOptions)source;
        (beta1, beta2, eps, weight_decay, amsgrad, maximize) =
            (other.beta1, other.beta2, other.eps, other.weight_decay, other.amsgrad, other.maximize);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        base.LoadStateDict(reader);
        (beta1, beta2, eps, weight_decay) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        (amsgrad, maximize) = (reader.ReadBoolean(), reader.ReadBoolean());
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        base.SaveStateDict(writer);
        foreach (var value in (double?[])[beta1, beta2, eps, weight_decay]) writer.Write(value!.Value);
        foreach (var value in (bool?[])[amsgrad, maximize]) writer.Write(value!.Value);
    }

    internal void TakeMissingFrom(AdamOptions other)
    {
        LearningRate ??= other.LearningRate;
        beta1 ??= other.beta1;
        beta2 ??= other.beta2;
        eps ??= other.eps;
        weight_decay ??= other.weight_decay;
        amsgrad ??= other.amsgrad;
        maximize ??= other.maximize;
    }

    internal static T Checked<T>(T options) where T : AdamOptions
    {
        if (options.LearningRate < 0) throw new ArgumentException($"Invalid learning rate: {options.LearningRate}");
        if (options.eps < 0) throw new ArgumentException($"Invalid epsilon: {options.eps}");
        if (options.beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1: {options.beta1}");
        if (options.beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta2: {options.beta2}");
        if (options.weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {options.weight_decay}");
        return options;
    }
}

/// <summary>The moments of one parameter's gradients.</summary>
public abstract class AdamState(Parameter parameter) : OptimizerState(parameter), IDisposable
{
    public long step;
    public torch.Tensor exp_avg = null!;
    public torch.Tensor exp_avg_sq = null!;
    public torch.Tensor? max_exp_avg_sq;

    public override void Initialize(OptimizerOptions options)
    {
        Dispose();
        step = 0;
        exp_avg = torch.zeros_like(_parameter).DetachFromDisposeScope();
        exp_avg_sq = torch.zeros_like(_parameter).DetachFromDisposeScope();
        max_exp_avg_sq = ((AdamOptions)options).amsgrad == true ? torch.zeros_like(_parameter).DetachFromDisposeScope() : null;
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(step);
        exp_avg.Save(writer);
        exp_avg_sq.Save(writer);
        SaveOptional(writer, max_exp_avg_sq);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        step = reader.ReadInt64();
        exp_avg.Load(reader);
        exp_avg_sq.Load(reader);
        LoadOptional(reader, ref max_exp_avg_sq);
    }

    public override void LoadStateDict(OptimizerState source)
    {
        var other = (AdamState)source;
        Dispose();
        (step, exp_avg, exp_avg_sq, max_exp_avg_sq) =
            (other.step, CopyHere(other.exp_avg)!, CopyHere(other.exp_avg_sq)!, CopyHere(other.max_exp_avg_sq));
    }

    public override bool ApproximatelyEquals(OptimizerState other) =>
        other is AdamState state && step == state.step && exp_avg.allclose(state.exp_avg) && exp_avg_sq.allclose(state.exp_avg_sq) &&
        (max_exp_avg_sq is null || max_exp_avg_sq.allclose(state.max_exp_avg_sq!));

    public override void to(torch.Device device) =>
        (exp_avg, exp_avg_sq, max_exp_avg_sq) = (exp_avg.to(device), exp_avg_sq.to(device), max_exp_avg_sq?.to(device));

    public void Dispose()
    {
        exp_avg?.Dispose();
        exp_avg_sq?.Dispose();
        max_exp_avg_sq?.Dispose();
    }

    /// <summary>One step; the weight decay is added to the gradient, or shrinks the parameter itself (decoupled).</summary>
    internal void Update(AdamOptions options, bool decoupled)
    {
        if (_parameter.grad is not { } grad) return;
        if (options.maximize!.Value) grad = -grad;
        var (rate, decay, beta1, beta2) = (options.LearningRate!.Value, options.weight_decay!.Value, options.beta1!.Value, options.beta2!.Value);
        step++;
        if (decoupled) _parameter.mul_(1 - rate * decay);
        else if (decay != 0) grad = grad.add(_parameter, alpha: decay);
        exp_avg.mul_(beta1).add_(grad, alpha: 1 - beta1);
        exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value: 1 - beta2);
        if (options.amsgrad!.Value)
        {
            using var previous = max_exp_avg_sq!;
            max_exp_avg_sq = torch.maximum(previous, exp_avg_sq).DetachFromDisposeScope();
        }
        var second = options.amsgrad.Value ? max_exp_avg_sq! : exp_avg_sq;
        var denominator = (second.sqrt() / Math.Sqrt(1 - Math.Pow(beta2, step))).add_(options.eps!.Value);
        _parameter.addcdiv_(exp_avg, denominator, value: -(rate / (1 - Math.Pow(beta1, step))));
    }
}
