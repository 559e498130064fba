using System.Collections.Frozen;
using Markdig.Extensions.Emoji;

namespace Dify.Web.Components.Shared;

/// <summary>App files of Dify often name an emoji (<c>video_game</c>) instead of holding it.</summary>
internal static class EmojiNames
{
    private const string Unknown = "🤖";

    private static readonly FrozenDictionary<string, string> ByName =
        new Dictionary<string, string>(EmojiMapping.GetDefaultEmojiShortcodeToUnicode())
        {
            // Younger than that list.
            [":firecracker:"] = "🧨",
            [":nerd_face:"] = "🤓",
            [":jigsaw:"] = "🧩",
            [":receipt:"] = "🧾",
            [":toolbox:"] = "🧰",
            [":abacus:"] = "🧮",
            [":test_tube:"] = "🧪",
            [":dna:"] = "🧬",
            [":compass:"] = "🧭",
            [":luggage:"] = "🧳",
            [":teddy_bear:"] = "🧸",
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The character to show for an icon; a robot for a name that nobody knows.</summary>
    public static string Show(string icon)
    {
        if (icon.Length == 0 || !icon.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or ':'))
        {
            return icon;
        }

        // Emoji Mart says face_vomiting and flag-cn where others say vomiting_face and cn.
        var name = icon.Trim(':').Replace('-', '_');
        string[] spellings = [name, .. name.StartsWith("face_", StringComparison.Ordinal) ? [name[5..] + "_face"] : Array.Empty<string>(),
            .. name.StartsWith("flag_", StringComparison.Ordinal) ? [name[5..]] : Array.Empty<string>()];
        return spellings.Select(spelling => ByName.GetValueOrDefault($":{spelling}:")).FirstOrDefault(found => found is not null) ?? Unknown;
    }
}
