using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Normalisation by statistics of the batch, with running ones for evaluation.</summary>
    public abstract class NormBase : Module<torch.Tensor, torch.Tensor>
    {
        public NormBase(
            long num_features, double eps, double? momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype, string name)
            : base(name)
        {
            (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
            if (affine)
            {
                weight = torch.empty(num_features, dtype, device).AsParameter();
                bias = torch.empty(num_features, dtype, device).AsParameter();
            }
            if (track_running_stats)
            {
                running_mean = torch.zeros(num_features, dtype, device);
                running_var = torch.ones(num_features, dtype, device);
                num_batches_tracked = torch.tensor(0L, dtype, device);
            }
            reset_parameters();
        }

        public long num_features { get; private set; }

        public double eps { get; set; }

        public double? momentum { get; set; }

        public bool affine { get; private set; }

        public bool track_running_stats { get; private set; }

        public Parameter weight
        {
            get => field!;
            set => ConditionallyRegisterParameter(nameof(weight), field = Replaced(field, value));
        }

        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = Replaced(field, value));
        }

        public torch.Tensor? running_mean
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(running_mean), field = Replaced(field, value));
        }

        public torch.Tensor? running_var
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(running_var), field = Replaced(field, value));
        }

        public torch.Tensor? num_batches_tracked
        {
            get;
            set => ConditionallyRegisterBuffer(nameof(num_batches_tracked), field = Replaced(field, value));
        }

        public void reset_parameters()
        {
            reset_running_stats();
            if (!affine) return;
            init.ones_(weight);
            init.zeros_(bias!);
        }

        public void reset_running_stats()
        {
            if (!track_running_stats) return;
            init.zeros_(running_mean!);
            init.ones_(running_var!);
            init.zeros_(num_batches_tracked!);
        }

        public override torch.Tensor forward(torch.Tensor input)
        {
            ValidateInputDimensions(input);
            var factor = momentum ?? 0.0;
            if (training && num_batches_tracked is not null)
            {
                num_batches_tracked.add_(1);
                factor = momentum ?? 1.0 / (double)num_batches_tracked;
            }
            var ofBatch = training || (running_mean is null && running_var is null);
            var tracked = !training || track_running_stats;
            return functional.batch_norm(input, tracked ? running_mean : null, tracked ? running_var : null, weight, bias, ofBatch, factor, eps);
        }

        protected abstract void ValidateInputDimensions(torch.Tensor input);

        protected override void RegisterComponents() { }

        protected override void Dispose(bool disposing)
        {
            foreach (var tensor in (torch.Tensor?[])[weight, bias, running_mean, running_var, num_batches_tracked]) tensor?.Dispose();
            base.Dispose(disposing);
        }

        private static T? Replaced<T>(T? old, T? value) where T : torch.Tensor
        {
            if (old is not null && old.handle == value?.handle) return old;
            old?.Dispose();
            return (T?)value?.DetachFromDisposeScope();
        }
    }

    /// <summary>Batch normalisation of whole numbers of features.</summary>
    public abstract class BatchNorm : NormBase
    {
        public BatchNorm(
            long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
        {
        }
    }

    /// <summary>Batch normalisation of [batch, features] or [batch, features, length].</summary>
    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
        {
        }

        protected override void ValidateInputDimensions(torch.Tensor input)
        {
            if (input.ndim is not (2 or 3)) throw new ArgumentException($"expected 2D or 3D input, but got {input.ndim}D input.");
        }
    }

    /// <summary>Normalisation of each row over its last dimensions.</summary>
    public sealed class LayerNorm : Module<torch.Tensor, torch.Tensor>
    {
        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, torch.Device? device, torch.ScalarType? dtype) : base(nameof(LayerNorm))
        {
            (this.normalized_shape, this.eps, this.elementwise_affine) = (normalized_shape, eps, elementwise_affine);
            if (!elementwise_affine) return;
            weight = torch.empty(normalized_shape, dtype, device).AsParameter();
            if (bias) this.bias = torch.empty(normalized_shape, dtype, device).AsParameter();
            reset_parameters();
        }

        public long[] normalized_shape { get; set; }

        public double eps { get; set; }

        public bool elementwise_affine { get; set; }

        public Parameter weight
        {
            get => field!;
            set
            {
                if (field is { IsInvalid: false } && value.Handle == field.Handle) return;
                field?.Dispose();
                field = (Parameter)value.DetachFromDisposeScope();
                ConditionallyRegisterParameter(nameof(weight), field);
            }
        }

        public Parameter? bias
        {
            get;
            set
            {
                field?.Dispose();
                field = (Parameter?)value?.DetachFromDisposeScope();
                ConditionallyRegisterParameter(nameof(bias), field);
            }
        }

        public void reset_parameters()
        {
            if (elementwise_affine) init.ones_(weight);
            if (bias is not null) init.zeros_(bias);
        }

        public override torch.Tensor forward(torch.Tensor tensor) => functional.layer_norm(tensor, normalized_shape, weight, bias, eps);

        protected override void RegisterComponents() { }

        protected override void Dispose(bool disposing)
        {
            weight?.Dispose();
            bias?.Dispose();
            base.Dispose(disposing);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static LayerNorm LayerNorm(
                long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(
                long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                LayerNorm([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}
