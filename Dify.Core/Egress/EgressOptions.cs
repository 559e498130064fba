using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Egress;

/// <summary>Section <c>Egress</c>: what the program may reach on behalf of users.</summary>
public sealed class EgressOptions
{
    /// <summary>Model providers may lie on this machine or in the private network (Ollama, vLLM).</summary>
    public bool AllowPrivateModelEndpoints { get; set; } = true;

    /// <summary>Networks in CIDR form that are reachable although they are not public, e.g. <c>10.1.0.0/16</c>.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary><c>SSRF_PROXY_HTTP_URL</c>: forward proxy for addresses that users name. Empty: none.</summary>
    public string ProxyUrl { get; set; } = "";

    /// <summary>Ports that may be called besides those that web servers use (see <see cref="PortRules"/>).</summary>
    public IList<int> AllowedPorts { get; } = [];

    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Largest answer in bytes.</summary>
    [Range(1024, 1L << 32)]
    public long MaxResponseBytes { get; set; } = 10 * 1024 * 1024;

    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 60;

    [Range(1, 120)]
    public int ConnectTimeoutSeconds { get; set; } = 10;
}
