using Dify.Core.Apps.Transfer;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Forms;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Apps;

internal static class AppsServiceCollectionExtensions
{
    public static IServiceCollection AddApps(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<AppService>();
        services.AddSingleton<PublishedApps>();
        services.AddOptions<TransferOptions>()
            .Bind(configuration.GetSection("Apps:Transfer"))
            .Configure(options => options.DisguiseKnowledgeIds = configuration.GetValue("DSL_EXPORT_ENCRYPT_DATASET_ID", options.DisguiseKnowledgeIds));
        services.AddSingleton<AppFileSource>();
        services.AddSingleton<FileImport>();
        services.AddSingleton<ImportReporter>();
        services.AddSingleton<AppExportService>();
        services.AddSingleton<AppSetupService>();
        services.AddSingleton(provider => new AppImportService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(), provider.GetRequiredService<AppFileSource>(),
            provider.GetRequiredService<FileImport>(), provider.GetRequiredService<AppService>(),
            provider.GetRequiredService<ImportReporter>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IAppKinds, AppKinds>();
        services.AddSingleton<IFormMailer, FormMailer>();
        services.AddSingleton<IAppDeletion, AppRunDeletion>();
        services.AddSingleton<AppForms>();
        return services;
    }
}
