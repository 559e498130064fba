using System.Text.RegularExpressions;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>Breaks a line as Python's <c>textwrap</c> does, tabs and spaces kept as they are.</summary>
internal sealed partial class TextWrap(Run run, int width, bool breakLongWords, bool breakOnHyphens)
{
    public List<string> Wrap(string text)
    {
        if (width <= 0)
        {
            throw PyException.ValueError($"invalid width {width} (must be > 0)");
        }

        var chunks = new Stack<string>((breakOnHyphens ? Words() : Spaces()).Split(text).Where(chunk => chunk.Length > 0).Reverse());
        var lines = new List<string>();
        while (chunks.Count > 0)
        {
            run.Step();
            var line = new List<string>();
            var length = 0;
            if (IsBlank(chunks.Peek()) && lines.Count > 0)
            {
                chunks.Pop();
            }

            while (chunks.Count > 0 && length + PyString.Length(chunks.Peek()) <= width)
            {
                line.Add(chunks.Pop());
                length += PyString.Length(line[^1]);
            }

            if (chunks.Count > 0 && PyString.Length(chunks.Peek()) > width)
            {
                BreakLong(chunks, line, Math.Max(1, width - length));
            }

            if (line.Count > 0 && IsBlank(line[^1]))
            {
                line.RemoveAt(line.Count - 1);
            }

            if (line.Count > 0)
            {
                lines.Add(string.Concat(line));
            }
        }

        return lines;
    }

    private void BreakLong(Stack<string> chunks, List<string> line, int space)
    {
        if (!breakLongWords)
        {
            if (line.Count == 0)
            {
                line.Add(chunks.Pop());
            }

            return;
        }

        var chunk = chunks.Pop();
        run.Step(chunk.Length >> 4);
        var characters = PyString.Characters(chunk);
        var end = space;
        if (breakOnHyphens && characters.Count > space)
        {
            var hyphen = characters.FindLastIndex(Math.Min(space, characters.Count) - 1, c => c == "-");
            end = hyphen > 0 && characters.Take(hyphen).Any(c => c != "-") ? hyphen + 1 : end;
        }

        line.Add(string.Concat(characters.Take(end)));
        chunks.Push(string.Concat(characters.Skip(end)));
    }

    private static bool IsBlank(string chunk) => chunk.All(PyString.IsSpace);

    [GeneratedRegex(@"([\t\n\v\f\r ]+|(?<=[\w!""'&.,?])-{2,}(?=\w)|[^\t\n\v\f\r ](?:[^\t\n\v\f\r ]*?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])|(?=[\t\n\v\f\r ]|\z)|(?<=[\w!""'&.,?])(?=-{2,}\w))))", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();

    [GeneratedRegex(@"([\t\n\v\f\r ]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
