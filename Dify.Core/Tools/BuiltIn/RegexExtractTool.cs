using System.Text.RegularExpressions;

namespace Dify.Core.Tools.BuiltIn;

/// <summary><c>regex_extract</c>: all matches, as Python's <c>re.findall</c> prints them.</summary>
internal static class RegexExtractTool
{
    private const int MostMatches = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static ITool Create() => new TextTool(
        new ToolDescription(
            "regex_extract", "Regex Extract", "A tool for extracting matching content using regular expressions.",
            [
                new ToolParameter("content", "Content to be extracted", ToolParameterKind.Text, true, "The text to search."),
                new ToolParameter("expression", "Regular expression", ToolParameterKind.Text, true, "What to find."),
            ]),
        call => Find(call.Text("content").Trim(), call.Text("expression").Trim()));

    private static string Find(string content, string expression)
    {
        if (content.Length == 0)
        {
            return "Invalid content";
        }

        if (expression.Length == 0)
        {
            return "Invalid expression";
        }

        try
        {
            var regex = new Regex(
                expression.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.CultureInvariant, Patience);
            return $"[{string.Join(", ", regex.Matches(content).Take(MostMatches).Select(Print))}]";
        }
        catch (ArgumentException problem)
        {
            return $"Failed to extract result, error: {problem.Message}";
        }
        catch (RegexMatchTimeoutException)
        {
            return "Failed to extract result, error: the expression takes too long on this text.";
        }
    }

    private static string Print(Match match) => match.Groups.Count switch
    {
        1 => PythonForm.Quote(match.Value),
        2 => PythonForm.Quote(match.Groups[1].Value),
        _ => $"({string.Join(", ", match.Groups.Cast<Group>().Skip(1).Select(group => PythonForm.Quote(group.Value)))})",
    };
}
