using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Dify.Core.Egress;

internal static class EgressServiceCollectionExtensions
{
    public static IServiceCollection AddEgress(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EgressOptions>()
            .Bind(configuration.GetSection("Egress"))
            .Configure(options =>
            {
                if (options.ProxyUrl.Length == 0 && configuration["SSRF_PROXY_HTTP_URL"] is { Length: > 0 } proxy)
                {
                    options.ProxyUrl = proxy;
                }
            })
            .Validate(options => options.AllowedNetworks.All(network => IPNetwork.TryParse(network, out _)), "Egress:AllowedNetworks takes networks such as 10.1.0.0/16.")
            .Validate(options => options.ProxyUrl.Length == 0 || Uri.TryCreate(options.ProxyUrl, UriKind.Absolute, out _), "Egress:ProxyUrl is not an address.")
            .Validate(options => options.AllowedPorts.All(port => port is > 0 and < 65536), "Egress:AllowedPorts takes numbers of ports.")
            .ValidateDataAnnotations()
            .ValidateOnStart();

        // The sockets renew themselves, so that clients may be kept: connections live five minutes at most.
        services.AddHttpClient(EgressClients.Guarded)
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigureHttpClient((provider, client) =>
                client.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<EgressOptions>>().Value.TimeoutSeconds))
            .ConfigurePrimaryHttpMessageHandler(provider => GuardedHandler(provider));

        foreach (var name in (string[])[EgressClients.Requests, EgressClients.UnverifiedRequests])
        {
            services.AddHttpClient(name)
                .RemoveAllLoggers()
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
                .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(provider => GuardedHandler(provider, verifies: name == EgressClients.Requests));
        }

        services.TryAddSingleton<ResolveHost>(_ => Dns.GetHostAddressesAsync);
        services.AddHttpClient(EgressClients.Models)
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigureHttpClient(client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = 64 * 1024 * 1024;
            })
            .ConfigurePrimaryHttpMessageHandler(ModelsHandler);
        services.AddHttpClient(EgressClients.Sandbox)
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigureHttpClient(client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = 64 * 1024 * 1024;
            })
            .ConfigurePrimaryHttpMessageHandler(SandboxHandler);
        return services;
    }

    [SuppressMessage("Security", "CA5359", Justification = "The author of a node has switched the check off and answers for it.")]
    private static EgressHandler GuardedHandler(IServiceProvider provider, bool verifies = true)
    {
        var options = provider.GetRequiredService<IOptions<EgressOptions>>();
        var proxy = options.Value.ProxyUrl.Length > 0 ? new Uri(options.Value.ProxyUrl) : null;
        var connector = new EgressConnector(new EgressPolicy(allowPrivate: false, options.Value.AllowedNetworks), proxy, provider.GetRequiredService<ResolveHost>());
        var sockets = Sockets(options.Value, connector);
        sockets.UseProxy = proxy is not null;
        sockets.RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8;
        if (!verifies)
        {
            sockets.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }

        sockets.Proxy = proxy is null ? null : new WebProxy(proxy);
        return new EgressHandler(options, connector, proxy is not null) { InnerHandler = sockets };
    }

    private static SocketsHttpHandler SandboxHandler(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<EgressOptions>>().Value;
        var policy = new EgressPolicy(allowPrivate: true, options.AllowedNetworks);
        var sockets = Sockets(options, new EgressConnector(policy, proxy: null, provider.GetRequiredService<ResolveHost>()));
        sockets.UseProxy = false;
        return sockets;
    }

    private static SocketsHttpHandler ModelsHandler(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<EgressOptions>>().Value;
        var policy = new EgressPolicy(options.AllowPrivateModelEndpoints, options.AllowedNetworks);
        var sockets = Sockets(options, new EgressConnector(policy, proxy: null, provider.GetRequiredService<ResolveHost>()));
        sockets.UseProxy = false;
        return sockets;
    }

    private static SocketsHttpHandler Sockets(EgressOptions options, EgressConnector connector) => new()
    {
        ConnectCallback = connector.ConnectAsync,
        ConnectTimeout = TimeSpan.FromSeconds(options.ConnectTimeoutSeconds),
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
    };
}
