using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>Bare provider names (<c>openai</c>) become three-part ids (<c>langgenius/openai/openai</c>).</summary>
internal static class ModelProviders
{
    public static int Apply(FileGraph graph)
    {
        var changed = 0;
        foreach (var (_, data) in graph.OfType("llm", "question-classifier", "parameter-extractor"))
        {
            changed += Complete(data["model"], "provider");
        }

        foreach (var (_, data) in graph.OfType("knowledge-retrieval"))
        {
            changed += Complete((data["multiple_retrieval_config"] as JsonObject)?["reranking_model"], "provider");
            changed += Complete((data["single_retrieval_config"] as JsonObject)?["model"], "provider");
        }

        return changed;
    }

    private static int Complete(JsonNode? model, string key)
    {
        if (model is not JsonObject owner || NodeData.Text(owner, key) is not { Length: > 0 } name || name.Contains('/', StringComparison.Ordinal))
        {
            return 0;
        }

        owner[key] = name == "google" ? "langgenius/gemini/google" : $"langgenius/{name}/{name}";
        return 1;
    }
}
