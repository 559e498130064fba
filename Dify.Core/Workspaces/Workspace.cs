namespace Dify.Core.Workspaces;

/// <summary>The tenant: every app, knowledge base, key and member belongs to exactly one.</summary>
public sealed class Workspace
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}
