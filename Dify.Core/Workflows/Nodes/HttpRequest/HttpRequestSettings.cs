using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

/// <summary>The data of an http-request node in the form that a run needs.</summary>
internal sealed class HttpRequestSettings
{
    public string Method { get; private init; } = "get";

    public ReferenceTemplate Url { get; private init; } = ReferenceTemplate.Parse("");

    public IReadOnlyList<HttpPair> Params { get; private init; } = [];

    /// <summary>Lines of the headers; a line that is one reference may bring several headers.</summary>
    public IReadOnlyList<ReferenceTemplate> Headers { get; private init; } = [];

    /// <summary>Null: no authorization.</summary>
    public HttpAuthorization? Authorization { get; private init; }

    public string BodyType { get; private init; } = "none";

    public IReadOnlyList<HttpBodyItem> Body { get; private init; } = [];

    /// <summary>Seconds; null: the server's.</summary>
    public (double? Connect, double? Read, double? Write) Timeout { get; private init; }

    public bool? VerifiesCertificates { get; private init; }

    /// <summary>An answer outside 200-299 fails the node, since somebody takes care of failures.</summary>
    public bool FailsOnStatus { get; private init; }

    /// <summary>Every reference of the settings.</summary>
    public IEnumerable<IReadOnlyList<string>> References =>
        new[] { Url, Authorization?.ApiKey }.Concat(Headers).Concat(Params.SelectMany(pair => new[] { pair.Key, pair.Value }))
            .Concat(Body.SelectMany(item => new[] { item.Key, item.Value }))
            .SelectMany(template => template?.References ?? []);

    public static HttpRequestSettings Read(NodeDefinition node)
    {
        var data = node.Data;
        var timeout = NodeData.Object(data, "timeout");
        var body = NodeData.Object(data, "body");
        var bodyType = (body is null ? null : NodeData.Text(body, "type")) ?? "none";
        return new HttpRequestSettings
        {
            Method = NodeData.Text(data, "method") ?? "get",
            Url = ReferenceTemplate.Parse((NodeData.Text(data, "url") ?? "").Trim()),
            Params = [.. Lines(NodeData.Text(data, "params")).Select(HttpPair.Read).OfType<HttpPair>()],
            Headers = [.. Lines(NodeData.Text(data, "headers")).Select(ReferenceTemplate.Parse)],
            Authorization = HttpAuthorization.Read(NodeData.Object(data, "authorization")),
            BodyType = bodyType,
            Body = body is null ? [] : ReadBody(body, bodyType),
            Timeout = (Seconds(timeout, "connect"), Seconds(timeout, "read"), Seconds(timeout, "write")),
            VerifiesCertificates = data["ssl_verify"] is null ? null : NodeData.Flag(data, "ssl_verify", fallback: true),
            FailsOnStatus = node.Strategy != ErrorStrategy.None
                || (NodeData.Object(data, "retry_config") is { } retry && NodeData.Flag(retry, "retry_enabled")),
        };
    }

    private static IEnumerable<string> Lines(string? text) =>
        (text ?? "").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);

    private static double? Seconds(JsonObject? timeout, string key) =>
        timeout is not null && NodeData.Number(timeout, key) is > 0 and var seconds ? seconds : null;

    private static IReadOnlyList<HttpBodyItem> ReadBody(JsonObject body, string type)
    {
        if (NodeData.Text(body, "data") is not { } old)
        {
            return [.. NodeData.List(body, "data")?.OfType<JsonObject>().Select(HttpBodyItem.Read) ?? []];
        }

        // Old files: one text, and for forms a line for each field.
        return type is "form-data" or "x-www-form-urlencoded"
            ? [.. Lines(old).Select(HttpPair.Read).OfType<HttpPair>().Select(pair => new HttpBodyItem(pair.Key, pair.Value, false, []))]
            : [new HttpBodyItem(ReferenceTemplate.Parse(""), ReferenceTemplate.Parse(old), false, [])];
    }
}

/// <summary>A line <c>key:value</c>; it is cut before references are filled in, so a value may hold anything.</summary>
internal sealed record HttpPair(ReferenceTemplate Key, ReferenceTemplate Value)
{
    public static HttpPair? Read(string line)
    {
        var parts = Split(line);
        return parts.Key.Length == 0 ? null : new HttpPair(ReferenceTemplate.Parse(parts.Key), ReferenceTemplate.Parse(parts.Value));
    }

    /// <summary>At the first colon.</summary>
    public static (string Key, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (line.Trim(), "") : (line[..colon].Trim(), line[(colon + 1)..].Trim());
    }
}

internal sealed record HttpBodyItem(ReferenceTemplate Key, ReferenceTemplate Value, bool IsFile, string[] FileSelector)
{
    public static HttpBodyItem Read(JsonObject data) => new(
        ReferenceTemplate.Parse(NodeData.Text(data, "key") ?? ""),
        ReferenceTemplate.Parse(NodeData.Text(data, "value") ?? ""),
        NodeData.Text(data, "type") == "file",
        NodeData.Selector(data, "file"));
}

/// <param name="Type"><c>bearer</c>, <c>basic</c> or <c>custom</c>.</param>
internal sealed record HttpAuthorization(string? Type, ReferenceTemplate ApiKey, string Header)
{
    public static HttpAuthorization? Read(JsonObject? data)
    {
        if (data is null || NodeData.Text(data, "type") != "api-key")
        {
            return null;
        }

        var config = NodeData.Object(data, "config");
        return new HttpAuthorization(
            config is null ? null : NodeData.Text(config, "type"),
            ReferenceTemplate.Parse((config is null ? null : NodeData.Text(config, "api_key")) ?? ""),
            (config is null ? null : NodeData.Text(config, "header")) is { Length: > 0 } header ? header.Trim() : "Authorization");
    }
}
