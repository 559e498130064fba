using Dify.Core.Common;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Chunking;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dify.Web.Components.Pages.Knowledge.Ingest;

/// <summary>Shows how a file would be cut, a moment after the rule was last changed.</summary>
public sealed partial class ChunkPreviewPane : ComponentBase, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private ChunkPreview? _preview;
    private string? _error;
    private bool _working;
    private Guid _file;
    private (Guid File, ProcessRule? Rule) _shown;
    private CancellationTokenSource? _request;

    [Parameter, EditorRequired]
    public IReadOnlyList<(Guid Id, string Name)> Files { get; set; } = [];

    [Parameter, EditorRequired]
    public ProcessRule Rule { get; set; } = null!;

    [Inject]
    private DocumentService Documents { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    public void Dispose()
    {
        _request?.Cancel();
        _request?.Dispose();
    }

    protected override Task OnParametersSetAsync()
    {
        if (Files.Count > 0 && !Files.Any(file => file.Id == _file))
        {
            _file = Files[0].Id;
        }

        return Files.Count > 0 && _shown != (_file, Rule) && IngestDraft.RuleProblem(Rule) is null
            ? PreviewAsync(_shown.Rule is null ? TimeSpan.Zero : Pause)
            : Task.CompletedTask;
    }

    private async Task SwitchAsync(ChangeEventArgs change)
    {
        if (Guid.TryParse(change.Value?.ToString(), out var id))
        {
            _file = id;
            _preview = null;
            await PreviewAsync(TimeSpan.Zero);
        }
    }

    private async Task PreviewAsync(TimeSpan pause)
    {
        _shown = (_file, Rule);
        if (_request is not null)
        {
            await _request.CancelAsync();
            _request.Dispose();
        }

        var request = _request = new CancellationTokenSource();
        _working = true;
        try
        {
            await Task.Delay(pause, Clock, request.Token);
            var actor = await Member.GetActorAsync(request.Token);
            var preview = await Documents.PreviewAsync(actor, _file, Rule, 20, request.Token);
            if (request == _request)
            {
                (_preview, _error, _working) = (preview, null, false);
            }
        }
        catch (OperationCanceledException)
        {
            // A newer rule is on its way, or the page is gone.
        }
        catch (DifyException failure) when (request == _request)
        {
            (_preview, _error, _working) = (null, Feedback.Describe(failure), false);
        }
    }
}
