using System.Text.Json.Nodes;
using Dify.Core.Workflows.Engine;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>How an HTTP node fails, with Dify's names.</summary>
internal static class HttpErrors
{
    public static NodeFailedException Url(string message) => new(message, "InvalidURLError");

    public static NodeFailedException Method(string method) => new($"Invalid http method {method}", "InvalidHttpMethodError");

    public static NodeFailedException Authorization(string message) => new(message, "AuthorizationConfigError");

    public static NodeFailedException Body(string message) => new(message, "RequestBodyError");

    public static NodeFailedException File(string message, string? code = null) => new(message, "FileFetchError", code);

    public static NodeFailedException Size(bool isFile, long limit, string size) => new(
        FormattableString.Invariant(
            $"{(isFile ? "File" : "Text")} size is too large, max size is {limit / 1024.0 / 1024.0:F2} MB, but current size is {size}."),
        "ResponseSizeError");

    public static NodeFailedException Request(string message, string? code = null) => new(message, "HttpRequestNodeError", code);

    public static NodeFailedException With(NodeFailedException failure, string? log) => log is null ? failure
        : new NodeFailedException(failure.Message, failure.Type, failure.Code, failure)
        {
            ProcessData = new JsonObject { ["request"] = log },
        };
}
