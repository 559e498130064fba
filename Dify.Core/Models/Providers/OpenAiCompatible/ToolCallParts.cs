using System.Text;
using System.Text.Json;
using Dify.Core.Models.Calls;
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

    /// <exception cref="ProviderCallException">Arguments that are no JSON object: the answer was cut.</exception>
    public List<AIContent> Complete()
    {
        var contents = new List<AIContent>();
        foreach (var (at, part) in _parts ?? [])
        {
            contents.Add(new FunctionCallContent(part.Id ?? $"call_{at}", part.Name ?? "", Read(part.Arguments.ToString())));
        }

        return contents;
    }

    private static Dictionary<string, object?> Read(string arguments)
    {
        try
        {
            return arguments.Length == 0 ? [] : JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments) ?? [];
        }
        catch (JsonException failure)
        {
            throw new ProviderCallException(ProviderFailure.Malformed, "", failure);
        }
    }

    private sealed class Part
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
