using System.Net;
using Microsoft.Extensions.Options;

namespace Dify.Core.Egress;

/// <summary>
/// The outer half of the guard: only http and https without a password in the address, redirects followed by hand so
/// that each hop is checked, credentials dropped when the host changes, answers limited in size.
/// </summary>
internal sealed class EgressHandler(IOptions<EgressOptions> options, EgressConnector connector, bool throughProxy) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var hop = 0; ; hop++)
        {
            await CheckAsync(request.RequestUri, cancellationToken);
            var response = await SendCheckedAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is null)
            {
                return Limit(request, response);
            }

            if (hop >= options.Value.MaxRedirects)
            {
                response.Dispose();
                throw new EgressBlockedException("redirects", $"Blocked by egress rule 'redirects': more than {options.Value.MaxRedirects} redirects.");
            }

            Follow(request, response);
        }
    }

    private async Task CheckAsync(Uri? address, CancellationToken cancellationToken)
    {
        if (address is null || !address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new EgressBlockedException("scheme", "Blocked by egress rule 'scheme': only http and https addresses are called.");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new EgressBlockedException("userinfo", "Blocked by egress rule 'userinfo': an address may not contain a user name or password.");
        }

        if (!PortRules.IsForWeb(address.Port) && !options.Value.AllowedPorts.Contains(address.Port))
        {
            throw new EgressBlockedException(
                "port",
                $"Blocked by egress rule 'port': port {address.Port} is not one of a web server. Use another port, or ask the operator to allow it (Egress:AllowedPorts).");
        }

        if (throughProxy)
        {
            // The socket only sees the proxy, so the target is checked here as well; the proxy has rules of its own.
            await connector.AllowedAddressesAsync(address.IdnHost, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendCheckedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException failure) when (failure.GetBaseException() is EgressBlockedException blocked)
        {
            throw blocked;
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static void Follow(HttpRequestMessage request, HttpResponseMessage response)
    {
        var from = request.RequestUri!;
        var to = new Uri(from, response.Headers.Location!);
        var status = response.StatusCode;
        response.Dispose();
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp)
        {
            throw new EgressBlockedException("downgrade", "Blocked by egress rule 'downgrade': a redirect leads from https to http.");
        }

        if (!string.Equals(from.Authority, to.Authority, StringComparison.OrdinalIgnoreCase))
        {
            request.Headers.Clear();
        }

        if (status == HttpStatusCode.SeeOther
            || (request.Method == HttpMethod.Post && status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found))
        {
            request.Method = request.Method == HttpMethod.Head ? HttpMethod.Head : HttpMethod.Get;
            request.Content = null;
        }

        request.Headers.Host = null;
        request.RequestUri = to;
    }

    private HttpResponseMessage Limit(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (request.Method == HttpMethod.Head)
        {
            return response;
        }

        var limit = request.Options.TryGetValue(EgressRequest.MaxBytes, out var wanted) ? wanted : options.Value.MaxResponseBytes;
        if (response.Content.Headers.ContentLength > limit)
        {
            response.Dispose();
            throw LimitedContent.TooLarge(limit);
        }

        response.Content = new LimitedContent(response.Content, limit);
        return response;
    }
}
