using System.Text.Json.Nodes;
using Dify.Core.Workflows.Drafts;

namespace Dify.Tests.Browser;

/// <summary>A workflow with a form, an iteration, a branch, a model and a join, as a person might lay it out.</summary>
internal static class SampleWorkflow
{
    public static WorkflowContent Content { get; } = new() { Graph = JsonNode.Parse(Graph)!.AsObject() };

    private const string Graph = """
        {
          "nodes": [
            {"id": "start", "type": "custom", "position": {"x": 0, "y": 0}, "data": {"type": "start", "title": "Ask for a topic", "variables": [
              {"variable": "topic", "label": "Topic", "type": "text-input", "required": true, "max_length": 48},
              {"variable": "tone", "label": "Tone", "type": "select", "required": true, "options": ["warm", "dry"], "default": "warm"},
              {"variable": "notes", "label": "Notes for the writer", "type": "paragraph", "required": false},
              {"variable": "source", "label": "A source", "type": "file", "required": false, "allowed_file_types": ["document"], "allowed_file_upload_methods": ["local_file", "remote_url"]}
            ]}},
            {"id": "points", "type": "custom", "position": {"x": 300, "y": 0}, "data": {"type": "code", "title": "Three points", "code_language": "javascript", "code": "function main({topic}) {\n  return {list: [topic + ' then', topic + ' now', topic + ' soon']};\n}", "variables": [{"variable": "topic", "value_selector": ["start", "topic"]}], "outputs": {"list": {"type": "array[string]", "children": null}}}},
            {"id": "each", "type": "custom", "position": {"x": 600, "y": 0}, "data": {"type": "iteration", "title": "For each point", "iterator_selector": ["points", "list"], "output_selector": ["line", "output"], "output_type": "array[string]", "start_node_id": "eachstart", "error_handle_mode": "terminated", "is_parallel": false}},
            {"id": "eachstart", "type": "custom-iteration-start", "parentId": "each", "position": {"x": 0, "y": 0}, "data": {"type": "iteration-start", "title": "", "isInIteration": true, "iteration_id": "each"}},
            {"id": "line", "type": "custom", "parentId": "each", "position": {"x": 100, "y": 0}, "data": {"type": "code", "title": "Write a line", "isInIteration": true, "iteration_id": "each", "code_language": "javascript", "code": "function main({point}) {\n  return {output: '- ' + point};\n}", "outputs": {"output": {"type": "string", "children": null}}, "variables": [{"variable": "point", "value_selector": ["each", "item"]}]}},
            {"id": "tone", "type": "custom", "position": {"x": 900, "y": 0}, "data": {"type": "if-else", "title": "Which tone?", "cases": [{"case_id": "true", "logical_operator": "and", "conditions": [{"id": "1", "variable_selector": ["start", "tone"], "comparison_operator": "is", "value": "warm", "varType": "string"}]}]}},
            {"id": "writer", "type": "custom", "position": {"x": 1200, "y": -100}, "data": {"type": "llm", "title": "Warm words", "model": {"provider": "openai-compatible", "name": "fake-chat", "mode": "chat", "completion_params": {}}, "prompt_template": [{"role": "system", "text": "Write warmly."}, {"role": "user", "text": "Write about {{#start.topic#}}: {{#each.output#}}"}], "context": {"enabled": false, "variable_selector": []}, "vision": {"enabled": false}}},
            {"id": "plain", "type": "custom", "position": {"x": 1200, "y": 100}, "data": {"type": "code", "title": "Dry words", "code_language": "javascript", "code": "function main({topic}) {\n  return {output: topic + '. That is all.'};\n}", "outputs": {"output": {"type": "string", "children": null}}, "variables": [{"variable": "topic", "value_selector": ["start", "topic"]}]}},
            {"id": "join", "type": "custom", "position": {"x": 1500, "y": 0}, "data": {"type": "variable-aggregator", "title": "Whichever was written", "output_type": "string", "variables": [["writer", "text"], ["plain", "output"]]}},
            {"id": "end", "type": "custom", "position": {"x": 1800, "y": 0}, "data": {"type": "end", "title": "Give back", "outputs": [{"variable": "text", "value_selector": ["writer", "text"]}, {"variable": "written", "value_selector": ["join", "output"]}, {"variable": "points", "value_selector": ["each", "output"]}]}}
          ],
          "edges": [
            {"id": "1", "source": "start", "sourceHandle": "source", "target": "points"},
            {"id": "2", "source": "points", "sourceHandle": "source", "target": "each"},
            {"id": "3", "source": "eachstart", "sourceHandle": "source", "target": "line"},
            {"id": "4", "source": "each", "sourceHandle": "source", "target": "tone"},
            {"id": "5", "source": "tone", "sourceHandle": "true", "target": "writer"},
            {"id": "6", "source": "tone", "sourceHandle": "false", "target": "plain"},
            {"id": "7", "source": "writer", "sourceHandle": "source", "target": "join"},
            {"id": "8", "source": "plain", "sourceHandle": "source", "target": "join"},
            {"id": "9", "source": "join", "sourceHandle": "source", "target": "end"}
          ],
          "viewport": {"x": 0, "y": 0, "zoom": 1}
        }
        """;
}
