using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // What belongs to a module, and where it lies.
        public partial class Module
        {
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!ownBuffers.TryAdd(name, (tensor, persistent))) throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!ownParameters.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule.IsDisposed)
                {
                    submodules.Remove(name);
                    return;
                }
                if (name.Contains('.', StringComparison.Ordinal)) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (string.IsNullOrEmpty(name)) throw new ArgumentException("module name can't be empty string \"\"");
                if (submodules.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                submodules[name] = submodule;
            }

            /// <summary>Registers every field that is a module, a parameter or a tensor, under the field's name.</summary>
            protected virtual void RegisterComponents()
            {
                if (componentsRegistered) return;
                foreach (var field in Fields())
                {
                    var known = submodules.ContainsKey(field.Name) || ownParameters.ContainsKey(field.Name) || ownBuffers.ContainsKey(field.Name);
                    if (known) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(field.Name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(field.Name, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(field.Name, tensor);
                            break;
                    }
                }
                componentsRegistered = true;
            }

            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null) ownParameters.Remove(name);
                else ownParameters[name] = value;
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) ownBuffers.Remove(name);
                else ownBuffers[name] = (value, persistent);
            }

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking) => Move(device, dtype);

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => Move(new Device(deviceType, deviceIndex), null);

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking) => Move(null, dtype);

            private Module Move(Device? device, ScalarType? dtype)
            {
                if (dtype is ScalarType given && !given.IsFloatingPoint() && !given.IsComplex())
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={given}");
                if (device is { type: DeviceType.CUDA } && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
                foreach (var (_, child) in named_children()) child.Move(device, dtype);
                foreach (var (parameterName, parameter) in ownParameters.ToList())
                    if (ReplaceParameter(dtype, device, parameter, out var moved)) Store(parameterName, parameter, moved!);
                foreach (var (bufferName, (buffer, _)) in ownBuffers.ToList())
                    if (ReplaceBuffer(dtype, device, buffer, out var moved)) Store(bufferName, buffer, moved!);
                return this;
            }

            // The property or field of that name follows; a property's setter registers the new tensor itself.
            private void Store(string tensorName, Tensor old, Tensor moved)
            {
                var property = GetType().GetProperty(tensorName, BindingFlags.Public | BindingFlags.Instance);
                if (property is { CanWrite: true })
                {
                    property.SetValue(this, moved);
                    return;
                }
                old.Dispose();
                if (moved is Parameter parameter) ownParameters[tensorName] = parameter;
                else ownBuffers[tensorName] = (moved, ownBuffers[tensorName].Persistent);
                Fields().FirstOrDefault(field => field.Name == tensorName)?.SetValue(this, moved);
            }

            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                var type = dtype is not null && buffer.is_floating_point() ? dtype.Value : buffer.dtype;
                result = null;
                if (!buffer.WouldCopy(dtype ?? buffer.dtype, device ?? buffer.device)) return false;
                result = buffer.to(type, device ?? buffer.device, copy: true).DetachFromDisposeScope();
                return true;
            }

            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                using var grad = param.grad;
                var (type, place) = (dtype is not null && param.is_floating_point() ? dtype.Value : param.dtype, device ?? param.device);
                if (!param.WouldCopy(type, place) && grad?.WouldCopy(type, place) != true) return false;
                using var _ = no_grad();
                p = new Parameter(param.to(type, place), param.requires_grad);
                p.DetachFromDisposeScope();
                if (grad is null) return true;
                using var moved = grad.to(type, place);
                p.grad = moved.with_requires_grad(grad.requires_grad);
                return true;
            }

            private IEnumerable<FieldInfo> Fields()
            {
                var seen = new HashSet<string>();
                for (var type = GetType(); type != typeof(Module) && type is not null; type = type.BaseType)
                    foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                        if (seen.Add(field.Name)) yield return field;
            }
        }
    }
}
