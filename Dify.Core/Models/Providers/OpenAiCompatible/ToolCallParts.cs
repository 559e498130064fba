using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.OpenAiCompatible;

/// <summary>Puts tool calls together that arrive in pieces.</summary>
internal sealed class ToolCallParts
{
    private SortedDictionary<int, Part>? _parts;

    public void Add(List<WireToolCall>? calls)
    {
        for (var i = 0; i < (calls?.Count ?? 0); i++)
        {
            var call = calls![i];
            _parts ??= [];
            if (!_parts.TryGetValue(call.Index ?? i, out var part))
            {
                _parts[call.Index ?? i] = part = new Part();
            }

            part.Id = call.Id ?? part.Id;
            part.Name = call.Function?.Name ?? part.Name;
            part.Arguments.Append(call.Function?.Arguments);
        }
    }

    /// <summary>Arguments that are no JSON object stand in <c>RawRepresentation</c>, with the reason in <c>Exception</c>.</summary>
    public List<AIContent> Complete()
    {
        var contents = new List<AIContent>();
        foreach (var (at, part) in _parts ?? [])
        {
            contents.Add(Read(part.Id ?? $"call_{at}", part.Name ?? "", part.Arguments.ToString()));
        }

        return contents;
    }

    private static FunctionCallContent Read(string id, string name, string arguments)
    {
        try
        {
            var values = arguments.Length == 0 ? [] : JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments) ?? [];
            return new FunctionCallContent(id, name, values) { RawRepresentation = arguments };
        }
        catch (JsonException failure)
        {
            return new FunctionCallContent(id, name) { RawRepresentation = arguments, Exception = failure };
        }
    }

    private sealed class Part
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
