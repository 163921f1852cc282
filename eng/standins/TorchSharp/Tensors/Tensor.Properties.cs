using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => NativeMethods.shim_tensor_dim(Handle);
        public long dim() => Dimensions;
        public long ndim => Dimensions;
        public long NumberOfElements => NativeMethods.shim_tensor_numel(Handle);
        public long numel() => NumberOfElements;
        public long ElementSize => NativeMethods.shim_tensor_itemsize(Handle);
        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)NativeMethods.shim_tensor_dtype(Handle);
        public bool is_integral() => dtype.IsIntegral();
        public bool is_floating_point() => dtype.IsFloatingPoint();

        public DeviceType device_type => (DeviceType)NativeMethods.shim_tensor_device_type(Handle);
        public int device_index => NativeMethods.shim_tensor_device_index(Handle);
        public Device device => device_type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(device_type, device_index);
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_sparse => NativeMethods.shim_tensor_is_sparse(Handle) != 0;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* start = sizes) NativeMethods.shim_tensor_sizes(handle, start);
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim)
        {
            var sizes = shape;
            var index = dim < 0 ? dim + sizes.Length : dim;
            if (index < 0 || index >= sizes.Length)
                throw new System.Runtime.InteropServices.ExternalException($"Dimension out of range (expected to be in range of [{-sizes.Length}, {sizes.Length - 1}], but got {dim})");
            return sizes[index];
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* start = strides) NativeMethods.shim_tensor_strides(handle, start);
            return strides;
        }

        public long stride(int dim) => stride()[dim < 0 ? dim + (int)Dimensions : dim];
        public long storage_offset() => NativeMethods.shim_tensor_storage_offset(Handle);
        public bool is_contiguous() => NativeMethods.shim_tensor_is_contiguous(Handle) != 0;

        public bool is_leaf => NativeMethods.shim_tensor_is_leaf(Handle) != 0;

        public bool requires_grad
        {
            get => NativeMethods.shim_tensor_requires_grad(Handle) != 0;
            set => NativeMethods.Check(NativeMethods.shim_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true) => with_requires_grad(requires_grad);

        public Tensor with_requires_grad(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void retain_grad() => NativeMethods.Check(NativeMethods.shim_tensor_retain_grad(Handle));

        public unsafe Tensor? grad
        {
            get
            {
                int error;
                var found = NativeMethods.shim_tensor_grad(Handle, &error);
                NativeMethods.Check(error);
                return found == 0 ? null : new Tensor(found);
            }
            set => NativeMethods.Check(NativeMethods.shim_tensor_set_grad(Handle, value is null ? 0 : value.Handle));
        }

        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        internal bool HasShapeOf(Tensor other) => NativeMethods.shim_tensor_same_shape(Handle, other.Handle) != 0;
    }
}
