namespace Dify.Core.Knowledge;

public enum KnowledgePermission
{
    OnlyMe,
    AllTeamMembers,
    PartialMembers,
}
