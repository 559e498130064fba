using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Dify.Core.Workflows.Nodes.DocumentExtractor;

/// <summary>WebVTT: what is said, one line for each turn: <c>Speaker "words"</c>.</summary>
internal static partial class SubtitleText
{
    public static string Read(string vtt)
    {
        var turns = new List<(string Speaker, StringBuilder Words)>();
        foreach (var (speaker, words) in Cues(vtt))
        {
            if (turns.Count > 0 && turns[^1].Speaker == speaker)
            {
                turns[^1].Words.Append(' ').Append(words);
            }
            else
            {
                turns.Add((speaker, new StringBuilder(words)));
            }
        }

        return string.Join('\n', turns.Select(turn => $"{turn.Speaker} \"{turn.Words}\""));
    }

    private static IEnumerable<(string Speaker, string Words)> Cues(string vtt)
    {
        string? speaker = null;
        var words = new List<string>();
        foreach (var line in vtt.ReplaceLineEndings("\n").Split('\n').Append(""))
        {
            if (line.Contains("-->", StringComparison.Ordinal))
            {
                speaker = "";
                words.Clear();
            }
            else if (line.Trim().Length == 0)
            {
                if (speaker is not null && words.Count > 0)
                {
                    yield return (speaker, string.Join(' ', words));
                }

                speaker = null;
            }
            else if (speaker is not null)
            {
                if (Voice().Match(line) is { Success: true } voice)
                {
                    speaker = voice.Groups[1].Value.Trim();
                }

                words.Add(WebUtility.HtmlDecode(Tag().Replace(line, "")).Trim());
            }
        }
    }

    [GeneratedRegex(@"<v(?:\.[^\s>]*)?\s+([^>]+)>", RegexOptions.NonBacktracking)]
    private static partial Regex Voice();

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}
