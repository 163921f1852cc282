using HumanCompatible.ML.Networks;
using TorchSharp;
using TorchSharp.Modules;

namespace HumanCompatible.ML.Tests.Trainers;

/// <summary>Networks of a user's own, under names that no other test registers.</summary>
internal static class UserNetworks
{
    /// <summary>A linear layer; counts what goes through it outside training.</summary>
    internal static NetworkDefinition Linear { get; } =
        NetworkRegistry.Register("tests: linear", (inputs, outputs) => new LinearUser(inputs, outputs));

    /// <summary>Two layers with batch normalization and dropout: it has buffers and draws random numbers.</summary>
    internal static NetworkDefinition Deep { get; } =
        NetworkRegistry.Register("tests: deep", (inputs, outputs) => new DeepUser(inputs, outputs));

    /// <summary>A linear layer whose outputs turn NaN after 12 training steps.</summary>
    internal static NetworkDefinition TurnsNaN { get; } =
        NetworkRegistry.Register("tests: turns NaN", (inputs, outputs) => new LinearUser(inputs, outputs) { HealthySteps = 12 });

    /// <summary>The calls and rows of <see cref="Linear"/> in evaluation mode since the last reset.</summary>
    internal static (int Calls, int Rows) Evaluated { get; set; }

    /// <summary>What networks built here from now on tell of their calls.</summary>
    internal static AsyncLocal<Action<bool>?> Watch { get; } = new();

    /// <summary>A linear layer that tells <see cref="Watch"/> of each call whether it trains.</summary>
    internal static NetworkDefinition Watched { get; } =
        NetworkRegistry.Register("tests: watched", (inputs, outputs) => new LinearUser(inputs, outputs) { OnCall = Watch.Value });

    private sealed class LinearUser : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly Linear linear;
        private int _steps;

        internal LinearUser(int inputs, int outputs)
            : base(nameof(LinearUser))
        {
            linear = torch.nn.Linear(inputs, outputs);
            RegisterComponents();
        }

        internal int HealthySteps { get; init; } = int.MaxValue;

        internal Action<bool>? OnCall { get; init; }

        public override torch.Tensor forward(torch.Tensor input)
        {
            OnCall?.Invoke(training);
            if (!training)
                Evaluated = (Evaluated.Calls + 1, Evaluated.Rows + (int)input.shape[0]);
            else if (++_steps > HealthySteps)
                return linear.forward(input) * float.NaN;
            return linear.forward(input);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                linear.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class DeepUser : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly Linear first;
        private readonly BatchNorm1d normalization;
        private readonly Dropout dropout;
        private readonly Linear second;

        internal DeepUser(int inputs, int outputs)
            : base(nameof(DeepUser))
        {
            first = torch.nn.Linear(inputs, 6);
            normalization = torch.nn.BatchNorm1d(6);
            dropout = torch.nn.Dropout(0.3);
            second = torch.nn.Linear(6, outputs);
            RegisterComponents();
        }

        public override torch.Tensor forward(torch.Tensor input)
            => second.forward(dropout.forward(normalization.forward(first.forward(input)).relu()));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                first.Dispose();
                normalization.Dispose();
                dropout.Dispose();
                second.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
