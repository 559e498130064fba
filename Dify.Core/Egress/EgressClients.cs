namespace Dify.Core.Egress;

/// <summary>Names of the guarded clients of <see cref="IHttpClientFactory"/>; there are no others.</summary>
public static class EgressClients
{
    /// <summary>Addresses that users or models name: public addresses only, redirects followed and checked, size limited.</summary>
    public const string Guarded = "egress";

    /// <summary>As <see cref="Guarded"/>, for requests that bring their own limits of time and size: the HTTP node.</summary>
    public const string Requests = "requests";

    /// <summary>As <see cref="Requests"/>, and takes any certificate: a node says so (<c>ssl_verify: false</c>).</summary>
    public const string UnverifiedRequests = "requests-unverified";

    /// <summary>
    /// Endpoints of model providers, which admins name: private addresses too unless switched off, never link-local or
    /// cloud metadata; no redirects, no time limit of its own (callers have one), long streams allowed.
    /// </summary>
    public const string Models = "models";

    /// <summary>The sandbox service, which the operator names: private addresses too, no redirects, no time limit of its own.</summary>
    public const string Sandbox = "sandbox";
}
