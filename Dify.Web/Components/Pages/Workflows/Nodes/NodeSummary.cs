using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Web.Components.Pages.Workflows.Outline;
using Dify.Web.Resources;
using Microsoft.Extensions.Localization;

namespace Dify.Web.Components.Pages.Workflows.Nodes;

/// <summary>The settings of a node in words. What a type's reader does not name is still in the JSON beside it.</summary>
internal sealed class NodeSummary
{
    private readonly List<NodeFact> _facts = [];
    private readonly DraftGraph _graph;
    private readonly JsonObject _data;
    private readonly IStringLocalizer<WorkflowsText> _text;

    private NodeSummary(DraftGraph graph, JsonObject data, IStringLocalizer<WorkflowsText> text)
    {
        _graph = graph;
        _data = data;
        _text = text;
    }

    public static IReadOnlyList<NodeFact> Of(DraftGraph graph, DraftNode node, IStringLocalizer<WorkflowsText> text)
    {
        var facts = new NodeSummary(graph, node.Data, text);
        facts.Read(node.Type);
        facts.ReadErrors();
        return facts._facts;
    }

    private void Read(string type)
    {
        switch (type)
        {
            case "start":
                ReadFields();
                break;
            case "end":
                ReadMappings("outputs", "Fact.Output");
                break;
            case "answer":
                Add("Fact.Answer", Words("answer"));
                break;
            case "llm":
                ReadModel();
                ReadPrompts();
                AddSelector("Fact.Context", _data["context"]?["variable_selector"]);
                AddSelector("Fact.Vision", _data["vision"] is { } vision && Is(vision["enabled"]) ? vision["configs"]?["variable_selector"] : null);
                Add("Fact.Structured", Is(_data["structured_output_enabled"]) ? _data["structured_output"]?["schema"]?.ToJsonString() : null, true);
                break;
            case "knowledge-retrieval":
                AddSelector("Fact.Query", _data["query_variable_selector"]);
                Add("Fact.Knowledge", (_data["dataset_ids"] as JsonArray)?.Count.ToString(System.Globalization.CultureInfo.CurrentCulture));
                Add("Fact.TopK", _data["multiple_retrieval_config"]?["top_k"]?.ToString());
                break;
            case "question-classifier":
                ReadModel();
                AddSelector("Fact.Query", _data["query_variable_selector"]);
                Each("classes", item => Add("Fact.Class", DraftGraph.Text(item, "name")));
                Add("Fact.Instruction", Words("instruction"));
                break;
            case "parameter-extractor":
                ReadModel();
                AddSelector("Fact.Query", _data["query"]);
                Each("parameters", item => Add("Fact.Parameter", Joined(item, "name", "type", "description")));
                Add("Fact.Instruction", Words("instruction"));
                break;
            case "if-else":
                ReadCases();
                break;
            case "code":
                Add("Fact.Language", DraftGraph.Text(_data, "code_language"));
                ReadMappings("variables", "Fact.Input");
                Add("Fact.Code", DraftGraph.Text(_data, "code"), true);
                Add("Fact.Output", (_data["outputs"] as JsonObject) is { } outputs ? string.Join(", ", outputs.Select(o => $"{o.Key}: {o.Value?["type"]}")) : null);
                break;
            case "template-transform":
                ReadMappings("variables", "Fact.Input");
                Add("Fact.Template", DraftGraph.Text(_data, "template"), true);
                break;
            case "http-request":
                Add("Fact.Request", $"{DraftGraph.Text(_data, "method")?.ToUpperInvariant()} {Words("url")}");
                Add("Fact.Headers", Words("headers"), true);
                Add("Fact.Params", Words("params"), true);
                Add("Fact.Body", _data["body"]?["type"]?.ToString() is { } kind and not "none" ? kind : null);
                Add("Fact.Auth", _data["authorization"]?["type"]?.ToString() is { } auth and not "no-auth" ? auth : null);
                break;
            case "tool":
                Add("Fact.Tool", Joined(_data, "provider_name", "tool_label", "tool_name"));
                ReadParameters("tool_parameters");
                break;
            case "iteration":
                AddSelector("Fact.Items", _data["iterator_selector"]);
                AddSelector("Fact.Result", _data["output_selector"]);
                Add("Fact.Parallel", Is(_data["is_parallel"]) ? _data["parallel_nums"]?.ToString() ?? "10" : null);
                Add("Fact.OnItemError", DraftGraph.Text(_data, "error_handle_mode"));
                break;
            case "loop":
                Each("loop_variables", item => Add("Fact.LoopVariable", Joined(item, "label", "var_type")));
                ReadConditions(_data, "break_conditions", "Fact.BreakIf");
                Add("Fact.LoopCount", _data["loop_count"]?.ToString());
                break;
            default:
                ReadRest(type);
                break;
        }
    }

