using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dify.Core.Common;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Apps.Compilation;

/// <summary>
/// Turns the configuration of a basic app into a graph: start, knowledge retrieval when a base is enabled, llm, answer.
/// </summary>
public static partial class BasicAppCompiler
{
    public const string StartId = "start";
    public const string RetrievalId = "knowledge";
    public const string LlmId = "llm";
    public const string AnswerId = "answer";

    /// <summary>Around the passages; the words between the tags are what the model may draw on.</summary>
    private const string ContextFrame = """
        The passages between the <context></context> tags below are what you know about the matter.

        <context>
        {{#context#}}
        </context>

        How to answer:
        - If the passages do not hold the answer, say that you do not know.
        - If the question is not clear, ask what is meant.
        - Do not mention the passages or the tags.
        - Answer in the language of the question.


        """;

    /// <summary>Compiles a chat assistant or a text generator.</summary>
    /// <exception cref="DifyException"><c>app_unavailable</c> for a mode that has its own graph.</exception>
    public static CompiledApp Compile(AppModelConfig config, AppMode mode)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (mode is not (AppMode.Chat or AppMode.Completion))
        {
            throw new DifyException(
                ErrorCodes.AppUnavailable, $"An app of the mode {mode.ToWire()} is not compiled from a basic configuration.");
        }

        var inputs = NameInputs(config.UserInputForm);
        var bases = config.DatasetConfigs?.Datasets.Datasets
            .Where(entry => entry.Dataset.Enabled).Select(entry => entry.Dataset.Id).ToArray() ?? [];
        var querySelector = QuerySelector(config, mode, inputs);
        var retrieves = bases.Length > 0 && querySelector.Length > 0;

        var nodes = new JsonArray { Node(StartId, new JsonObject { ["type"] = NodeTypes.Start, ["title"] = "Start" }) };
        if (retrieves)
        {
            nodes.Add(Node(RetrievalId, Retrieval(config.DatasetConfigs!, bases, querySelector)));
        }

        nodes.Add(Node(LlmId, Llm(config, mode, inputs, retrieves)));
        nodes.Add(Node(AnswerId, new JsonObject
        {
            ["type"] = NodeTypes.Answer,
            ["title"] = "Answer",
            ["answer"] = "{{#" + LlmId + ".text#}}",
        }));
        var path = retrieves ? new[] { StartId, RetrievalId, LlmId, AnswerId } : [StartId, LlmId, AnswerId];
        var edges = new JsonArray([.. path.Zip(path.Skip(1), Edge)]);
        var graph = GraphDefinition.Parse(new JsonObject { ["nodes"] = nodes, ["edges"] = edges });
        return new CompiledApp(graph, mode, inputs);
    }

    private static JsonObject Node(string id, JsonObject data) => new() { ["id"] = id, ["type"] = "custom", ["data"] = data };

    private static JsonNode Edge(string source, string target) => new JsonObject
    {
        ["source"] = source,
        ["sourceHandle"] = "source",
        ["target"] = target,
    };

    private static JsonObject Retrieval(DatasetConfigs configs, string[] bases, string[] querySelector)
    {
        var settings = new JsonObject
        {
            ["top_k"] = configs.TopK,
            ["score_threshold"] = configs.ScoreThresholdEnabled ? configs.ScoreThreshold : null,
        };
        foreach (var key in (string[])["reranking_mode", "reranking_enable", "reranking_model", "weights"])
        {
            if (configs.Other.TryGetValue(key, out var value))
            {
                settings[key] = JsonNode.Parse(value.GetRawText());
            }
        }

        return new JsonObject
        {
            ["type"] = NodeTypes.KnowledgeRetrieval,
            ["title"] = "Knowledge Retrieval",
            ["query_variable_selector"] = Strings(querySelector),
            ["dataset_ids"] = Strings(bases),
            ["retrieval_mode"] = "multiple",
            ["multiple_retrieval_config"] = settings,
        };
    }

    private static JsonObject Llm(AppModelConfig config, AppMode mode, List<CompiledInput> inputs, bool retrieves)
    {
        // Instructions are the system message of a chat; a text generator has nothing else, so they are the question.
        var role = mode == AppMode.Chat ? "system" : "user";
        var prompt = (retrieves ? "{{#context#}}" : "") + Instructions(config.PrePrompt ?? "", inputs);
        var llm = new JsonObject
        {
            ["type"] = NodeTypes.Llm,
            ["title"] = "LLM",
            ["prompt_template"] = new JsonArray(new JsonObject { ["role"] = role, ["text"] = prompt }),
            ["context"] = new JsonObject
            {
                ["enabled"] = retrieves,
                ["variable_selector"] = retrieves ? Strings([RetrievalId, "result"]) : [],
                ["frame"] = retrieves ? ContextFrame.ReplaceLineEndings("\n") : "",
            },
        };
        if (config.Model is { } model)
        {
            llm["model"] = new JsonObject
            {
                ["provider"] = model.Provider,
                ["name"] = model.Name,
                ["mode"] = model.Mode,
                ["completion_params"] = model.CompletionParams.DeepClone(),
            };
        }

        if (config.FileRules is not null)
        {
            llm["vision"] = new JsonObject
            {
                ["enabled"] = true,
                ["configs"] = new JsonObject
                {
                    ["variable_selector"] = Strings(["sys", "files"]),
                    ["detail"] = config.FileUpload?["image"]?["detail"]?.ToString() ?? "high",
                },
            };
        }

        if (mode == AppMode.Chat)
        {
            llm["memory"] = new JsonObject { ["window"] = new JsonObject { ["enabled"] = false } };
        }

        return llm;
    }

    private static string[] QuerySelector(AppModelConfig config, AppMode mode, List<CompiledInput> inputs)
    {
        if (mode == AppMode.Chat)
        {
            return ["sys", "query"];
        }

        var wanted = config.Other.TryGetValue("dataset_query_variable", out var name) ? name.ToString() : "";
        return inputs.Find(input => input.Field.Input.Variable == wanted) is { } found ? [StartId, found.Name] : [];
    }

    /// <summary>Names of a form may be Chinese or long; references in a graph may not.</summary>
    private static List<CompiledInput> NameInputs(IReadOnlyList<UserInputField> form)
    {
        var inputs = new List<CompiledInput>();
        foreach (var field in form)
        {
            if (inputs.Exists(known => known.Field.Input.Variable == field.Input.Variable))
            {
                continue;
            }

            inputs.Add(new CompiledInput(
                field, PlainName().IsMatch(field.Input.Variable) ? field.Input.Variable : $"__input_{inputs.Count}"));
        }

        return inputs;
    }

    /// <summary><c>{{name}}</c> of a field becomes a reference, everything else stays as it is written.</summary>
    private static string Instructions(string text, List<CompiledInput> inputs) => Placeholder().Replace(text, match =>
        inputs.Find(input => input.Field.Input.Variable == match.Groups[1].Value) is { } input
            ? "{{#" + StartId + "." + input.Name + "#}}"
            : match.Value);

    private static JsonArray Strings(string[] values) => new([.. values.Select(value => (JsonNode)value)]);

    [GeneratedRegex(@"\{\{([^{}#\s]{1,100})\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]{0,29}$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainName();
}
