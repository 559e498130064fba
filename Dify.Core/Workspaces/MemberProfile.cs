namespace Dify.Core.Workspaces;

/// <summary>What the frame of every page shows of the person and the place.</summary>
public sealed record MemberProfile(string AccountName, string Email, string WorkspaceName, Role Role);
