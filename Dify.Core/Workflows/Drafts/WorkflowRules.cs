using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;

namespace Dify.Core.Workflows.Drafts;

/// <summary>How much a workflow may hold, so that none can exhaust the server, and the shape that everything relies on.</summary>
internal static class WorkflowRules
{
    /// <summary>Characters of a graph or of features as JSON.</summary>
    public const int LargestJson = 10 * 1024 * 1024;

    public const int MostNodes = 5000;
    public const int MostEdges = 20_000;

    /// <summary>Levels of nesting; a request body adds some of its own below what a JSON reader allows (64).</summary>
    public const int DeepestJson = 56;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = DeepestJson };

    /// <summary>The JSON text to store of a graph; refuses what is too large, too deep or not a graph.</summary>
    public static string WriteGraph(JsonObject graph)
    {
        foreach (var (list, most) in ((string, int)[])[("nodes", MostNodes), ("edges", MostEdges)])
        {
            var items = graph[list];
            if (items is not (null or JsonArray))
            {
                throw DifyException.Invalid($"graph.{list}: give a list.");
            }

            if (items is JsonArray { Count: var count } && count > most)
            {
                throw DifyException.Invalid($"graph.{list}: {count} are too many, at most {most}.");
            }
        }

        return Write(graph, "graph");
    }

    public static string Write(JsonObject part, string name)
    {
        string json;
        try
        {
            json = part.ToJsonString(JsonDefaults.Wire);
        }
        catch (Exception problem) when (problem is InvalidOperationException or JsonException or ArgumentException)
        {
            throw DifyException.Invalid($"{name}: it is nested too deeply or names a key twice.");
        }

        return json.Length <= LargestJson
            ? json
            : throw DifyException.Invalid($"{name}: it is larger than {LargestJson / 1024 / 1024} MB.");
    }

    /// <summary>A private copy of what was stored; the same check for what was just written.</summary>
    public static JsonObject Read(string json, string name)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: Strict) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            throw DifyException.Invalid($"{name}: it is nested too deeply or names a key twice.");
        }
    }
}
