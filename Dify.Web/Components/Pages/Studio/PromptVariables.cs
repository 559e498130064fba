using System.Text.RegularExpressions;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>Finds <c>{{name}}</c> placeholders in texts of a basic app.</summary>
internal static partial class PromptVariables
{
    /// <summary>The names used, each once, in order of first use.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> texts) =>
        [.. texts.SelectMany(t => Placeholder().Matches(t)).Select(m => m.Groups[1].Value).Distinct()];

    public static string Rename(string text, string from, string to) =>
        Placeholder().Replace(text, m => m.Groups[1].Value == from ? "{{" + to + "}}" : m.Value);

    [GeneratedRegex(@"\{\{([a-zA-Z_][a-zA-Z0-9_]{0,63})\}\}")]
    private static partial Regex Placeholder();
}
