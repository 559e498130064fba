using System.Net;

namespace Dify.Core.Egress;

/// <summary>Which addresses a guarded client may connect to.</summary>
internal sealed class EgressPolicy(bool allowPrivate, IEnumerable<string> allowedNetworks)
{
    private readonly IPNetwork[] _allowed = [.. allowedNetworks.Select(network => IPNetwork.Parse(network))];

    /// <summary>Null when allowed, else why not.</summary>
    public AddressKind? Refusal(IPAddress address)
    {
        var kind = AddressRules.Classify(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return kind switch
        {
            AddressKind.Public => null,
            AddressKind.Loopback or AddressKind.Private or AddressKind.CarrierGrade when allowPrivate => null,
            _ when _allowed.Any(network => network.Contains(plain)) => null,
            _ => kind,
        };
    }
}
