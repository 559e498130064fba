using System.Text;

namespace Dify.Core.Workflows.Prompts;

/// <summary>
/// Tells what a model thinks from what it says while both come in one stream, between <c>&lt;think&gt;</c> tags. Tags may
/// be cut anywhere between two pieces; one that is never closed reaches to the end.
/// </summary>
internal sealed class ThinkSplitter
{
    private const string Open = "<think";
    private const string Close = "</think>";

    /// <summary>What begins as a tag and goes on for longer is text.</summary>
    private const int LongestTag = 200;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thought = new();
    private readonly List<StringBuilder> _blocks = [];
    private readonly StringBuilder _all = new();
    private string _pending = "";
    private bool _isThinking;
    private bool _hasText;

    /// <summary>What the last piece added to the answer.</summary>
    public string Text { get; private set; } = "";

    /// <summary>What the last piece added to the thoughts.</summary>
    public string Thought { get; private set; } = "";

    /// <summary>The answer so far.</summary>
    public string AllText => _all.ToString();

    /// <summary>All thoughts so far, one block a paragraph.</summary>
    public string AllThoughts => string.Join('\n', _blocks.Select(block => block.ToString().Trim()).Where(block => block.Length > 0));

    public void Push(string piece)
    {
        _text.Clear();
        _thought.Clear();
        var rest = _pending.Length > 0 ? _pending + piece : piece;
        _pending = "";
        while (rest.Length > 0)
        {
            rest = _isThinking ? Think(rest) : Say(rest);
        }

        Take();
    }

    /// <summary>Nothing further comes: gives what was held back.</summary>
    public void Finish()
    {
        _text.Clear();
        _thought.Clear();
        if (_isThinking)
        {
            AddThought(_pending);
        }
        else
        {
            AddText(_pending);
        }

        _pending = "";
        Take();
    }

    private string Say(string rest)
    {
        var start = rest.IndexOf(Open, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            AddText(Hold(rest, Open));
            return "";
        }

        var end = rest.IndexOf('>', start);
        if (end < 0 && rest.Length - start <= LongestTag)
        {
            AddText(rest[..start]);
            _pending = rest[start..];
            return "";
        }

        if (end < 0 || end - start > LongestTag)
        {
            AddText(rest[..(start + Open.Length)]);
            return rest[(start + Open.Length)..];
        }

        AddText(rest[..start]);
        _isThinking = true;
        _blocks.Add(new StringBuilder());
        return rest[(end + 1)..];
    }

    private string Think(string rest)
    {
        var end = rest.IndexOf(Close, StringComparison.OrdinalIgnoreCase);
        if (end < 0)
        {
            AddThought(Hold(rest, Close));
            return "";
        }

        AddThought(rest[..end]);
        _isThinking = false;
        return rest[(end + Close.Length)..];
    }

    /// <summary>Keeps back an end that may be the beginning of the tag; gives the rest.</summary>
    private string Hold(string rest, string tag)
    {
        for (var length = Math.Min(tag.Length - 1, rest.Length); length > 0; length--)
        {
            if (rest.AsSpan(rest.Length - length).Equals(tag.AsSpan(0, length), StringComparison.OrdinalIgnoreCase))
            {
                _pending = rest[^length..];
                return rest[..^length];
            }
        }

        return rest;
    }

    /// <summary>The blank lines between the thoughts and the answer belong to neither.</summary>
    private void AddText(string text)
    {
        text = _hasText ? text : text.TrimStart();
        _hasText |= text.Length > 0;
        _text.Append(text);
        _all.Append(text);
    }

    private void AddThought(string thought)
    {
        _thought.Append(thought);
        _blocks[^1].Append(thought);
    }

    private void Take()
    {
        Text = _text.ToString();
        Thought = _thought.ToString();
    }
}
