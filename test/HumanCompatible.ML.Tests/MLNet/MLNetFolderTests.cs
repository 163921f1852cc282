using System.Reflection;
using Mono.Cecil;

namespace HumanCompatible.ML.Tests.MLNet;

/// <summary>What is internal to ML.NET is used in one folder of the library.</summary>
[TestClass]
public sealed class MLNetFolderTests
{
    private const string Folder = "HumanCompatible.ML.MLNet";
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [TestMethod]
    public void Library_UsesInternalsOfMLNetInThatFolderOnly()
    {
        using var module = ModuleDefinition.ReadModule(Assembly.Load("HumanCompatible.ML").Location);

        var users = module.Types.Where(type => References(type).Any(IsInternal)).ToLookup(type => type.Namespace == Folder);

        Assert.IsEmpty(users[false], string.Join("; ", users[false]));
        CollectionAssert.AreEquivalent(
            new[] { "BinaryModelParameters", "FeatureContributionMapper", "FeatureModelParameters", "HostEnvironments", "ModelFolder",
                "ModelLoader`1", "MulticlassModelParameters", "OnnxGraph", "PredictionTransformers", "RegressionModelParameters",
                "TrainerPromise" },
            users[true].Select(type => type.Name).ToArray());
    }

    // The types and members that a type and those nested in it name.
    private static IEnumerable<MemberReference> References(TypeDefinition type) =>
    [
        .. new[] { type.BaseType }.OfType<MemberReference>(),
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Methods.SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
        .. type.Methods.Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MemberReference>()),
        .. type.NestedTypes.SelectMany(References),
    ];

    private static bool IsInternal(MemberReference reference)
    {
        var type = (reference as TypeReference ?? reference.DeclaringType).GetElementType();
        if (type.Scope?.Name is not ("Microsoft.ML.Core" or "Microsoft.ML.Data"))
            return false;
        var actual = Assembly.Load(type.Scope.Name).GetType(type.FullName.Replace('/', '+'), throwOnError: true)!;
        return !actual.IsVisible || (reference is not TypeReference && actual.GetMember(reference.Name, Hidden)
            .Any(member => member is MethodBase { IsAssembly: true } or FieldInfo { IsAssembly: true }));
    }
}
