using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Calls libtorch's operators by schema name ("add.Tensor" is the overload Tensor of aten::add).</summary>
internal static unsafe class Operators
{
    private const int StackWords = 64;
    private static readonly ConcurrentDictionary<string, nint> Found = new();

    /// <summary>Calls an operator with one tensor as its result.</summary>
    internal static torch.Tensor Call(string name, params ReadOnlySpan<Argument> arguments) => new(CallHandle(name, arguments));

    /// <summary>Calls an operator with one tensor as its result, which the caller has to free.</summary>
    internal static nint CallHandle(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(name, arguments, &result, 1);
        return (nint)result.Bits;
    }

    /// <summary>Calls an operator with two tensors as its results.</summary>
    internal static (torch.Tensor, torch.Tensor) CallPair(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[2];
        Invoke(name, arguments, results, 2);
        return (new torch.Tensor((nint)results[0].Bits), new torch.Tensor((nint)results[1].Bits));
    }

    /// <summary>Calls an operator with a list of tensors as its result.</summary>
    internal static torch.Tensor[] CallList(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(name, arguments, &result, 1);
        var list = new torch.Tensor[result.Count];
        for (var i = 0; i < list.Length; i++) list[i] = new torch.Tensor(((nint*)result.Bits)[i]);
        return list;
    }

    /// <summary>Calls an operator with a truth value as its result.</summary>
    internal static bool CallBool(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(name, arguments, &result, 1);
        return result.Bits != 0;
    }

    /// <summary>Calls an operator for its effect on its arguments.</summary>
    internal static void CallInPlace(string name, params ReadOnlySpan<Argument> arguments) => Invoke(name, arguments, null, 0);

    [SkipLocalsInit]
    private static void Invoke(string name, ReadOnlySpan<Argument> arguments, NativeValue* results, int wanted)
    {
        if (!Found.TryGetValue(name, out var op)) op = Find(name);
        var values = stackalloc NativeValue[arguments.Length];
        var words = 0;
        foreach (ref readonly var argument in arguments) words += argument.Reference is string text ? text.Length + 1 : argument.Count;
        var scratch = words <= StackWords ? stackalloc long[StackWords] : new long[words];
        fixed (long* start = scratch)
        {
            var free = start;
            for (var i = 0; i < arguments.Length; i++)
            {
                ref readonly var argument = ref arguments[i];
                values[i] = new NativeValue { Tag = argument.Tag, Count = argument.Count, Bits = argument.Bits };
                if (argument.Tag is Tag.Ints or Tag.Tensors or Tag.OptionalTensors or Tag.Text)
                {
                    values[i].Bits = (long)free;
                    free += CopyList(argument.Reference!, free);
                }
            }
            var status = NativeMethods.shim_call(op, values, arguments.Length, results, wanted);
            foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Reference);
            if (status < 0) throw NativeMethods.LastError();
        }
    }

    private static int CopyList(object list, long* target)
    {
        switch (list)
        {
            case long[] numbers:
                numbers.CopyTo(new Span<long>(target, numbers.Length));
                return numbers.Length;
            case string text:
                for (var i = 0; i < text.Length; i++) ((byte*)target)[i] = (byte)text[i];
                ((byte*)target)[text.Length] = 0;
                return text.Length + 1;
            default:
                var tensors = (torch.Tensor?[])list;
                for (var i = 0; i < tensors.Length; i++) target[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
                return tensors.Length;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Find(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (operation, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        var op = NativeMethods.shim_find("aten::" + operation, overload);
        if (op == 0)
            throw new NotSupportedException($"The stand-in for TorchSharp finds no operator '{name}' in libtorch {Marshal.PtrToStringUTF8((nint)NativeMethods.shim_version())}.");
        Found[name] = op;
        return op;
    }
}
