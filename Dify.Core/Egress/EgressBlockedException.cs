using Dify.Core.Common;

namespace Dify.Core.Egress;

/// <summary>A request to the outside was refused by a rule of ours, not by the target.</summary>
public sealed class EgressBlockedException(string rule, string message, Exception? inner = null)
    : DifyException(ErrorCodes.EgressBlocked, message, 400, inner)
{
    /// <summary>Name of the rule, such as <c>loopback</c> or <c>redirects</c>.</summary>
    public string Rule { get; } = rule;

    internal static EgressBlockedException ForAddress(string host, AddressKind kind) => new(
        kind.ToString().ToLowerInvariant(),
        $"Blocked by egress rule '{kind.ToString().ToLowerInvariant()}': {host} leads to an address that may not be called. "
        + "Use a public address, or ask the operator to allow this network (Egress:AllowedNetworks).");
}
