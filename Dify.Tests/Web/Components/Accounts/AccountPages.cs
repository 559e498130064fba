using System.Security.Claims;
using Bunit;
using Dify.Core.Storage;
using Dify.Core.Storage.Sqlite;
using Dify.Core.Workspaces;
using Dify.Tests.Accounts;
using Dify.Web.Components.Pages.Accounts;
using Dify.Web.Components.Shared;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Dify.Tests.Web.Components.Accounts;

/// <summary>The pages before and behind the sign-in form, on real services and a store of their own.</summary>
internal sealed class AccountPages : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    private AccountPages(AccountWorld world, Actor? signedIn)
    {
        World = world;
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddLocalization();
        _context.Services.AddFallbackServiceProvider(world.Database.Services);
        _context.Services.AddSingleton<TimeProvider>(world.Time);
        _context.Services.AddScoped<UserFeedback>();
        _context.Services.AddScoped<BrowserFacts>();
        _context.Services.AddScoped<ClientConnection>();
        _context.Services.AddSingleton<SignInTickets>();
        _context.Services.AddScoped(services => new CurrentMember(
            services.GetRequiredService<AuthenticationStateProvider>(), world.Get<WorkspaceAccess>()));
        _context.Services.AddOptions();
        var authorization = _context.AddAuthorization();
        if (signedIn is not null)
        {
            authorization.SetAuthorized("Member").SetClaims(new Claim(ClaimTypes.NameIdentifier, signedIn.AccountId.ToString()));
        }

        _context.Render<MudPopoverProvider>();
        Dialogs = _context.Render<MudDialogProvider>();
    }

    public AccountWorld World { get; }

    public IRenderedComponent<MudDialogProvider> Dialogs { get; }

    public NavigationManager Navigation => _context.Services.GetRequiredService<NavigationManager>();

    /// <summary>The path and query that the page has led to.</summary>
    public string Address => "/" + Navigation.ToBaseRelativePath(Navigation.Uri);

    public SignInTickets Tickets => _context.Services.GetRequiredService<SignInTickets>();

    public static AccountPages Of(AccountWorld world, Actor? signedIn = null) => new(world, signedIn);

    public IRenderedComponent<T> Open<T>(string address)
        where T : IComponent
    {
        Navigation.NavigateTo(address);
        return _context.Render<T>();
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}

/// <summary>Holds every use of the store until the test lets it go on.</summary>
internal sealed class GatedContexts(IDbContextFactory<SqliteDifyDbContext> inner) : IDbContextFactory<DifyDbContext>
{
    private volatile TaskCompletionSource? _gate;

    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate?.TrySetResult();

    public DifyDbContext CreateDbContext() => inner.CreateDbContext();

    public async Task<DifyDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
    {
        if (_gate is { } gate)
        {
            await gate.Task;
        }

        return await inner.CreateDbContextAsync(cancellationToken);
    }
}