    private void ReadRest(string type)
    {
        switch (type)
        {
            case "variable-aggregator" or "variable-assigner":
                foreach (var selector in _data["variables"] as JsonArray ?? [])
                {
                    AddSelector("Fact.FirstOf", selector);
                }

                break;
            case "assigner":
                Each("items", item => Add("Fact.Assign", $"{ReadableReferences.OfSelector(_graph, item["variable_selector"])} · {item["operation"]} · {Value(item["value"])}"));
                AddSelector("Fact.Assign", _data["assigned_variable_selector"]);
                break;
            case "document-extractor":
                AddSelector("Fact.File", _data["variable_selector"]);
                break;
            case "list-operator":
                AddSelector("Fact.List", _data["variable"]);
                Add("Fact.Order", Is(_data["order_by"]?["enabled"]) ? $"{_data["order_by"]!["key"]} {_data["order_by"]!["value"]}".Trim() : null);
                Add("Fact.Limit", Is(_data["limit"]?["enabled"]) ? _data["limit"]!["size"]?.ToString() : null);
                break;
            case "human-input":
                Add("Fact.Form", Words("form_content"));
                Each("user_actions", item => Add("Fact.Action", DraftGraph.Text(item, "title")));
                Add("Fact.Timeout", Joined(_data, "timeout", "timeout_unit"));
                break;
            case "agent":
                Add("Fact.Strategy", Joined(_data, "agent_strategy_label", "agent_strategy_name"));
                ReadParameters("agent_parameters");
                break;
        }
    }

    private void ReadErrors()
    {
        if (_data["retry_config"] is { } retry && Is(retry["retry_enabled"]))
        {
            Add("Fact.Retry", _text["Fact.Retry.Value", retry["max_retries"]?.ToString() ?? "", retry["retry_interval"]?.ToString() ?? ""]);
        }

        if (DraftGraph.Text(_data, "error_strategy") is { } strategy and not "none")
        {
            Add("Fact.OnError", _text[strategy == "fail-branch" ? "Fact.OnError.Branch" : "Fact.OnError.Default"]);
        }
    }

    private void ReadFields() => Each("variables", item => Add(
        "Fact.Field", $"{DraftGraph.Text(item, "label") ?? DraftGraph.Text(item, "variable")} · {item["variable"]} · {_text["Field." + item["type"]]}{(Is(item["required"]) ? $" · {_text["Fact.Required"]}" : null)}"));

    private void ReadModel() => Add("Fact.Model", Joined(_data["model"] as JsonObject ?? [], "provider", "name"));

    private void ReadPrompts()
    {
        if (_data["prompt_template"] is JsonObject one)
        {
            Add("Fact.Prompt", ReadableReferences.InText(_graph, one["text"]?.ToString() ?? ""));
        }

        Each("prompt_template", message => _facts.Add(new NodeFact(
            _text["Fact.Message", message["role"]?.ToString() ?? ""],
            ReadableReferences.InText(_graph, (DraftGraph.Text(message, "edition_type") == "jinja2" ? message["jinja2_text"] : message["text"])?.ToString() ?? ""))));
    }

    private void ReadCases()
    {
        var number = 0;
        Each("cases", item => ReadConditions(item, "conditions", number++ == 0 ? "Lane.if" : "Lane.elif", number));
        if (number == 0)
        {
            ReadConditions(_data, "conditions", "Lane.if");
        }
    }

    private void ReadConditions(JsonObject holder, string key, string label, int number = 1)
    {
        var conditions = DraftGraph.List(holder, key).Select(condition =>
            $"{ReadableReferences.OfSelector(_graph, condition["variable_selector"])} {condition["comparison_operator"]} {Value(condition["value"])}".Trim()).ToList();
        if (conditions.Count > 0)
        {
            var joint = DraftGraph.Text(holder, "logical_operator") == "or" ? _text["Fact.Or"] : _text["Fact.And"];
            _facts.Add(new NodeFact(_text[label, number], string.Join($"\n{joint} ", conditions)));
        }
    }

    private void ReadMappings(string key, string label) => Each(key, item => Add(
        label, $"{item["variable"]} = {ReadableReferences.OfSelector(_graph, item["value_selector"])}"));

    private void ReadParameters(string key)
    {
        foreach (var (name, value) in _data[key] as JsonObject ?? [])
        {
            Add("Fact.Parameter", $"{name} = {Value((value as JsonObject)?["value"] ?? value)}");
        }
    }

    private void AddSelector(string label, JsonNode? selector) => Add(label, ReadableReferences.OfSelector(_graph, selector));

    private void Add(string label, string? value, bool code = false)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            _facts.Add(new NodeFact(_text[label], value, code));
        }
    }

    private void Each(string key, Action<JsonObject> read)
    {
        foreach (var item in DraftGraph.List(_data, key))
        {
            read(item);
        }
    }

    private string? Words(string key) => DraftGraph.Text(_data, key) is { } text ? ReadableReferences.InText(_graph, text) : null;

    private string Value(JsonNode? value) => value switch
    {
        null => "",
        JsonArray { Count: >= 2 } list when _graph.Find(list[0]?.ToString()) is not null || list[0]?.ToString() is "sys" or "env" or "conversation" =>
            ReadableReferences.OfSelector(_graph, list),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => ReadableReferences.InText(_graph, text.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static string Joined(JsonObject data, params string[] keys) =>
        string.Join(" · ", keys.Select(key => data[key]?.ToString()).Where(part => !string.IsNullOrWhiteSpace(part)).Distinct());

    private static bool Is(JsonNode? value) => value?.GetValueKind() == JsonValueKind.True;
}
