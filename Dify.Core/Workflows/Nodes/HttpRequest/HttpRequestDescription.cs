using System.Text.Json.Nodes;
using Dify.Core.Workflows.Catalog;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.HttpRequest;

internal sealed class HttpRequestDescription : INodeDescription
{
    public string Type => "http-request";

    public NodeCategory Category => NodeCategory.Utilities;

    public string IconKey => "http";

    public JsonObject CreateDefaults() => CommonFacts.Parse("""
        {
          "method": "get",
          "url": "",
          "authorization": {"type": "no-auth", "config": null},
          "headers": "",
          "params": "",
          "body": {"type": "none", "data": []},
          "timeout": {"max_connect_timeout": 0, "max_read_timeout": 0, "max_write_timeout": 0},
          "ssl_verify": true,
          "retry_config": {"retry_enabled": true, "max_retries": 3, "retry_interval": 100}
        }
        """);

    public void Describe(JsonObject data, NodeFacts facts)
    {
        facts.Require("url", CommonFacts.HasText(data, "url"));
        foreach (var field in (string[])["url", "headers", "params"])
        {
            facts.Text(field, NodeData.Text(data, field));
        }

        if (NodeData.Object(data, "authorization") is { } authorization && NodeData.Object(authorization, "config") is { } config)
        {
            facts.Text("authorization", NodeData.Text(config, "api_key"));
            facts.Text("authorization", NodeData.Text(config, "header"));
        }

        if (NodeData.Object(data, "body") is { } body && NodeData.Text(body, "type") is not (null or "none"))
        {
            facts.Text("body", NodeData.Text(body, "data"));
            foreach (var (part, place) in CommonFacts.Objects(body, "data"))
            {
                facts.Text($"body.{place}", NodeData.Text(part, "key"));
                if (NodeData.Text(part, "type") == "file")
                {
                    facts.Select($"body.{place}", part["file"]);
                }
                else
                {
                    facts.Text($"body.{place}", NodeData.Text(part, "value"));
                }
            }
        }

        facts.Output("status_code", "number");
        facts.Output("body", "string");
        facts.Output("headers", "object");
        facts.Output("files", "array[file]");
    }
}
