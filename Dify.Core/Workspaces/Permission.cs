namespace Dify.Core.Workspaces;

/// <summary>What a member may do; <see cref="Permissions"/> holds the matrix.</summary>
public enum Permission
{
    UsePublishedApps,
    EditApps,
    CreateKnowledgeBases,
    UseKnowledgeBases,
    EditKnowledgeSettings,
    ManageModels,
    ManageMembers,
    ManageApiKeys,
    ViewMonitoring,
    EditWorkspace,
    TransferOwnership,
}
