using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dify.Core.Chat;

/// <summary>The first words of a conversation, with the form's values in place of <c>{{variables}}</c>.</summary>
public static partial class Opener
{
    /// <summary>A variable that the form does not have stays as it was written.</summary>
    public static string Render(string? template, JsonObject inputs) => string.IsNullOrEmpty(template)
        ? ""
        : Placeholder().Replace(template, found => inputs.TryGetPropertyValue(found.Groups[1].Value, out var value)
            ? value?.ToString() ?? ""
            : found.Value);

    [GeneratedRegex(@"\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,63})\s*\}\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
