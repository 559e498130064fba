using System.Security.Claims;
using Bunit;
using Dify.Core.Apps;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Support;
using Dify.Web.Components.Pages.Chat;
using Dify.Web.Components.Pages.Studio;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using MudBlazor;
using MudBlazor.Services;
using Xunit;
using TestContext = Xunit.TestContext;

namespace Dify.Tests.Web.Components.Studio;

/// <summary>Pages of the Studio on the real services and a store of their own, seen by the owner of a workspace.</summary>
internal sealed class StudioFixture : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly TestDatabase _database;

    private StudioFixture(TestDatabase database, FakeTimeProvider time, Actor owner)
    {
        _database = database;
        Time = time;
        Owner = owner;
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddLocalization();
        _context.Services.AddFallbackServiceProvider(database.Services);
        _context.Services.AddSingleton<TimeProvider>(time);
        _context.Services.AddScoped<UserFeedback>();
        _context.Services.AddScoped<AppAddresses>();
        _context.Services.AddScoped(services => new CurrentMember(
            services.GetRequiredService<AuthenticationStateProvider>(), database.Get<WorkspaceAccess>()));
        _context.Services.AddOptions();
        _context.AddAuthorization().SetAuthorized("Ada").SetClaims(new Claim(ClaimTypes.NameIdentifier, owner.AccountId.ToString()));
        _context.ComponentFactories.AddStub<ChatPanel>();
        _context.Render<MudPopoverProvider>();
        Dialogs = _context.Render<MudDialogProvider>();
    }

    public FakeTimeProvider Time { get; }

    public Actor Owner { get; }

    public IRenderedComponent<MudDialogProvider> Dialogs { get; }

    public AppService Apps => _database.Get<AppService>();

    public IDialogService DialogService => _context.Services.GetRequiredService<IDialogService>();

    public NavigationManager Navigation => _context.Services.GetRequiredService<NavigationManager>();

    public T Get<T>()
        where T : notnull => _database.Get<T>();

    public TestDatabase Database => _database;

    public static async Task<StudioFixture> CreateAsync()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
        var database = await TestDatabase.CreateAsync(configure: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)));
        var cancel = TestContext.Current.CancellationToken;
        var accountId = await database.Get<SetupService>().SetUpAsync("ada@example.com", "Ada", "secret-1234", null, null, cancel);
        return new StudioFixture(database, time, await database.Get<WorkspaceAccess>().GetActorAsync(accountId, cancellationToken: cancel));
    }

    public Task<Dify.Core.Apps.App> CreateAppAsync(string name = "Helper") =>
        Apps.CreateAsync(Owner, new NewApp(name), TestContext.Current.CancellationToken);

    public IRenderedComponent<T> Render<T>(Action<ComponentParameterCollectionBuilder<T>>? parameters = null)
        where T : IComponent => _context.Render(parameters);

    public Task CloseAsync() => _context.DisposeComponentsAsync();

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        await _database.DisposeAsync();
    }
}
