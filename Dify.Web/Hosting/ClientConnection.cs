using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Dify.Web.Hosting;

/// <summary>The network address behind a page's circuit, for limits on sign-in; null where it is not known.</summary>
internal sealed class ClientConnection
{
    public string? Address { get; set; }
}

internal sealed class ClientConnectionCircuitHandler(ClientConnection connection, IHttpContextAccessor accessor) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        connection.Address ??= accessor.HttpContext?.Connection.RemoteIpAddress?.ToString();
        return Task.CompletedTask;
    }
}
