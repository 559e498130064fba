using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dify.Tests.Workflows;

/// <summary>Reads the graph of an app file as JSON.</summary>
internal static class GraphFile
{
    public static JsonObject Read(string path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(path);
        stream.Load(reader);
        return (JsonObject)ToJson(stream.Documents[0].RootNode)!;
    }

    public static JsonObject Graph(JsonObject file)
    {
        var graph = (file["workflow"]?["graph"] ?? file["graph"] ?? file).AsObject();
        return (JsonObject)graph.DeepClone();
    }

    /// <summary>The nodes themselves, not copies.</summary>
    public static IEnumerable<JsonObject> Nodes(JsonObject file) =>
        ((file["workflow"]?["graph"] ?? file["graph"] ?? file)["nodes"] as JsonArray ?? []).OfType<JsonObject>();

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(
            pair => new KeyValuePair<string, JsonNode?>(((YamlScalarNode)pair.Key).Value!, ToJson(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode scalar => scalar.Value,
        _ => null,
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "null" or "~" => null,
        "true" or "True" => true,
        "false" or "False" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => text,
    };
}
