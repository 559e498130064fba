using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Web.Components.Pages.Studio;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Dify.Tests.Web.Components.Studio;

public sealed class DraftAutosaveTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(string? Prompt, int Revision)> _saved = [];
    private Func<AppModelConfig, int, Task<int>> _save;
    private DraftAutosave _autosave;
    private Task _running = Task.CompletedTask;

    public DraftAutosaveTests()
    {
        _save = (config, revision) =>
        {
            _saved.Add((config.PrePrompt, revision));
            return Task.FromResult(revision + 1);
        };
        _autosave = null!;
        _autosave = new DraftAutosave((c, r) => _save(c, r), 7, _time, () => _running = _autosave.FlushAsync());
    }

    public void Dispose() => _autosave.Dispose();

    private static AppModelConfig Prompt(string text) => new() { PrePrompt = text };

    [Fact]
    public async Task Changes_are_saved_once_when_typing_rests_for_a_second()
    {
        _autosave.Change(Prompt("a"));
        _time.Advance(TimeSpan.FromMilliseconds(900));
        _autosave.Change(Prompt("ab"));
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.Empty(_saved);
        Assert.Equal(SaveState.Waiting, _autosave.State);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        await _running;

        Assert.Equal([("ab", 7)], _saved);
        Assert.Equal((SaveState.Saved, 8, false), (_autosave.State, _autosave.Revision, _autosave.IsDirty));
        Assert.Equal(_time.GetUtcNow(), _autosave.SavedAt);
    }

    [Fact]
    public async Task What_is_typed_during_a_save_is_saved_after_it_on_the_new_revision()
    {
        var gate = new TaskCompletionSource();
        var plain = _save;
        _save = async (config, revision) =>
        {
            await gate.Task;
            return await plain(config, revision);
        };
        _autosave.Change(Prompt("first"));
        var flush = _autosave.FlushAsync();
        Assert.Equal(SaveState.Saving, _autosave.State);

        _autosave.Change(Prompt("second"));
        gate.SetResult();
        await flush;

        Assert.Equal([("first", 7), ("second", 8)], _saved);
        Assert.False(_autosave.IsDirty);
    }

    [Fact]
    public async Task A_conflict_stops_saving_until_a_person_decides_and_can_be_overwritten()
    {
        var plain = _save;
        _save = (_, _) => throw DifyException.Conflict("draft_conflict", "Someone else saved.");
        _autosave.Change(Prompt("mine"));
        await _autosave.FlushAsync();
        Assert.Equal(SaveState.Conflict, _autosave.State);

        _save = plain;
        _autosave.Change(Prompt("mine, longer"));
        _time.Advance(TimeSpan.FromSeconds(5));
        await _running;
        Assert.Empty(_saved);
        Assert.True(_autosave.IsDirty);

        _autosave.Resolve(12, keepOurs: true);
        await _autosave.FlushAsync();

        Assert.Equal([("mine, longer", 12)], _saved);
        Assert.Equal(SaveState.Saved, _autosave.State);
    }

    [Fact]
    public async Task Reloading_in_a_conflict_drops_our_change_and_goes_on_from_the_other_revision()
    {
        var plain = _save;
        _save = (_, _) => throw DifyException.Conflict("draft_conflict", "Someone else saved.");
        _autosave.Change(Prompt("mine"));
        await _autosave.FlushAsync();

        _save = plain;
        _autosave.Resolve(12, keepOurs: false);
        await _autosave.FlushAsync();

        Assert.Empty(_saved);
        Assert.Equal((SaveState.Saved, 12), (_autosave.State, _autosave.Revision));
    }

    [Fact]
    public async Task A_failed_save_keeps_the_change_says_why_and_is_tried_again()
    {
        var plain = _save;
        _save = (_, _) => throw DifyException.Invalid("Too long.");
        _autosave.Change(Prompt("mine"));
        await _autosave.FlushAsync();
        Assert.Equal((SaveState.Failed, "Too long.", true), (_autosave.State, _autosave.Error?.Message, _autosave.IsDirty));

        _save = plain;
        await _autosave.FlushAsync();

        Assert.Equal([("mine", 7)], _saved);
        Assert.Null(_autosave.Error);
    }
}
