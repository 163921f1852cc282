using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    /// <summary>A loss of two inputs.</summary>
    public abstract class Loss<T1, T2, TResult>(Reduction reduction = Reduction.Mean) : Module<T1, T2, TResult>("Loss")
    {
        public Reduction reduction { get; } = reduction;
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static BCEWithLogitsLoss BCEWithLogitsLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                new(weight, reduction, pos_weights);

            public static CrossEntropyLoss CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean) =>
                new(weight, ignore_index, reduction);

            public static MSELoss MSELoss(Reduction reduction = Reduction.Mean) => new(reduction);

            public static L1Loss L1Loss(Reduction reduction = Reduction.Mean) => new(reduction);

            /// <summary>Work on gradients and parameters together.</summary>
            public static unsafe class utils
            {
                public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
                {
                    var list = tensors.ToArray();
                    var handles = autograd.Handles(list);
                    double norm;
                    fixed (nint* start = handles)
                        Interop.NativeMethods.Check(Interop.NativeMethods.shim_clip_grad_norm(start, handles.Length, max_norm, norm_type, &norm));
                    GC.KeepAlive(list);
                    return norm;
                }

                public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
                {
                    foreach (var parameter in tensors)
                    {
                        using var grad = parameter.grad;
                        grad?.clamp_(-clip_value, clip_value);
                    }
                }
            }
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Binary cross entropy of logits.</summary>
    public sealed class BCEWithLogitsLoss(torch.Tensor? weight = null, Reduction reduction = Reduction.Mean, torch.Tensor? pos_weights = null)
        : Loss<torch.Tensor, torch.Tensor, torch.Tensor>(reduction)
    {
        public torch.Tensor? weight { get; } = weight;

        public torch.Tensor? pos_weights { get; } = pos_weights;

        public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
            functional.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weights);
    }

    /// <summary>Cross entropy of logits, by class.</summary>
    public sealed class CrossEntropyLoss(torch.Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0)
        : Loss<torch.Tensor, torch.Tensor, torch.Tensor>(reduction)
    {
        public torch.Tensor? weight { get; } = weight;

        public long? ignore_index { get; } = ignore_index;

        public double label_smoothing { get; } = label_smoothing;

        public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) =>
            functional.cross_entropy(input, target, weight, ignore_index ?? -100, reduction, label_smoothing);
    }

    /// <summary>Squared error.</summary>
    public sealed class MSELoss(Reduction reduction = Reduction.Mean) : Loss<torch.Tensor, torch.Tensor, torch.Tensor>(reduction)
    {
        public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) => functional.mse_loss(input, target, reduction);
    }

    /// <summary>Absolute error.</summary>
    public sealed class L1Loss(Reduction reduction = Reduction.Mean) : Loss<torch.Tensor, torch.Tensor, torch.Tensor>(reduction)
    {
        public override torch.Tensor forward(torch.Tensor input, torch.Tensor target) => functional.l1_loss(input, target, reduction);
    }
}
