namespace Dify.Core.Apps.Transfer.Yaml;

/// <summary>Which notations a text can have in block YAML; PyYAML's <c>analyze_scalar</c>.</summary>
/// <param name="IsMultiline">It has line breaks.</param>
/// <param name="AllowsPlain">Without quotes, as far as its characters go.</param>
/// <param name="AllowsSingleQuotes">Between apostrophes; double quotes can hold everything.</param>
internal readonly record struct ScalarShape(bool IsMultiline, bool AllowsPlain, bool AllowsSingleQuotes)
{
    private const string LeadingIndicators = "#,[]{}&*!|>'\"%@`";

    public static ScalarShape Of(ReadOnlySpan<int> text)
    {
        if (text.IsEmpty)
        {
            return new ScalarShape(false, true, true);
        }

        var indicators = text.Length >= 3 && (text[..3] is ['-', '-', '-'] or ['.', '.', '.']);
        bool breaks = false, special = false, breakSpace = false, spaceBreak = false;
        bool afterSpace = false, afterBreak = false, afterWhite = true;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            var beforeWhite = i + 1 >= text.Length || IsWhite(text[i + 1]);
            indicators |= i == 0
                ? (character < 128 && LeadingIndicators.Contains((char)character, StringComparison.Ordinal))
                    || (character is '?' or ':' or '-' && beforeWhite)
                : (character == ':' && beforeWhite) || (character == '#' && afterWhite);
            var isBreak = IsBreak(character);
            breaks |= isBreak;
            special |= character != '\n' && !IsPrintable(character);
            breakSpace |= character == ' ' && afterBreak;
            spaceBreak |= isBreak && afterSpace;
            afterSpace = character == ' ';
            afterBreak = isBreak;
            afterWhite = IsWhite(character);
        }

        var edges = text[0] == ' ' || IsBreak(text[0]) || text[^1] == ' ' || IsBreak(text[^1]);
        var quoted = !breakSpace && !spaceBreak && !special;
        return new ScalarShape(breaks, quoted && !breaks && !edges && !indicators, quoted);
    }

    public static bool IsBreak(int character) => character is '\n' or 0x85 or 0x2028 or 0x2029;

    private static bool IsWhite(int character) => character is 0 or ' ' or '\t' or '\r' || IsBreak(character);

    private static bool IsPrintable(int character) => character
        is (>= ' ' and <= '~') or 0x85 or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD and not 0xFEFF) or (>= 0x10000 and < 0x10FFFF);
}
