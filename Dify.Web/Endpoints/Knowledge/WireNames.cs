using System.Text.Json;
using Dify.Core.Common;

namespace Dify.Web.Endpoints;

/// <summary>Enum values as the wire spells them.</summary>
internal static class WireNames
{
    public static string Wire<T>(this T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <exception cref="DifyException"><c>invalid_param</c> that names the field and its values.</exception>
    public static T Parse<T>(string value, string field)
        where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (known.Wire() == value)
            {
                return known;
            }
        }

        throw DifyException.Invalid($"{field} must be one of: {string.Join(", ", Enum.GetValues<T>().Select(v => v.Wire()))}.");
    }

    /// <inheritdoc cref="Parse"/>
    public static T? ParseOrNull<T>(string? value, string field)
        where T : struct, Enum => string.IsNullOrEmpty(value) ? null : Parse<T>(value, field);
}
