using Dify.Core.Egress;
using Dify.Core.Models.Calls;
using Dify.Core.Models.Credentials;
using Dify.Core.Models.Providers;
using Dify.Core.Models.Providers.Anthropic;
using Dify.Core.Models.Providers.Builtin;
using Dify.Core.Models.Providers.Ollama;
using Dify.Core.Models.Providers.OpenAi;
using Dify.Core.Models.Providers.OpenAiCompatible;
using Dify.Core.Storage;
using Dify.Core.Workspaces.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dify.Core.Models;

internal static class ModelsServiceCollectionExtensions
{
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelCallOptions>().Bind(configuration.GetSection("Models")).ValidateDataAnnotations().ValidateOnStart();
        services.AddTransient<ProviderHttpHandler>();
        services.AddHttpClient(EgressClients.Models).AddHttpMessageHandler<ProviderHttpHandler>();

        services.AddSingleton<IModelProvider, BuiltinProvider>();
        services.AddSingleton<IModelProvider, OpenAiProvider>();
        services.AddSingleton<IModelProvider, AnthropicProvider>();
        services.AddSingleton<IModelProvider, OpenAiCompatibleProvider>();
        services.AddSingleton<IModelProvider, OllamaProvider>();
        services.AddSingleton<ProviderRegistry>();
        services.AddSingleton<ProviderStore>();

        services.AddSingleton<IExpiringRecords, OldModelCalls>();
        services.AddSingleton<ModelCallLog>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelCallLog>());
        services.AddSingleton(provider => new ModelRuntime(
            provider.GetRequiredService<ProviderStore>(), provider.GetRequiredService<ModelCallLog>(),
            provider.GetRequiredService<IOptions<ModelCallOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ModelCatalog(provider.GetRequiredService<ProviderStore>()));
        services.AddSingleton(provider => new ProviderService(
            provider.GetRequiredService<IDbContextFactory<DifyDbContext>>(), provider.GetRequiredService<ProviderRegistry>(),
            provider.GetRequiredService<ProviderStore>(), provider.GetRequiredService<SecretBox>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
