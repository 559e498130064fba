namespace Dify.Core.Workflows.Engine;

/// <summary>Who runs and where; nodes read it, the engine passes it on.</summary>
public sealed class RunContext
{
    private readonly Dictionary<Type, object> _parts = [];

    public required Guid RunId { get; init; }

    public required Guid WorkspaceId { get; init; }

    public required Guid AppId { get; init; }

    /// <summary>End user or member, as text (<c>sys.user_id</c>).</summary>
    public required string UserId { get; init; }

    /// <summary><c>service-api</c>, <c>web-app</c> or <c>debugger</c>.</summary>
    public required string InvokeFrom { get; init; }

    /// <summary>Gives nodes something that the engine does not know, such as the conversation so far.</summary>
    public RunContext With<T>(T part)
        where T : class
    {
        _parts[typeof(T)] = part;
        return this;
    }

    public T? Find<T>()
        where T : class => _parts.TryGetValue(typeof(T), out var part) ? (T)part : null;
}
