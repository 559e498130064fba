using System.Text;
using Dify.Web.Components.Shared.Markdown;

namespace Dify.Web.Components.Pages.Chat;

/// <summary>
/// An answer while it comes. Pieces are gathered and shown at most about fifteen times a second, more slowly the longer
/// the block being written is, so that what goes over the wire stays below about 100 KB a second.
/// </summary>
public sealed class LiveAnswer : IDisposable
{
    public static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(66);
    private const int CharactersPerSecond = 100_000;

    private readonly StreamingMarkdown _markdown;
    private readonly TimeProvider _time;
    private readonly StringBuilder _text = new();
    private ITimer? _timer;
    private long? _shownAt;
    private bool _waiting;
    private bool _disposed;

    internal LiveAnswer(MarkdownRenderer renderer, TimeProvider time)
    {
        _markdown = new StreamingMarkdown(renderer);
        _time = time;
    }

    /// <summary>There is something new to show; may be raised on any thread.</summary>
    public event Action? Changed;

    public IReadOnlyList<string> Finished => _markdown.Finished;

    public string Tail => _markdown.Tail;

    public bool IsEmpty => _text.Length == 0;

    public void Append(string piece)
    {
        _text.Append(piece);
        Schedule();
    }

    /// <summary>The text so far is replaced, as moderation does.</summary>
    public void Replace(string text)
    {
        _text.Clear().Append(text);
        _markdown.Reset();
        Schedule();
    }

    /// <summary>Something beside the text has changed.</summary>
    public void Notice() => Schedule();

    /// <summary>Brings the HTML up to the text; called by whoever shows it, on its own thread.</summary>
    public void Render()
    {
        _waiting = false;
        if (IsEmpty)
        {
            // The first piece must not wait for its turn.
            return;
        }

        _shownAt = _time.GetTimestamp();
        _markdown.Update(_text.ToString());
    }

    public void Dispose()
    {
        _disposed = true;
        _timer?.Dispose();
    }

    private void Schedule()
    {
        if (_waiting || _disposed)
        {
            return;
        }

        _waiting = true;
        var step = TimeSpan.FromSeconds((double)Tail.Length / CharactersPerSecond);
        step = step > ShortestStep ? step : ShortestStep;
        var wait = _shownAt is { } shown ? step - _time.GetElapsedTime(shown) : TimeSpan.Zero;
        if (wait <= TimeSpan.Zero)
        {
            Changed?.Invoke();
            return;
        }

        _timer ??= _time.CreateTimer(_ => Changed?.Invoke(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
