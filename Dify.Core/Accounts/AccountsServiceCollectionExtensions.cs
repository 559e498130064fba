using Dify.Core.Accounts.Codes;
using Dify.Core.Accounts.Mail;
using Dify.Core.Accounts.Mail.Smtp;
using Dify.Core.Accounts.Sessions;
using Dify.Core.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dify.Core.Accounts;

internal static class AccountsServiceCollectionExtensions
{
    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccountsOptions>().Bind(configuration.GetSection("Accounts"))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SmtpOptions>().Bind(configuration.GetSection("Smtp"))
            .ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddScoped<IPasswordValidator<Account>, AccountPasswordValidator>();
        services.AddIdentityCore<Account>(options =>
        {
            options.User.RequireUniqueEmail = true;
            options.User.AllowedUserNameCharacters = "";
        });
        services.AddScoped<IUserStore<Account>, AccountStore>();

        services.AddSingleton<AttemptLimiter>();
        services.AddSingleton<NewAccount>();
        services.AddSingleton<IMailSender, SmtpMailSender>();
        services.AddSingleton<MailQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<MailQueue>());
        services.AddSingleton<VerificationCodes>();
        services.AddSingleton<AccountService>();
        services.AddSingleton<AccountNames>();
        services.AddSingleton<SessionTokens>();
        services.AddSingleton(provider => new SignInService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            provider.GetRequiredService<IPasswordHasher<Account>>(),
            provider.GetRequiredService<AttemptLimiter>(),
            provider.GetRequiredService<VerificationCodes>(),
            provider.GetRequiredService<IOptions<AccountsOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SignInService>>()));
        services.AddSingleton(provider => new PasswordResetService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(),
            provider.GetRequiredService<VerificationCodes>(),
            provider.GetRequiredService<AccountService>()));
        return services;
    }
}
