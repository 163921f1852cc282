// Writes a copy of an assembly in which what was internal is public, for the compiler only. Private members stay private.
// Usage: InternalsAccess SOURCE.dll TARGET.dll
using Mono.Cecil;

if (args is not [var source, var target])
{
    Console.Error.WriteLine("usage: InternalsAccess SOURCE.dll TARGET.dll");
    return 2;
}

using var module = ModuleDefinition.ReadModule(source, new ReaderParameters { InMemory = true, ReadingMode = ReadingMode.Immediate });
foreach (var type in module.GetTypes())
{
    // Types the compiler embeds in every assembly would clash with our own copies.
    var outermost = type;
    while (outermost.DeclaringType is not null)
        outermost = outermost.DeclaringType;
    if (outermost.Namespace.StartsWith("System", StringComparison.Ordinal) || outermost.Namespace.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
        continue;

    if (type.IsNotPublic)
        type.IsPublic = true;
    else if (type.IsNestedAssembly || type.IsNestedFamilyAndAssembly)
        type.IsNestedPublic = true;

    // Virtual members stay as they are: an override written against the copy must have the accessibility of the original.
    foreach (var method in type.Methods.Where(method => method.IsAssembly && !method.IsVirtual))
        method.IsPublic = true;
    foreach (var field in type.Fields.Where(field => field.IsAssembly))
        field.IsPublic = true;
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
var temporary = target + "." + Environment.ProcessId + ".tmp";
module.Write(temporary);
File.Move(temporary, target, overwrite: true);
return 0;
