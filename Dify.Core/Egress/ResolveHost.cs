using System.Net;

namespace Dify.Core.Egress;

/// <summary>Turns a name into addresses; asked once for each connection.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);
