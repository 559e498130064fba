using System.Net;
using System.Net.Sockets;

namespace Dify.Core.Egress;

/// <summary>
/// Opens the sockets of a guarded client: resolves the name once, checks each address, and connects to a checked one,
/// so that neither URL disguises nor a changing DNS answer matter.
/// </summary>
internal sealed class EgressConnector(EgressPolicy policy, Uri? proxy, ResolveHost? resolve = null)
{
    private readonly ResolveHost _resolve = resolve ?? Dns.GetHostAddressesAsync;

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (!context.InitialRequestMessage.Options.TryGetValue(EgressRequest.ConnectLimit, out var limit))
        {
            return await ConnectAsync(context.DnsEndPoint, cancellationToken);
        }

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(limit);
        try
        {
            return await ConnectAsync(context.DnsEndPoint, limited.Token);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("No connection within the time allowed.", failure);
        }
    }

    private async Task<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var isProxy = proxy is not null && target.Host == proxy.IdnHost && target.Port == proxy.Port;
        var addresses = isProxy
            ? await _resolve(target.Host, cancellationToken)
            : await AllowedAddressesAsync(target.Host, cancellationToken);

        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var connected = false;
            try
            {
                await socket.ConnectAsync(address, target.Port, cancellationToken);
                connected = true;
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException failure)
            {
                last = failure;
            }
            finally
            {
                if (!connected)
                {
                    socket.Dispose();
                }
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <exception cref="EgressBlockedException">No address of the host may be called.</exception>
    public async Task<IPAddress[]> AllowedAddressesAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await _resolve(host, cancellationToken);
        var allowed = addresses.Where(address => policy.Refusal(address) is null).ToArray();
        return addresses.Length > 0 && allowed.Length == 0
            ? throw EgressBlockedException.ForAddress(host, policy.Refusal(addresses[0])!.Value)
            : allowed;
    }
}
