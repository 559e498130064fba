using Dify.Core.Apps;
using Dify.Core.Common;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>Where the draft stands.</summary>
public enum SaveState
{
    Saved,

    /// <summary>Changed; saved when typing rests.</summary>
    Waiting,

    Saving,

    /// <summary>Somebody else saved meanwhile; a person decides.</summary>
    Conflict,

    /// <summary>Not saved; <see cref="DraftAutosave.Error"/> says why. The next change or <c>FlushAsync</c> tries again.</summary>
    Failed,
}

/// <summary>
/// Saves a draft when changes rest for <see cref="Delay"/>, one save at a time, each with the revision of the one before.
/// A failed or refused save keeps the newest configuration, so nothing typed is lost.
/// </summary>
/// <param name="save">Stores a configuration over a revision and answers the new revision.</param>
/// <param name="revision">The revision that editing starts from.</param>
/// <param name="due">Called when a save is due, on any thread; it calls <see cref="FlushAsync"/> where it wants to.</param>
public sealed class DraftAutosave(
    Func<AppModelConfig, int, Task<int>> save, int revision, TimeProvider time, Action due) : IDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private ITimer? _timer;
    private AppModelConfig? _pending;

    public SaveState State { get; private set; } = SaveState.Saved;

    public int Revision { get; private set; } = revision;

    public DateTimeOffset? SavedAt { get; private set; }

    /// <summary>Why the last save failed.</summary>
    public DifyException? Error { get; private set; }

    /// <summary>Something is not stored yet.</summary>
    public bool IsDirty => _pending is not null;

    public event Action? Changed;

    /// <summary>Notes a change and restarts the clock.</summary>
    public void Change(AppModelConfig config)
    {
        _pending = config;
        if (State is SaveState.Conflict)
        {
            return;
        }

        if (State is not SaveState.Saving)
        {
            Enter(SaveState.Waiting);
        }

        _timer ??= time.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Saves what is not saved, now. In a conflict it waits for <see cref="Resolve"/>.</summary>
    public async Task FlushAsync()
    {
        await _one.WaitAsync();
        try
        {
            while (_pending is { } config && State is not SaveState.Conflict)
            {
                if (!await SaveAsync(config))
                {
                    return;
                }
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Ends a conflict: go on from <paramref name="revision"/>, with our changes on top or without them.</summary>
    public void Resolve(int revision, bool keepOurs)
    {
        Revision = revision;
        Error = null;
        if (!keepOurs)
        {
            _pending = null;
        }

        Enter(_pending is null ? SaveState.Saved : SaveState.Waiting);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _one.Dispose();
    }

    private async Task<bool> SaveAsync(AppModelConfig config)
    {
        Enter(SaveState.Saving);
        var outcome = SaveState.Failed;
        try
        {
            Revision = await save(config, Revision);
            SavedAt = time.GetUtcNow();
            Error = null;
            if (ReferenceEquals(_pending, config))
            {
                _pending = null;
            }

            outcome = _pending is null ? SaveState.Saved : SaveState.Waiting;
            return true;
        }
        catch (DifyException failure)
        {
            Error = failure;
            outcome = failure.Code == "draft_conflict" ? SaveState.Conflict : SaveState.Failed;
            return false;
        }
        finally
        {
            Enter(outcome);
        }
    }

    private void Enter(SaveState state)
    {
        State = state;
        Changed?.Invoke();
    }
}
