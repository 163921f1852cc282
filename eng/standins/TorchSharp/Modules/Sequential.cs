using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Modules one after another; what they pass on is disposed, their last result is not.</summary>
    public class Sequential : Module<torch.Tensor, torch.Tensor>
    {
        private readonly List<(string Name, IModule<torch.Tensor, torch.Tensor> Module)> parts = [];

        protected Sequential(params (string name, Module<torch.Tensor, torch.Tensor> submodule)[] modules) : base(nameof(Sequential))
        {
            foreach (var (partName, module) in modules) append(partName, module);
        }

        protected Sequential(params Module<torch.Tensor, torch.Tensor>[] modules) : base(nameof(Sequential))
        {
            foreach (var module in modules) append(module);
        }

        internal Sequential() : base(nameof(Sequential)) { }

        public int Count => parts.Count;

        [IndexerName("SequentialItems")]
        public IModule<torch.Tensor, torch.Tensor> this[int index] => parts[index].Module;

        public Sequential append(string name, IModule<torch.Tensor, torch.Tensor> module)
        {
            parts.Add((name, module));
            return this;
        }

        public Sequential append(IModule<torch.Tensor, torch.Tensor> module) => append(parts.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module);

        public override torch.Tensor forward(torch.Tensor tensor)
        {
            if (parts.Count == 0) return tensor.alias();
            var result = parts[0].Module.call(tensor);
            for (var i = 1; i < parts.Count; i++)
            {
                var next = parts[i].Module.call(result);
                result.Dispose();
                result = next;
            }
            return result;
        }

        public override IEnumerable<(string name, Module module)> named_children() => parts.Select(part => (part.Name, (Module)part.Module));

        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) => recurse ? base.named_parameters() : [];

        public override IEnumerable<(string name, torch.Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) =>
            recurse ? base.named_buffers(true, include_persistent) : [];

        public override Module apply(Action<Module> fn)
        {
            foreach (var (_, child) in named_children()) child.apply(fn);
            fn(this);
            return this;
        }

        protected override void RegisterComponents() { }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                foreach (var (_, child) in named_children()) child.Dispose();
            base.Dispose(disposing);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                Sequential((IEnumerable<(string, Module<Tensor, Tensor>)>)modules);

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
            {
                var result = new Sequential();
                foreach (var (name, module) in modules) result.append(name, module);
                return result;
            }

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var result = new Sequential();
                foreach (var module in modules) result.append(module);
                return result;
            }
        }
    }
}
