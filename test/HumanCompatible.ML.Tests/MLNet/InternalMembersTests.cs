using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace HumanCompatible.ML.Tests.MLNet;

/// <summary>The members internal to ML.NET that the library uses are there, and are the listed ones.</summary>
[TestClass]
public sealed class InternalMembersTests
{
    private static readonly Assembly Library = Assembly.Load("HumanCompatible.ML");

    [TestMethod]
    public void Listed_AreAllThere()
    {
        var missing = InternalMembers.All.Where(row => row.Find() is null).Select(row => row.Missing()).ToArray();

        Assert.IsEmpty(missing, string.Join(Environment.NewLine, missing));
    }

    [TestMethod]
    public void Missing_NamesTheMemberTheVersionAndTheSupportedOnes()
    {
        var gone = new InternalMember("Microsoft.ML.Data", "Microsoft.ML.Data.CatalogUtils", "Void Gone(Int32)", "a test");

        Assert.IsNull(gone.Find());
        StringAssert.Matches(gone.Missing(), new(
            @"^Microsoft\.ML\.Data 5\.\d+\.\d+ has no Microsoft\.ML\.Data\.CatalogUtils: Void Gone\(Int32\) \(a test\); "
            + @"HumanCompatible\.ML supports Microsoft\.ML \[5\.0\.0, 6\.0\.0\)$"));
    }

    [TestMethod]
    public void Implemented_HaveNoOtherMembers()
    {
        var listed = InternalMembers.All.Select(row => row.Find()).OfType<MethodInfo>().ToHashSet();

        Assert.HasCount(9, InternalMembers.Implemented);
        foreach (var type in InternalMembers.Implemented)
        {
            foreach (var method in type.GetMethods())
                Assert.Contains(method, listed, $"{type.FullName} has a member that our model does not implement: {method}");
            foreach (var basis in type.GetInterfaces().Select(basis => basis.IsGenericType ? basis.GetGenericTypeDefinition() : basis))
                Assert.Contains(basis, InternalMembers.Implemented, $"{type.FullName} asks for one that our model does not implement");
        }
    }

    [TestMethod]
    public void Library_UsesNoOthers()
    {
        var listed = InternalMembers.All.Select(row => row.Find()).ToHashSet();

        var others = Used().Where(IsInternal).Select(Definition).Except(listed)
            .Select(member => member is Type ? $"{member}" : $"{member!.DeclaringType}: {InternalMember.SignatureOf(member)}").ToArray();

        Assert.IsEmpty(others, $"Add a row with the reason to {nameof(InternalMembers)} for: {string.Join("; ", others)}.");
    }

    // What the compiled library refers to; all of it has to be found, and a reference that is not found throws.
    private static IEnumerable<MemberInfo> Used()
    {
        using var file = new PEReader(File.OpenRead(Library.Location));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.TypeReferences)
            yield return Library.ManifestModule.ResolveType(MetadataTokens.GetToken(handle));
        foreach (var handle in metadata.MemberReferences)
        {
            MemberInfo? member = null;
            try
            {
                member = Library.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle));
            }
            catch (ArgumentException)
            {
                // A member of a type with open type parameters; the type itself is among the references to types.
            }

            if (member is not null)
                yield return member;
        }
    }

    private static bool IsInternal(MemberInfo member)
    {
        var type = member as Type ?? member.DeclaringType!;
        if (type.Assembly.GetName().Name is not ("Microsoft.ML.Core" or "Microsoft.ML.Data"))
            return false;
        return !type.IsVisible || member is MethodBase { IsPublic: false, IsFamily: false, IsFamilyOrAssembly: false }
            or FieldInfo { IsPublic: false, IsFamily: false, IsFamilyOrAssembly: false };
    }

    // Of a member of a generic type, that of the type's definition.
    private static MemberInfo? Definition(MemberInfo member) => member switch
    {
        Type type => type,
        { DeclaringType: { IsGenericType: true } type } => type.GetGenericTypeDefinition().GetMemberWithSameMetadataDefinitionAs(member),
        _ => member,
    };
}
