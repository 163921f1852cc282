namespace System.Runtime.CompilerServices;

/// <summary>
/// Lets this assembly use the internal members of another one. The runtime honors the attribute by its name; no reference assembly
/// declares it.
/// </summary>
/// <param name="assemblyName">The simple name of the assembly whose internals are used.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>The simple name of the assembly whose internals are used.</summary>
    public string AssemblyName { get; } = assemblyName;
}
