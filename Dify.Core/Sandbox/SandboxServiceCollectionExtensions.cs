using Dify.Core.Sandbox.Jail;
using Dify.Core.Sandbox.JavaScript;
using Dify.Core.Sandbox.Templates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Sandbox;

internal static class SandboxServiceCollectionExtensions
{
    public static IServiceCollection AddSandbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SandboxOptions>()
            .Bind(configuration.GetSection("Sandbox"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<JintRunner>();
        services.AddSingleton<JailStarter>();
        services.AddSingleton<JailRunner>();
        services.AddSingleton<IScriptRunner, LocalRunner>();
        services.AddSingleton<ICodeSandbox, CodeSandbox>();
        services.AddSingleton<IJinjaRenderer, JinjaRenderer>();
        return services;
    }
}
