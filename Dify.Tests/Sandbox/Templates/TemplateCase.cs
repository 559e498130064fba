using System.Text.Json.Nodes;
using Dify.Tests.Support;

namespace Dify.Tests.Sandbox.Templates;

/// <summary>A template with what Python's Jinja2 made of it: an output, an error, or nothing because it would never end there.</summary>
internal sealed record TemplateCase(string Template, string? Output, string? Error)
{
    private static string Folder => Path.Combine(SharedFolder.RepositoryRoot, "Dify.Tests", "Sandbox", "Templates");

    public static IReadOnlyList<TemplateCase> ReadAll() =>
    [
        .. File.ReadLines(Path.Combine(Folder, "cases.jsonl")).Select(line => JsonNode.Parse(line)!)
            .Select(row => new TemplateCase((string)row["template"]!, (string?)row["output"], (string?)row["error"])),
    ];

    public static JsonObject Variables() => (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "variables.json")))!;
}
