namespace Microsoft.ML.Runtime;

/// <summary>The environment behind an <see cref="MLContext"/>: registers hosts, starts channels, hands messages to the listeners.</summary>
internal class HostEnvironment : IHostEnvironmentInternal, ICancelable
{
    private readonly HostEnvironment _root;
    private readonly HostEnvironment _master;
    private readonly List<WeakReference<HostEnvironment>> _children = [];
    private readonly Dictionary<string, object> _options = [];
    private readonly Lock _lock = new();
    private readonly Random _rand;
    private Action<string, ChannelMessage> _listeners;

    public HostEnvironment(int? seed)
    {
        _root = this;
        Seed = seed;
        _rand = RandomUtils.Create(seed);
        ComponentCatalog = new ComponentCatalog();
    }

    protected HostEnvironment(HostEnvironment master, string shortName, string parentFullName, Random rand)
    {
        (_root, _master, _rand, ShortName, ParentFullName) = (master._root, master, rand, shortName, parentFullName);
        FullName = Join(parentFullName, shortName);
        (Seed, GpuDeviceId, FallbackToCpu, ComponentCatalog, IsCanceled) = (master.Seed, master.GpuDeviceId, master.FallbackToCpu, master.ComponentCatalog, master.IsCanceled);
    }

    public string ShortName { get; }

    public string ParentFullName { get; }

    public string FullName { get; }

    public string ContextDescription => "HostEnvironment";

    public int? Seed { get; }

    public Random Rand => _rand;

    public bool IsCanceled { get; private set; }

    public ComponentCatalog ComponentCatalog { get; }

    public string TempFilePath { get; set; } = Path.GetTempPath();

    public bool FallbackToCpu { get; set; }

    public int? GpuDeviceId { get; set; }

    public static string Join(string parent, string name) => string.IsNullOrEmpty(parent) ? name : $"{parent}; {name}";

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            _children.RemoveAll(child => !child.TryGetTarget(out _));
            var rand = seed.HasValue ? RandomUtils.Create(seed.Value) : RandomUtils.Create(_rand);
            // The parent's name is the one of the registering host's own parent, as in the original.
            var host = new Host(this, name, _master?.FullName, rand);
            if (_master == null)
                host.TempFilePath = TempFilePath;
            if (!IsCanceled || _master == null)
                _children.Add(new(host));
            return host;
        }
    }

    public IChannel Start(string name) => new Channel(this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new Pipe<TMessage>(this, name);

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new ProgressChannel(this, isNested: false);
    }

    public void AddListener(Action<string, ChannelMessage> listener) => _listeners += listener;

    public void Dispatch<TMessage>(string source, TMessage message)
    {
        if (message is ChannelMessage channelMessage)
            _root._listeners?.Invoke(source, channelMessage);
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex == null)
            return null;
        ex.Data["Throwing component"] = "Environment";
        return Contracts.Mark(ex);
    }

    public void CancelExecution()
    {
        lock (_lock)
        {
            foreach (var child in _children)
            {
                if (child.TryGetTarget(out var host))
                    host.CancelExecution();
            }
            _children.Clear();
            IsCanceled = true;
        }
    }

    public bool TryAddOption<T>(string name, T value) => _options.TryAdd(CheckName(name), value);

    public void SetOption<T>(string name, T value) => _options[CheckName(name)] = value;

    public bool TryGetOption<T>(string name, out T value)
    {
        var found = _options.TryGetValue(CheckName(name), out var option) && option is T;
        value = found ? (T)option : default;
        return found;
    }

    public T GetOptionOrDefault<T>(string name)
    {
        _options.TryAdd(CheckName(name), default(T));
        return (T)_options[name];
    }

    public bool RemoveOption(string name) => _options.Remove(CheckName(name));

    private static string CheckName(string name) => string.IsNullOrWhiteSpace(name) ? throw new ArgumentNullException(nameof(name)) : name;

    private sealed class Host(HostEnvironment master, string name, string parentFullName, Random rand) : HostEnvironment(master, name, parentFullName, rand), IHost;
}
