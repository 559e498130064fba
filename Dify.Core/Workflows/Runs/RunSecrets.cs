using System.Text.Json.Nodes;
using Dify.Core.Workflows.Variables;

namespace Dify.Core.Workflows.Runs;

/// <summary>The secret environment variables of a run, which neither its log nor its events show.</summary>
internal sealed class RunSecrets
{
    private const string Mask = "********";

    /// <summary>Shorter values would tear holes into ordinary text.</summary>
    private const int Shortest = 4;

    private readonly string[] _values;

    private RunSecrets(string[] values) => _values = values;

    /// <summary>Null: the run has none.</summary>
    public static RunSecrets? Of(VariablePool variables)
    {
        var values = variables.ValuesUnder(VariablePool.Environment)
            .Where(pair => variables.IsSecret([VariablePool.Environment, pair.Key]))
            .Select(pair => pair.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : "")
            .Where(text => text.Length >= Shortest)
            .OrderByDescending(text => text.Length)
            .ToArray();
        return values.Length == 0 ? null : new RunSecrets(values);
    }

    public string Hide(string text)
    {
        var isMasked = false;
        return Hide(text, ref isMasked);
    }

    public string Hide(string text, ref bool isMasked)
    {
        foreach (var secret in _values)
        {
            if (text.Contains(secret, StringComparison.Ordinal))
            {
                text = text.Replace(secret, Mask, StringComparison.Ordinal);
                isMasked = true;
            }
        }

        return text;
    }

    /// <summary>The same values with secrets masked; what has none is given back as it is.</summary>
    public JsonObject Hide(JsonObject values)
    {
        var json = StoredJson.WriteWhole(values, this, out var isMasked);
        return isMasked ? StoredJson.Read(json) : values;
    }
}
