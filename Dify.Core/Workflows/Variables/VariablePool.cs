using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Variables;

/// <summary>
/// The values of a run by (node id, name); <c>sys</c>, <c>env</c> and <c>conversation</c> are reserved node ids.
/// Values are shared, not copied: nobody changes a node that is in the pool. Safe for use by nodes side by side.
/// </summary>
public sealed class VariablePool
{
    public const string System = "sys";
    public const string Environment = "env";
    public const string Conversation = "conversation";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, JsonNode?>> _values = new(StringComparer.Ordinal);
    private Dictionary<(string, string), VariableType>? _declared;
    private HashSet<string>? _secrets;

    public void Set(string nodeId, string name, JsonNode? value)
    {
        lock (_lock)
        {
            ValuesOf(nodeId)[name] = value;
        }
    }

    /// <summary>Sets a variable whose type is given and stays, whatever is written to it (conversation and loop variables).</summary>
    internal void Declare(string nodeId, string name, VariableType type, JsonNode? value)
    {
        lock (_lock)
        {
            (_declared ??= [])[(nodeId, name)] = type;
            ValuesOf(nodeId)[name] = value;
        }
    }

    /// <summary>The declared type of a variable, else that of its value.</summary>
    internal VariableType TypeOf(IReadOnlyList<string> selector)
    {
        lock (_lock)
        {
            if (selector is [var nodeId, var name] && _declared is not null
                && _declared.TryGetValue((nodeId, name), out var declared))
            {
                return declared;
            }
        }

        return TryGet(selector, out var value) ? VariableTypes.Of(value) : VariableType.None;
    }

    /// <summary>Sets an environment variable that the log must not show.</summary>
    public void SetSecret(string name, string value)
    {
        lock (_lock)
        {
            ValuesOf(Environment)[name] = JsonValue.Create(value);
            (_secrets ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
        }
    }

    /// <summary>Stores all outputs of a node at once.</summary>
    public void SetAll(string nodeId, JsonObject values)
    {
        ArgumentNullException.ThrowIfNull(values);
        lock (_lock)
        {
            var own = ValuesOf(nodeId);
            foreach (var (name, value) in values)
            {
                own[name] = value;
            }
        }
    }

    /// <summary>Two parts name a value; further ones walk into objects and file attributes. Unknown: null and false.</summary>
    public bool TryGet(IReadOnlyList<string> selector, out JsonNode? value)
    {
        ArgumentNullException.ThrowIfNull(selector);
        value = null;
        if (selector.Count < 2)
        {
            return false;
        }

        lock (_lock)
        {
            if (!_values.TryGetValue(selector[0], out var own) || !own.TryGetValue(selector[1], out value))
            {
                return false;
            }
        }

        for (var part = 2; part < selector.Count; part++)
        {
            if (value is not JsonObject parent || !FileValues.TryWalk(parent, selector[part], out value))
            {
                value = null;
                return false;
            }
        }

        return true;
    }

    /// <summary>The values stored under a node id, as they are now.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonNode?>> ValuesUnder(string nodeId)
    {
        lock (_lock)
        {
            return _values.TryGetValue(nodeId, out var own) ? [.. own] : [];
        }
    }

    public bool IsSecret(IReadOnlyList<string> selector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        lock (_lock)
        {
            return _secrets is not null && selector is [Environment, var name, ..] && _secrets.Contains(name);
        }
    }

    /// <summary>Forgets what a node has given.</summary>
    public void Remove(string nodeId)
    {
        lock (_lock)
        {
            _values.Remove(nodeId);
        }
    }

    /// <summary>A pool that starts with the same values and then goes its own way.</summary>
    public VariablePool Copy()
    {
        var copy = new VariablePool();
        lock (_lock)
        {
            foreach (var (nodeId, values) in _values)
            {
                copy._values[nodeId] = new Dictionary<string, JsonNode?>(values, StringComparer.Ordinal);
            }

            copy._declared = _declared is null ? null : new Dictionary<(string, string), VariableType>(_declared);
            copy._secrets = _secrets is null ? null : new HashSet<string>(_secrets, StringComparer.Ordinal);
        }

        return copy;
    }

    private Dictionary<string, JsonNode?> ValuesOf(string nodeId)
    {
        if (!_values.TryGetValue(nodeId, out var own))
        {
            _values[nodeId] = own = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        }

        return own;
    }
}
