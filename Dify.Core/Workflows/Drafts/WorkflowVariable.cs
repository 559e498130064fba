using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Drafts;

/// <summary>An environment or conversation variable of a workflow.</summary>
/// <param name="Id">Any text; kept from a file, else new.</param>
/// <param name="Name">Unique in its list; the later of two wins.</param>
/// <param name="ValueType"><c>string</c>, <c>number</c>, <c>secret</c>, <c>array[string]</c>, … as the DSL spells it.</param>
/// <param name="Value">Of that type; a secret is a string.</param>
public sealed record WorkflowVariable(string Id, string Name, string ValueType, JsonNode? Value, string Description = "")
{
    public const string Secret = "secret";

    /// <summary>Further keys of a file, kept so that an export has them again.</summary>
    public IReadOnlyDictionary<string, JsonElement> Other { get; init; } = new Dictionary<string, JsonElement>();

    public bool IsSecret => ValueType == Secret;
}
