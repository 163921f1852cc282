using System.Reflection;
using System.Text.RegularExpressions;

namespace HumanCompatible.ML.Tests.MLNet;

/// <summary>A type or member internal to ML.NET that the library uses.</summary>
/// <param name="AssemblyName">The assembly that has it.</param>
/// <param name="TypeName">The full name of the type, or of the declaring type.</param>
/// <param name="Signature">The member as <see cref="SignatureOf"/> writes it; null for the type itself.</param>
/// <param name="Reason">What the library needs it for.</param>
internal sealed partial record InternalMember(string AssemblyName, string TypeName, string? Signature, string Reason)
{
    /// <summary>The versions of the package that the library works with, as in its project file.</summary>
    internal const string SupportedVersions = "[5.0.0, 6.0.0)";

    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The type or member, or null where this version of ML.NET has none.</summary>
    internal MemberInfo? Find()
    {
        var type = Assembly.Load(AssemblyName).GetType(TypeName);
        return Signature is null ? type : type?.GetMembers(Declared).FirstOrDefault(member => SignatureOf(member) == Signature);
    }

    /// <summary>What to say where there is none.</summary>
    internal string Missing()
    {
        var version = Assembly.Load(AssemblyName).GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var name = Signature is null ? TypeName : $"{TypeName}: {Signature}";
        return $"{AssemblyName} {version.Split('+')[0]} has no {name} ({Reason}); "
            + $"HumanCompatible.ML supports Microsoft.ML {SupportedVersions}";
    }

    /// <summary>A member as reflection writes it, without namespaces.</summary>
    internal static string SignatureOf(MemberInfo member) => Namespace().Replace(member.ToString()!, "");

    [GeneratedRegex(@"\w+\.(?=\w)")]
    private static partial Regex Namespace();
}
