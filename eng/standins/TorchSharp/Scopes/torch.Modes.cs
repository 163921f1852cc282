using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static bool is_grad_enabled() => NativeMethods.shim_grad_mode() != 0;
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);
    public static bool is_inference_mode_enabled() => NativeMethods.shim_inference_mode() != 0;

    private sealed class GradMode : IDisposable
    {
        private readonly int previous = NativeMethods.shim_grad_mode();

        public GradMode(bool enabled) => NativeMethods.shim_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => NativeMethods.shim_set_grad_mode(previous);
    }

    private sealed class InferenceMode(bool mode) : IDisposable
    {
        private nint guard = NativeMethods.shim_enter_inference_mode(mode ? 1 : 0);

        public void Dispose()
        {
            if (guard != 0) NativeMethods.shim_leave_inference_mode(guard);
            guard = 0;
        }
    }
}
