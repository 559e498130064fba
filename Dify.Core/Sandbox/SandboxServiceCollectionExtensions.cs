using Dify.Core.Sandbox.Jail;
using Dify.Core.Sandbox.JavaScript;
using Dify.Core.Sandbox.Remote;
using Dify.Core.Sandbox.Templates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Dify.Core.Sandbox;

public static class SandboxServiceCollectionExtensions
{
    /// <summary>What the sandbox service needs, and nothing else of the program: <see cref="IScriptRunner"/> on this machine.</summary>
    public static IServiceCollection AddDifySandbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.PostConfigure<SandboxOptions>(options => options.Endpoint = "");
        return services.AddSandbox(configuration);
    }

    internal static IServiceCollection AddSandbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SandboxOptions>()
            .Bind(configuration.GetSection("Sandbox"))
            .Validate(
                options => options.Endpoint.Length == 0 || (Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"),
                "'Sandbox:Endpoint' is not an http address.")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<JintRunner>();
        services.AddSingleton<JailStarter>();
        services.AddSingleton<JailRunner>();
        services.AddSingleton<LocalRunner>();
        services.AddSingleton<IScriptRunner>(provider => provider.GetRequiredService<IOptions<SandboxOptions>>().Value.Endpoint.Length > 0
            ? ActivatorUtilities.CreateInstance<RemoteRunner>(provider)
            : provider.GetRequiredService<LocalRunner>());
        services.AddSingleton<ICodeSandbox, CodeSandbox>();
        services.AddSingleton<IJinjaRenderer, JinjaRenderer>();
        return services;
    }
}
