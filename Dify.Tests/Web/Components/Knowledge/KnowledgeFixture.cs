using System.Security.Claims;
using Bunit;
using Dify.Core.Knowledge;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Knowledge;
using Dify.Tests.Support;
using Dify.Web.Components.Pages.Knowledge;
using Dify.Web.Components.Shared;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;
using MudBlazor.Services;
using TestContext = Xunit.TestContext;

namespace Dify.Tests.Web.Components.Knowledge;

/// <summary>Knowledge pages on the real services and a store of their own, seen by the owner of a workspace.</summary>
internal sealed class KnowledgeFixture : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly TestDatabase _database;

    static KnowledgeFixture() => BunitContext.DefaultWaitTimeout = TimeSpan.FromSeconds(20);

    private KnowledgeFixture(TestDatabase database, FakeTimeProvider time, Actor owner)
    {
        _database = database;
        Time = time;
        Owner = owner;
        Seed = new KnowledgeSeed(database, owner.WorkspaceId, owner.AccountId);
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddLocalization();
        _context.Services.AddFallbackServiceProvider(database.Services);
        _context.Services.AddSingleton<TimeProvider>(time);
        _context.Services.AddScoped<UserFeedback>();
        _context.Services.AddScoped(services => new DocumentActions(
            database.Get<DocumentService>(), services.GetRequiredService<CurrentMember>(), services.GetRequiredService<IDialogService>(),
            services.GetRequiredService<UserFeedback>(), services.GetRequiredService<IStringLocalizer<KnowledgeText>>()));
        _context.Services.AddScoped(services => new CurrentMember(
            services.GetRequiredService<AuthenticationStateProvider>(), database.Get<WorkspaceAccess>()));
        _context.Services.AddOptions();
        _context.AddAuthorization().SetAuthorized("Ada").SetClaims(new Claim(ClaimTypes.NameIdentifier, owner.AccountId.ToString()));
        _context.Render<MudPopoverProvider>();
        Dialogs = _context.Render<MudDialogProvider>();
    }

    public FakeTimeProvider Time { get; }

    public Actor Owner { get; }

    public KnowledgeSeed Seed { get; }

    public IRenderedComponent<MudDialogProvider> Dialogs { get; }

    public NavigationManager Navigation => _context.Services.GetRequiredService<NavigationManager>();

    public static async Task<KnowledgeFixture> CreateAsync()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
        var database = await TestDatabase.CreateAsync(configure: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)));
        var cancel = TestContext.Current.CancellationToken;
        var accountId = await database.Get<SetupService>().SetUpAsync("ada@example.com", "Ada", "secret-1234", null, null, cancel);
        return new KnowledgeFixture(database, time, await database.Get<WorkspaceAccess>().GetActorAsync(accountId, cancellationToken: cancel));
    }

    public T Get<T>()
        where T : notnull => _database.Get<T>();

    /// <summary>A base with one finished document of two chunks.</summary>
    public async Task<(KnowledgeBase Base, Document Document, List<Segment> Segments)> SeedAsync()
    {
        var made = await Seed.BaseAsync();
        var (document, segments) = await Seed.DocumentAsync(made, "The warranty lasts two years.", "Pumps are tested.");
        await Seed.ChangeAsync(document, d => (d.SegmentCount, d.CompletedSegments, d.WordCount) = (2, 2, 46));
        return (made, document, segments);
    }

    public IRenderedComponent<T> Render<T>(Action<ComponentParameterCollectionBuilder<T>>? parameters = null)
        where T : IComponent => _context.Render(parameters);

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        await _database.DisposeAsync();
    }
}
