namespace Dify.Core.Sandbox.Templates.Parsing;

/// <summary>A template is written wrongly.</summary>
internal sealed class SyntaxException(string message, int line) : Exception(message)
{
    public int Line { get; } = line;
}
