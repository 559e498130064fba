using Dify.Core.Knowledge;

namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>
/// Calls a page when documents of a base may have moved: soon after a step that this process reports, at most once a
/// beat, and every few beats for what another process does.
/// </summary>
internal sealed class LiveDocuments : IDisposable
{
    private const int IdleBeats = 3;

    private readonly Func<Task> _refresh;
    private readonly IDisposable _watch;
    private readonly ITimer _timer;
    private int _beats;
    private volatile bool _moved;
    private int _busy;

    public LiveDocuments(DocumentProgress progress, Guid knowledgeBaseId, TimeProvider clock, TimeSpan beat, Func<Task> refresh)
    {
        _refresh = refresh;
        _watch = progress.Watch(knowledgeBaseId, _ => _moved = true);
        _timer = clock.CreateTimer(_ => _ = BeatAsync(), null, beat, beat);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _timer.Dispose();
    }

    private async Task BeatAsync()
    {
        if ((!_moved && ++_beats < IdleBeats) || Interlocked.Exchange(ref _busy, 1) == 1)
        {
            return;
        }

        (_moved, _beats) = (false, 0);
        try
        {
            await _refresh();
        }
        catch (Exception failure) when (failure is Core.Common.DifyException or ObjectDisposedException or OperationCanceledException)
        {
            // The base is gone, or the page: the next action of the person says so.
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }
}
