using System.Collections.Frozen;

namespace Dify.Core.Egress;

/// <summary>Ports on which something else than a web server listens: mail, shells, file shares, chats.</summary>
public static class PortRules
{
    private static readonly FrozenSet<int> LowForWeb = FrozenSet.Create(80, 280, 443, 488, 591, 777);

    /// <summary>Those above 1023 that browsers refuse as well (Fetch standard, "bad ports").</summary>
    private static readonly FrozenSet<int> HighForOthers = FrozenSet.Create(
        1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080);

    public static bool IsForWeb(int port) => port < 1024 ? LowForWeb.Contains(port) : !HighForOthers.Contains(port);
}
