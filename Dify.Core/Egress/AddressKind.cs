namespace Dify.Core.Egress;

/// <summary>What a network address is, with every disguise taken off.</summary>
public enum AddressKind
{
    Public,
    Loopback,
    Private,
    CarrierGrade,
    LinkLocal,
    Metadata,
    Multicast,
    Unspecified,
    Reserved,

    /// <summary>An IPv4 address wrapped for a gateway (NAT64, 6to4, Teredo, ISATAP-like compatible form).</summary>
    Tunnelled,
}
