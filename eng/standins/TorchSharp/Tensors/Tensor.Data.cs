using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        public T ReadCpuValue<T>(long i) where T : unmanaged => data<T>()[i];

        public unsafe Scalar ToScalar()
        {
            NativeValue value;
            NativeMethods.Check(NativeMethods.shim_tensor_item(Handle, &value));
            return new Scalar(value.Tag, value.Bits);
        }

        public bool is_nonzero()
        {
            if (numel() != 1) throw new InvalidOperationException("is_nonzero() called on non-singleton tensor");
            return ToScalar().ToBoolean();
        }

        public unsafe Span<byte> bytes
        {
            get
            {
                var length = NumberOfElements * ElementSize;
                ValidateBytes(length);
                return new Span<byte>((void*)DataPointer, (int)length);
            }
            set
            {
                if (!is_contiguous()) throw new InvalidOperationException("SetBytes() called on non-contiguous tensor.");
                if (NumberOfElements * ElementSize != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>((void*)DataPointer, value.Length));
            }
        }

        /// <summary>The address of the first element; zero for a tensor without elements.</summary>
        internal nint DataPointer
        {
            get
            {
                var address = NativeMethods.shim_tensor_data(Handle);
                return address != 0 || NumberOfElements == 0 ? address : throw NativeMethods.LastError();
            }
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            ValidateBytes(0);
            foreach (var (offset, length) in Chunks()) stream.Write(ChunkAt(offset, length));
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            ValidateBytes(0);
            foreach (var (offset, length) in Chunks()) stream.ReadExactly(ChunkAt(offset, length));
        }

        private IEnumerable<(long Offset, int Length)> Chunks()
        {
            const int ChunkSize = 1 << 24;
            var total = NumberOfElements * ElementSize;
            for (long offset = 0; offset < total; offset += ChunkSize) yield return (offset, (int)Math.Min(ChunkSize, total - offset));
        }

        private unsafe Span<byte> ChunkAt(long offset, int length) => new((byte*)DataPointer + offset, length);

        private void ValidateBytes(long length)
        {
            if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (length > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }

        internal void ValidateType(Type type)
        {
            if (ToScalarType(type) != dtype) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator bool(Tensor value) => value.ToBoolean();
    }
}
