using System.Net;
using System.Net.Sockets;

namespace Dify.Core.Egress;

/// <summary>Sorts addresses; the decision is always about the address that is really connected to.</summary>
public static class AddressRules
{
    private static readonly (IPNetwork Network, AddressKind Kind)[] Table =
    [
        .. Networks(AddressKind.Metadata, "169.254.169.254/32", "169.254.170.2/32", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32", "fd00:ec2::254/128"),
        .. Networks(AddressKind.Loopback, "127.0.0.0/8", "::1/128"),
        .. Networks(AddressKind.Private, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
        .. Networks(AddressKind.CarrierGrade, "100.64.0.0/10"),
        .. Networks(AddressKind.LinkLocal, "169.254.0.0/16", "fe80::/10", "fec0::/10"),
        .. Networks(AddressKind.Multicast, "224.0.0.0/4", "ff00::/8"),
        .. Networks(AddressKind.Unspecified, "0.0.0.0/8", "::/128"),
        .. Networks(AddressKind.Reserved, "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "192.88.99.0/24", "240.0.0.0/4", "100::/64", "2001:db8::/32", "5f00::/16", "3fff::/20"),
        .. Networks(AddressKind.Tunnelled, "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0:0/96"),
    ];

    public static AddressKind Classify(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        else if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
        {
            return AddressKind.LinkLocal;
        }

        foreach (var (network, kind) in Table)
        {
            if (network.Contains(address))
            {
                return kind;
            }
        }

        return AddressKind.Public;
    }

    private static IEnumerable<(IPNetwork Network, AddressKind Kind)> Networks(AddressKind kind, params string[] networks) =>
        networks.Select(network => (IPNetwork.Parse(network), kind));
}
