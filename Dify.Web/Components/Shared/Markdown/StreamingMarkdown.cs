namespace Dify.Web.Components.Shared.Markdown;

/// <summary>
/// Renders text that grows at its end. Finished blocks keep their HTML, so that each step costs and sends only the
/// block that is being written.
/// </summary>
internal sealed class StreamingMarkdown(MarkdownRenderer renderer)
{
    private readonly List<string> _finished = [];
    private int _tailStart;

    /// <summary>Safe HTML of the blocks that will not change any more.</summary>
    public IReadOnlyList<string> Finished => _finished;

    /// <summary>Safe HTML of the block being written.</summary>
    public string Tail { get; private set; } = "";

    /// <param name="text">The whole text so far; what was given before is a prefix of it.</param>
    public void Update(string text)
    {
        var blocks = renderer.ToBlocks(text[_tailStart..]);
        for (var i = 0; i < blocks.Count - 1; i++)
        {
            _finished.Add(blocks[i].Html);
        }

        if (blocks.Count > 0)
        {
            _tailStart += blocks[^1].Start;
            Tail = blocks[^1].Html;
        }
    }

    /// <summary>The text is another one altogether.</summary>
    public void Reset()
    {
        _finished.Clear();
        _tailStart = 0;
        Tail = "";
    }
}
