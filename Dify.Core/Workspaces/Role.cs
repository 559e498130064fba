namespace Dify.Core.Workspaces;

public enum Role
{
    /// <summary>Exactly one a workspace; cannot be removed or changed.</summary>
    Owner,
    Admin,
    Editor,
    Normal,
    DatasetOperator,
}
