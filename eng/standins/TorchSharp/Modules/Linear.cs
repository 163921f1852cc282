using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>x W' + b, initialised as PyTorch does it: both uniform within 1/sqrt(inputs).</summary>
    public sealed class Linear : Module<torch.Tensor, torch.Tensor>
    {
        internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
        {
            (out_features, in_features) = (weight.shape[0], weight.shape[1]);
            this.weight = weight;
            this.bias = bias;
        }

        internal Linear(long inputSize, long outputSize, bool hasBias, torch.Device? device, torch.ScalarType? dtype) : base(nameof(Linear))
        {
            (in_features, out_features) = (inputSize, outputSize);
            weight = torch.empty(outputSize, inputSize, dtype, device).AsParameter();
            init.kaiming_uniform_(weight, a: Math.Sqrt(5));
            if (!hasBias) return;
            bias = torch.empty(outputSize, dtype, device).AsParameter();
            var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
            init.uniform_(bias, -bound, bound);
        }

        public long in_features { get; set; }

        public long out_features { get; set; }

        public Parameter weight
        {
            get;
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

        public override torch.Tensor forward(torch.Tensor tensor) => functional.linear(tensor, weight, bias);

        protected override void RegisterComponents() { }

        protected override void Dispose(bool disposing)
        {
            if (!disposing) return;
            weight.Dispose();
            bias?.Dispose();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        }
    }
}
