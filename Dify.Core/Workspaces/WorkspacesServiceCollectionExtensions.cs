using Dify.Core.Accounts;
using Dify.Core.Accounts.Codes;
using Dify.Core.Accounts.Mail;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workspaces.ApiKeys;
using Dify.Core.Workspaces.Members;
using Dify.Core.Workspaces.Secrets;
using Dify.Core.Workspaces.Setup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workspaces;

internal static class WorkspacesServiceCollectionExtensions
{
    public static IServiceCollection AddWorkspaces(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WorkspaceAccess>();
        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<MasterKey>();
        services.AddSingleton<SecretBox>();
        services.AddHostedService<SecretKeyCheck>();
        services.AddSingleton<MemberService>();
        services.AddSingleton(p => new InvitationService(
            p.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            p.GetRequiredService<MailQueue>(),
            p.GetRequiredService<IMailSender>(),
            p.GetRequiredService<AttemptLimiter>(),
            p.GetRequiredService<IOptions<AccountsOptions>>(),
            p.GetRequiredService<IOptions<SiteUrls>>(),
            p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new InvitationAcceptance(
            p.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            p.GetRequiredService<NewAccount>(),
            p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new SetupService(
            p.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            p.GetRequiredService<NewAccount>(),
            p.GetRequiredService<AttemptLimiter>(),
            p.GetRequiredService<IOptions<AccountsOptions>>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<SetupService>>()));
        services.AddSingleton(p => new RegistrationService(
            p.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            p.GetRequiredService<VerificationCodes>(),
            p.GetRequiredService<NewAccount>(),
            p.GetRequiredService<IOptions<AccountsOptions>>(),
            p.GetRequiredService<TimeProvider>()));
        return services;
    }
}
