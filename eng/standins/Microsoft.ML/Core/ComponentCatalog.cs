using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The classes that a model file may name, by signature type and load name. Filled from the attributes of registered assemblies.</summary>
public sealed class ComponentCatalog
{
    private const BindingFlags AnyInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), LoadableClassInfo> _classes = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
                return;
            foreach (var attribute in assembly.GetCustomAttributes<LoadableClassAttributeBase>())
                Register(attribute, throwOnError);
        }
    }

    internal static bool TryCreateInstance<TRes, TSig>(IHostEnvironment env, out TRes result, string name, string options, params object[] extra)
        where TRes : class
    {
        Contracts.CheckValue(env, nameof(env));
        result = null;
        var info = env.ComponentCatalog.GetLoadableClassInfo<TSig>(name);
        if (info == null)
            return false;
        if (!typeof(TRes).IsAssignableFrom(info.Type))
            throw env.Except("Loadable class '{0}' does not derive from '{1}'", name, typeof(TRes).FullName);
        if (info.Parameters != extra.Length)
            throw env.Except("Wrong number of extra parameters for loadable class '{0}', need '{1}', given '{2}'", name, info.Parameters, extra.Length);
        if (info.ArgType != null || !string.IsNullOrEmpty(options))
            throw Contracts.ExceptNotSupp($"The stand-in of {nameof(ComponentCatalog)} makes loadable classes without an arguments class and without settings: '{name}' has one.");
        result = (TRes)info.Create(env, extra);
        return true;
    }

    internal LoadableClassInfo GetLoadableClassInfo<TSig>(string loadName)
        => _classes.GetValueOrDefault((Normalize(loadName), typeof(TSig)));

    private static string Normalize(string name) => (name ?? "").ToLowerInvariant().Trim();

    private void Register(LoadableClassAttributeBase attribute, bool throwOnError)
    {
        var info = LoadableClassInfo.FindOrNull(attribute);
        if (info == null)
        {
            if (throwOnError)
                throw Contracts.Except($"Can't instantiate loadable class '{attribute.InstanceType.Name}' with name '{attribute.LoadNames[0]}'");
            return;
        }
        foreach (var name in attribute.LoadNames)
        {
            foreach (var signature in attribute.SigTypes)
            {
                if (!_classes.TryAdd((Normalize(name), signature), info) && throwOnError)
                    throw Contracts.Except($"ComponentCatalog cannot map name '{name}' and SignatureType '{signature}' to {info.Type.Name}, already mapped to {_classes[(Normalize(name), signature)].Type.Name}.");
            }
        }
    }

    /// <summary>How to make one loadable class: a constructor, or a static method Create, with or without the environment as first argument.</summary>
    internal sealed class LoadableClassInfo
    {
        private readonly MethodBase _maker;
        private readonly bool _takesEnvironment;

        private LoadableClassInfo(LoadableClassAttributeBase attribute, MethodBase maker, bool takesEnvironment)
        {
            (Type, ArgType, Parameters) = (attribute.InstanceType, attribute.ArgType, attribute.CtorTypes.Length);
            (_maker, _takesEnvironment) = (maker, takesEnvironment);
        }

        public Type Type { get; }

        public Type ArgType { get; }

        public int Parameters { get; }

        public static LoadableClassInfo FindOrNull(LoadableClassAttributeBase attribute)
        {
            Type[] withEnvironment = [typeof(IHostEnvironment), .. attribute.CtorTypes];
            var constructors = attribute.InstanceType.IsAssignableFrom(attribute.LoaderType);
            var constructor = constructors ? Constructor(attribute.LoaderType, attribute.CtorTypes) ?? Constructor(attribute.LoaderType, withEnvironment) : null;
            var create = Create(attribute, attribute.CtorTypes) ?? Create(attribute, withEnvironment);
            if (constructor != null && create != null && Openness(constructor) == Openness(create))
                throw Contracts.Except($"Can't load type {attribute.InstanceType}, because it has both create and constructor methods with the same visibility. Please indicate which one should be used by changing either the signature or the visibility of one of them.");
            MethodBase maker = create == null || (constructor != null && Openness(constructor) > Openness(create)) ? constructor : create;
            return maker == null ? null : new LoadableClassInfo(attribute, maker, maker.GetParameters().Length > attribute.CtorTypes.Length);
        }

        public object Create(IHostEnvironment env, object[] extra)
        {
            object[] arguments = _takesEnvironment ? [env, .. extra] : extra;
            try
            {
                return _maker is ConstructorInfo constructor ? constructor.Invoke(arguments) : _maker.Invoke(null, arguments);
            }
            catch (TargetInvocationException exception) when (exception.InnerException?.IsMarked() == true)
            {
                throw Contracts.Except(exception, "Error during class instantiation");
            }
        }

        private static int Openness(MethodBase method) => (method.Attributes & MethodAttributes.MemberAccessMask) switch
        {
            MethodAttributes.FamANDAssem => 0,
            MethodAttributes.Private => 1,
            MethodAttributes.Family => 2,
            MethodAttributes.FamORAssem => 3,
            MethodAttributes.Assembly => 4,
            _ => 5,
        };

        private static ConstructorInfo Constructor(Type type, Type[] parameters) => type.GetConstructor(AnyInstance, null, parameters, null);

        private static MethodInfo Create(LoadableClassAttributeBase attribute, Type[] parameters)
        {
            var method = attribute.LoaderType.GetMethod("Create", AnyStatic, null, parameters, null);
            return method?.ReturnType == attribute.InstanceType ? method : null;
        }
    }
}
