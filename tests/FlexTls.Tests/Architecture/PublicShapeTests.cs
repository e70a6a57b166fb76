using System.Reflection;
using Xunit;

namespace FlexTls.Architecture;

/// <summary>The values that programs receive can get further members without a break.</summary>
public class PublicShapeTests
{
    private static readonly Type[] Public =
        [.. typeof(OutboundTlsContext).Assembly.GetExportedTypes(), .. typeof(OutboundTlsStatus).Assembly.GetExportedTypes()];

    [Fact]
    public void NoPublicType_IsDeconstructed_ExceptTheDiagnostic() => Assert.Equal(
        [typeof(TlsPolicyDiagnostic)], Public.Where(type => type.GetMethod("Deconstruct") is not null));

    /// <summary>But for a range, whose bounds have an order that its constructor checks.</summary>
    [Fact]
    public void AllRecords_CanBeMadeEmpty() => Assert.Equal(
        [typeof(TlsPolicyDiagnostic), typeof(TlsVersionRange)],
        Public.Where(type => type.GetMethod("<Clone>$") is not null && type.GetConstructor(Type.EmptyTypes) is null)
            .OrderBy(type => type.Name, StringComparer.Ordinal));

    [Fact]
    public void NoValueOfAnEmptyRecord_IsNullUnlessItMayBe()
    {
        var nullability = new NullabilityInfoContext();
        var wrong =
            from type in Public
            where type.GetConstructor(Type.EmptyTypes) is not null && type.GetMethod("<Clone>$") is not null
            let empty = Activator.CreateInstance(type)
            from property in type.GetProperties()
            where nullability.Create(property).ReadState == NullabilityState.NotNull && property.GetValue(empty) is null
            select $"{type.Name}.{property.Name}";

        Assert.Empty(wrong);
    }
}
