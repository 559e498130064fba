using System.Text.Json;
using Dify.Core.Common;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Dify.Core.Storage;

/// <summary>
/// A column that holds a value as JSON. The value is replaced as a whole, never changed in place: two values are the
/// same only if they are the same object, so that nothing is compared or copied for change tracking.
/// </summary>
internal static class JsonColumn
{
    public static PropertyBuilder<T> HasJsonConversion<T>(this PropertyBuilder<T> property)
        where T : class?
    {
        property.HasConversion(
            value => JsonSerializer.Serialize(value, JsonDefaults.Wire),
            json => JsonSerializer.Deserialize<T>(json, JsonDefaults.Wire)!,
            new ValueComparer<T>((a, b) => ReferenceEquals(a, b), value => value == null ? 0 : value.GetHashCode(), value => value));
        return property;
    }
}
