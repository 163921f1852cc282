using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        internal Generator(nint handle)
        {
            Handle = handle;
            device = CPU;
        }

        public Generator(ulong seed = 0, Device? device = null) : this(NativeMethods.Check(NativeMethods.shim_generator_new(seed))) =>
            this.device = device ?? CPU;

        ~Generator() => Dispose(false);

        /// <summary>A new reference to the generator that serves whatever names none.</summary>
        public static Generator Default => new(NativeMethods.Check(NativeMethods.shim_generator_default()));

        public nint Handle { get; private set; }

        public Device device { get; private set; }

        public Tensor get_state() => new(NativeMethods.Check(NativeMethods.shim_generator_state(Handle)));

        public void set_state(Tensor value) => NativeMethods.Check(NativeMethods.shim_generator_set_state(Handle, value.Handle));

        public Generator manual_seed(long seed)
        {
            NativeMethods.shim_generator_seed(Handle, seed);
            return this;
        }

        public long seed()
        {
            var seed = DateTime.UtcNow.Ticks;
            NativeMethods.shim_generator_seed(Handle, seed);
            return seed;
        }

        public long initial_seed() => NativeMethods.shim_generator_initial_seed(Handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle != 0) NativeMethods.shim_generator_free(Handle);
            Handle = 0;
        }
    }

    /// <summary>The default generator.</summary>
    public static class random
    {
        public static long seed() => Generator.Default.seed();
        public static long initial_seed() => Generator.Default.initial_seed();
        public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);
        public static Tensor get_rng_state() => Generator.Default.get_state();
        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }

    public static long seed() => random.seed();
    public static long initial_seed() => random.initial_seed();
    public static Generator manual_seed(long seed) => random.manual_seed(seed);
    public static Tensor get_rng_state() => random.get_rng_state();
    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);
}
