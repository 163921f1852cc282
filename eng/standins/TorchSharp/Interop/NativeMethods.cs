using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Interop;

/// <summary>The C ABI of native/*.cpp. Calls that only read a field skip the GC transition.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Shim = "TorchSharpShim";

    [LibraryImport(Shim)] internal static partial byte* shim_last_error();
    [LibraryImport(Shim)] internal static partial byte* shim_version();
    [LibraryImport(Shim, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint shim_find(string name, string overload);
    [LibraryImport(Shim)] internal static partial int shim_call(nint op, NativeValue* arguments, int count, NativeValue* results, int wanted);

    [LibraryImport(Shim)] internal static partial void shim_tensor_free(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial nint shim_tensor_alias(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial long shim_tensor_dim(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial long shim_tensor_numel(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial long shim_tensor_itemsize(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int shim_tensor_dtype(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int shim_tensor_device_type(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int shim_tensor_device_index(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int shim_tensor_is_contiguous(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int shim_tensor_is_sparse(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial long shim_tensor_storage_offset(nint t);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial void shim_tensor_sizes(nint t, long* sizes);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial void shim_tensor_strides(nint t, long* strides);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int shim_tensor_same_shape(nint a, nint b);
    [LibraryImport(Shim)] internal static partial nint shim_tensor_data(nint t);
    [LibraryImport(Shim)] internal static partial int shim_tensor_requires_grad(nint t);
    [LibraryImport(Shim)] internal static partial int shim_tensor_is_leaf(nint t);
    [LibraryImport(Shim)] internal static partial int shim_tensor_set_requires_grad(nint t, int value);
    [LibraryImport(Shim)] internal static partial int shim_tensor_retain_grad(nint t);
    [LibraryImport(Shim)] internal static partial nint shim_tensor_grad(nint t, int* error);
    [LibraryImport(Shim)] internal static partial int shim_tensor_set_grad(nint t, nint grad);
    [LibraryImport(Shim)] internal static partial int shim_tensor_item(nint t, NativeValue* value);

    [LibraryImport(Shim)]
    internal static partial nint shim_tensor_from_memory(
        void* data, nint context, delegate* unmanaged<nint, void> free, long* sizes, int dim, int stored, int wanted,
        int deviceType, int deviceIndex, int requiresGrad);

    [LibraryImport(Shim)]
    internal static partial int shim_backward(
        nint* tensors, int count, nint* gradients, int gradientCount, int retainGraph, int createGraph, nint* inputs, int inputCount);

    [LibraryImport(Shim)]
    internal static partial int shim_grad(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* gradients, int gradientCount,
        int retainGraph, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Shim), SuppressGCTransition] internal static partial int shim_grad_mode();
    [LibraryImport(Shim), SuppressGCTransition] internal static partial void shim_set_grad_mode(int enabled);
    [LibraryImport(Shim), SuppressGCTransition] internal static partial int shim_inference_mode();
    [LibraryImport(Shim)] internal static partial nint shim_enter_inference_mode(int enabled);
    [LibraryImport(Shim)] internal static partial void shim_leave_inference_mode(nint guard);
    [LibraryImport(Shim)] internal static partial int shim_clip_grad_norm(nint* tensors, int count, double maxNorm, double normType, double* norm);

    [LibraryImport(Shim)] internal static partial nint shim_generator_new(ulong seed);
    [LibraryImport(Shim)] internal static partial nint shim_generator_default();
    [LibraryImport(Shim)] internal static partial void shim_generator_free(nint generator);
    [LibraryImport(Shim)] internal static partial void shim_generator_seed(nint generator, long seed);
    [LibraryImport(Shim)] internal static partial long shim_generator_initial_seed(nint generator);
    [LibraryImport(Shim)] internal static partial nint shim_generator_state(nint generator);
    [LibraryImport(Shim)] internal static partial int shim_generator_set_state(nint generator, nint state);

    [LibraryImport(Shim)] internal static partial int shim_get_threads();
    [LibraryImport(Shim)] internal static partial int shim_set_threads(int count);
    [LibraryImport(Shim)] internal static partial int shim_get_interop_threads();
    [LibraryImport(Shim)] internal static partial int shim_set_interop_threads(int count);
    [LibraryImport(Shim)] internal static partial int shim_cuda_is_available();
    [LibraryImport(Shim)] internal static partial int shim_cuda_device_count();
    [LibraryImport(Shim)] internal static partial int shim_cuda_seed(long seed);
    [LibraryImport(Shim)] internal static partial int shim_cuda_synchronize(long device);

    /// <summary>The last error of this thread, as the exception type that TorchSharp throws for what libtorch throws.</summary>
    internal static ExternalException LastError() => new(Marshal.PtrToStringUTF8((nint)shim_last_error()));

    internal static void Check(int result)
    {
        if (result < 0) throw LastError();
    }

    internal static nint Check(nint handle) => handle != 0 ? handle : throw LastError();
}
