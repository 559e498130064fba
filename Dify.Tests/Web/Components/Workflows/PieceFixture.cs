using Bunit;
using Dify.Web.Components.Shared;
using Dify.Web.Components.Shared.Markdown;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;
using MudBlazor.Services;

namespace Dify.Tests.Web.Components.Workflows;

/// <summary>Parts of the workflow pages by themselves, without a store.</summary>
internal sealed class PieceFixture : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    public PieceFixture()
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddLocalization();
        _context.Services.AddOptions();
        _context.Services.AddSingleton<TimeProvider>(Time);
        _context.Services.AddSingleton<MarkdownRenderer>();
        _context.Services.AddScoped<UserFeedback>();
        _context.Render<MudPopoverProvider>();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    public MarkdownRenderer Markdown => _context.Services.GetRequiredService<MarkdownRenderer>();

    public IRenderedComponent<T> Render<T>(Action<ComponentParameterCollectionBuilder<T>> parameters)
        where T : IComponent => _context.Render(parameters);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
