using System.Text.Json.Nodes;
using Dify.Core.Sandbox;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Workflows.Nodes.Code;

/// <summary>The settings of a code node.</summary>
internal sealed record CodeSettings(
    CodeLanguage? Language, string LanguageName, string Code, IReadOnlyList<CodeInput> Inputs, IReadOnlyDictionary<string, CodeOutput> Outputs)
{
    public static CodeSettings Read(NodeDefinition node)
    {
        var name = NodeData.Text(node.Data, "code_language") ?? "python3";
        return new CodeSettings(
            name switch { "python3" => CodeLanguage.Python3, "javascript" => CodeLanguage.JavaScript, _ => null },
            name,
            NodeData.Text(node.Data, "code") ?? "",
            [.. (NodeData.List(node.Data, "variables")?.OfType<JsonObject>() ?? [])
                .Select(item => new CodeInput(NodeData.Text(item, "variable") ?? "", NodeData.Selector(item, "value_selector")))],
            CodeOutput.ReadAll(NodeData.Object(node.Data, "outputs")) ?? new Dictionary<string, CodeOutput>());
    }
}

/// <summary>An argument of <c>main</c> and where its value is.</summary>
internal sealed record CodeInput(string Name, string[] Selector);
