using System.Text.Json.Nodes;
using Bunit;
using Dify.Core.Apps;
using Dify.Core.Chat;
using Dify.Web.Components.Pages.Chat;
using Dify.Web.Components.Pages.Workflows.Forms;
using Dify.Web.Components.Shared;
using Dify.Web.Components.Shared.Markdown;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;
using MudBlazor.Services;

namespace Dify.Tests.Web.Chat;

/// <summary>A chat panel on a scripted chat.</summary>
internal sealed class ChatFixture : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    public ChatFixture(AppModelConfig? config = null)
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.ComponentFactories.AddStub<HumanForm>();
        _context.Services.AddMudServices();
        _context.Services.AddLocalization();
        _context.Services.AddSingleton<IChatBackend>(Chat);
        _context.Services.AddSingleton<TimeProvider>(Time);
        _context.Services.AddSingleton<MarkdownRenderer>();
        _context.Services.AddScoped<UserFeedback>();
        App = new Dify.Core.Apps.App
        {
            Name = "Helper",
            SiteCode = "abc",
            Draft = new AppModelConfig(),
            Published = config ?? new AppModelConfig(),
        };
    }

    public ScriptedChat Chat { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public Dify.Core.Apps.App App { get; }

    public IRenderedComponent<MudDialogProvider> Dialogs { get; private set; } = null!;

    public List<Guid?> Conversations { get; } = [];

    public IRenderedComponent<ChatPanel> Render(Guid? conversationId = null, JsonObject? inputs = null, AppModelConfig? draft = null)
    {
        _context.Render<MudPopoverProvider>();
        Dialogs = _context.Render<MudDialogProvider>();
        return _context.Render<ChatPanel>(parameters => parameters
            .Add(p => p.Audience, new ChatAudience { WorkspaceId = App.WorkspaceId, AppId = App.Id, InvokeFrom = "web-app" })
            .Add(p => p.App, App)
            .Add(p => p.Config, draft)
            .Add(p => p.Inputs, inputs ?? [])
            .Add(p => p.ConversationId, conversationId)
            .Add(p => p.ConversationIdChanged, EventCallback.Factory.Create<Guid?>(this, id => Conversations.Add(id))));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}

internal static class ChatFixtureExtensions
{
    /// <summary>What the script of the text box does on Enter.</summary>
    public static Task<bool> TypeAsync(this IRenderedComponent<ChatPanel> panel, string text) =>
        panel.FindComponents<ChatComposer>()[^1].Instance.SendAsync(text);
}
