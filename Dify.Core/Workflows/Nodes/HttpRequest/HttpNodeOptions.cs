using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>Section <c>Workflows:HttpRequest</c>: limits of HTTP nodes, Dify's environment names in brackets.</summary>
public sealed class HttpNodeOptions
{
    /// <summary>Default and most seconds for connecting (<c>HTTP_REQUEST_MAX_CONNECT_TIMEOUT</c>).</summary>
    [Range(1, 3600)]
    public int ConnectSeconds { get; set; } = 10;

    /// <summary>Default and most seconds without a byte of the answer (<c>HTTP_REQUEST_MAX_READ_TIMEOUT</c>).</summary>
    [Range(1, 3600)]
    public int ReadSeconds { get; set; } = 600;

    /// <summary>Default and most seconds for sending (<c>HTTP_REQUEST_MAX_WRITE_TIMEOUT</c>).</summary>
    [Range(1, 3600)]
    public int WriteSeconds { get; set; } = 600;

    /// <summary>Bytes of an answer that is a file (<c>HTTP_REQUEST_NODE_MAX_BINARY_SIZE</c>).</summary>
    [Range(1024, 1L << 31)]
    public long MaxBinaryBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Bytes of an answer that is text (<c>HTTP_REQUEST_NODE_MAX_TEXT_SIZE</c>).</summary>
    [Range(1024, 1L << 31)]
    public long MaxTextBytes { get; set; } = 1024 * 1024;

    /// <summary>Whether certificates are checked where the node does not say (<c>HTTP_REQUEST_NODE_SSL_VERIFY</c>).</summary>
    public bool VerifyCertificates { get; set; } = true;
}
