using System.Text;
using Dify.Core.Common;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>Collects text in blocks and stops when a file unfolds to more than a document can hold.</summary>
internal sealed class ExtractedText(CancellationToken cancellationToken)
{
    /// <summary>Characters: more than ten times what 15 MB of prose holds as text in most formats.</summary>
    public const int MaxLength = 40_000_000;

    private readonly StringBuilder _text = new();

    public void Append(ReadOnlySpan<char> text)
    {
        if (_text.Length + text.Length > MaxLength)
        {
            throw DifyException.Invalid("The file unfolds to more text than a document may hold. Split it into smaller files.");
        }

        _text.Append(text);
    }

    /// <summary>Ends the block in work and writes another, with an empty line between.</summary>
    public void AppendBlock(ReadOnlySpan<char> block)
    {
        block = block.Trim();
        if (block.IsEmpty)
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_text.Length > 0)
        {
            Append(_text.Length > 1 && _text[^1] == '\n' && _text[^2] == '\n' ? "" : _text[^1] == '\n' ? "\n" : "\n\n");
        }

        Append(block);
    }

    public void AppendLine(ReadOnlySpan<char> line)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Append(line);
        Append("\n");
    }

    public override string ToString() => _text.ToString();
}
