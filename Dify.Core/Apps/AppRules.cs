using System.Text.RegularExpressions;
using Dify.Core.Common;

namespace Dify.Core.Apps;

/// <summary>What may be said of an app: its name, description and icon.</summary>
internal static partial class AppRules
{
    public const int NameLength = 40;
    private const int DescriptionLength = 400;
    private const int IconLength = 64;

    /// <returns>The same, trimmed.</returns>
    public static NewApp Check(NewApp app)
    {
        var name = app.Name?.Trim() ?? "";
        if (name.Length is 0 or > NameLength)
        {
            throw DifyException.Invalid($"name: give the app a name of 1 to {NameLength} characters.");
        }

        if (app.Description is { Length: > DescriptionLength })
        {
            throw DifyException.Invalid($"description: at most {DescriptionLength} characters.");
        }

        if (app.Icon is { Length: > IconLength })
        {
            throw DifyException.Invalid("icon: give one emoji.");
        }

        var background = string.IsNullOrWhiteSpace(app.IconBackground) ? "#FFEAD5" : app.IconBackground.Trim();
        if (!Colour().IsMatch(background))
        {
            throw DifyException.Invalid("icon_background: give a colour as #RRGGBB.");
        }

        return app with
        {
            Name = name,
            Description = app.Description?.Trim() ?? "",
            Icon = string.IsNullOrWhiteSpace(app.Icon) ? "🤖" : app.Icon.Trim(),
            IconBackground = background,
        };
    }

    [GeneratedRegex("^#[0-9A-Fa-f]{6}$", RegexOptions.NonBacktracking)]
    private static partial Regex Colour();
}
