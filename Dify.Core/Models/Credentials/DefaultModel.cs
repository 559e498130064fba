namespace Dify.Core.Models.Credentials;

/// <summary>The model that a workspace uses where no other is chosen.</summary>
public sealed class DefaultModel
{
    public Guid WorkspaceId { get; init; }

    public ModelType Type { get; init; }

    public required string Provider { get; set; }

    public required string Name { get; set; }
}
