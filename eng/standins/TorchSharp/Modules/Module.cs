using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and parts of its own, by name.</summary>
        public partial class Module : IDisposable
        {
            private readonly OrderedDict<Module> submodules = [];
            private readonly OrderedDict<Parameter> ownParameters = [];
            private readonly OrderedDict<(Tensor Tensor, bool Persistent)> ownBuffers = [];
            private bool componentsRegistered;
            private bool isTraining = true;

            protected string? name;

            protected Module(string name) => this.name = name;

            ~Module() => Dispose(false);

            internal bool IsDisposed { get; private set; }

            public virtual bool training => isTraining;

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || IsDisposed) return;
                foreach (var (_, buffer) in named_buffers(false)) buffer.DetachFromDisposeScope().Dispose();
                foreach (var (_, parameter) in named_parameters(false)) parameter.DetachFromDisposeScope().Dispose();
                foreach (var (_, module) in named_modules()) module.Dispose();
                IsDisposed = true;
            }

            public virtual void train(bool train = true)
            {
                isTraining = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in submodules) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    using var grad = parameter.grad;
                    if (grad is null) continue;
                    if (set_to_none) parameter.grad = null;
                    else grad.zero_();
                }
            }

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Distinct(ownParameters, recurse, child => child.named_parameters(true));

            /// <summary>Buffers that are not persistent are never listed, as in the original.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Distinct(
                    ownBuffers.Where(entry => entry.Value.Persistent).Select(entry => (entry.Name, entry.Value.Tensor)),
                    recurse, child => child.named_buffers(true, include_nonpersistent));

            public virtual IEnumerable<(string name, Module module)> named_children() => submodules;

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children()) yield return child;
                foreach (var (childName, child) in named_children())
                    foreach (var (name, module) in child.named_modules()) yield return ($"{childName}.{name}", module);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            public virtual IEnumerable<Module> children() => named_children().Select(entry => entry.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(entry => entry.name == target).parameter;

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(entry => entry.name == target).buffer;

            private IEnumerable<(string, T)> Distinct<T>(
                IEnumerable<(string Name, T Tensor)> own, bool recurse, Func<Module, IEnumerable<(string, T)>> ofChild) where T : Tensor
            {
                var seen = new HashSet<nint> { 0 };
                foreach (var (tensorName, tensor) in own)
                    if (seen.Add(tensor.handle)) yield return (tensorName, tensor);
                if (!recurse) yield break;
                foreach (var (childName, child) in named_children())
                    foreach (var (tensorName, tensor) in ofChild(child))
                        if (seen.Add(tensor.handle)) yield return ($"{childName}.{tensorName}", tensor);
            }
        }
    }
}
