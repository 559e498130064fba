using Dify.Core.Common;
using Dify.Core.Workspaces;
using Dify.Core.Workspaces.Members;

namespace Dify.Web.Endpoints;

/// <summary>Members and invitations of the caller's workspace.</summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this RouteGroupBuilder console)
    {
        var members = console.MapGroup("/workspaces/current/members");
        members.MapGet("", ListAsync);
        members.MapPost("/invite-email", InviteAsync);
        members.MapPut("/{memberId:guid}/update-role", ChangeRoleAsync);
        members.MapDelete("/{memberId:guid}", RemoveAsync);
    }

    private static async Task<IResult> ListAsync(ConsoleActor caller, MemberService members, CancellationToken cancellationToken)
    {
        var rows = await members.ListAsync(caller, cancellationToken);
        return Results.Json(
            new
            {
                accounts = rows.Select(m => new
                {
                    id = m.AccountId,
                    name = m.Name,
                    avatar = (string?)null,
                    email = m.Email,
                    role = RoleNames.Of(m.Role),
                    status = "active",
                    last_login_at = m.LastActiveAt?.ToUnixTimeSeconds(),
                    created_at = m.JoinedAt.ToUnixTimeSeconds(),
                }),
            },
            JsonDefaults.Wire);
    }

    private static async Task<IResult> InviteAsync(
        ConsoleActor caller, InviteRequest body, HttpRequest request, InvitationService invitations,
        CancellationToken cancellationToken)
    {
        var results = await invitations.InviteAsync(
            caller, body.Emails, RoleNames.Parse(body.Role), body.Language, $"{request.Scheme}://{request.Host}", cancellationToken);
        return Results.Json(
            new
            {
                result = "success",
                invitation_results = results.Select(r => r.Url is not null
                    ? (object)new { status = "success", email = r.Email, url = r.Url }
                    : new { status = "failed", email = r.Email, code = r.ErrorCode, message = MessageOf(r.ErrorCode) }),
                tenant_id = caller.Actor.WorkspaceId,
            },
            JsonDefaults.Wire,
            statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ChangeRoleAsync(
        Guid memberId, ConsoleActor caller, RoleRequest body, MemberService members, CancellationToken cancellationToken)
    {
        await members.ChangeRoleAsync(caller, memberId, RoleNames.Parse(body.Role), cancellationToken);
        return Results.Json(new { result = "success" }, JsonDefaults.Wire);
    }

    private static async Task<IResult> RemoveAsync(
        Guid memberId, ConsoleActor caller, MemberService members, CancellationToken cancellationToken)
    {
        await members.RemoveAsync(caller, memberId, cancellationToken);
        return Results.Json(new { result = "success" }, JsonDefaults.Wire);
    }

    private static string MessageOf(string? code) => code switch
    {
        ErrorCodes.InvalidEmail => "This is not an e-mail address.",
        ErrorCodes.AlreadyMember => "This address belongs to a member of the workspace.",
        _ => "This address was invited by somebody else at the same moment.",
    };

    private sealed record InviteRequest(string?[]? Emails, string? Role, string? Language);

    private sealed record RoleRequest(string? Role);
}
