using Dify.Core.Accounts;
using Dify.Core.Accounts.Mail;
using Dify.Core.Common;
using Dify.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Dify.Core.Workspaces.Members;

/// <summary>
/// Invites people into a workspace by links that hold for 72 hours (<c>INVITE_EXPIRY_HOURS</c>) and work once. A link is
/// shown only when it is made, since the store keeps its hash.
/// </summary>
public sealed class InvitationService
{
    public const int MaxAddresses = 50;

    private readonly IDbContextFactory<DifyDbContext> _contexts;
    private readonly MailQueue _mails;
    private readonly IMailSender _sender;
    private readonly AttemptLimiter _limiter;
    private readonly AccountsOptions _options;
    private readonly SiteUrls _urls;
    private readonly TimeProvider _time;

    internal InvitationService(
        IDbContextFactory<DifyDbContext> contexts, MailQueue mails, IMailSender sender, AttemptLimiter limiter,
        IOptions<AccountsOptions> options, IOptions<SiteUrls> urls, TimeProvider time) =>
        (_contexts, _mails, _sender, _limiter, _options, _urls, _time) =
        (contexts, mails, sender, limiter, options.Value, urls.Value, time);

    /// <summary>Whether invited people get a mail; without it the inviter hands the links over.</summary>
    public bool SendsMail => _sender.IsConfigured;

    public int ExpiryHours => _options.InviteExpiryHours;

    /// <summary>Invitations that are not accepted, newest first.</summary>
    public async Task<IReadOnlyList<PendingInvitation>> ListAsync(Actor actor, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.ManageMembers);
        var now = _time.GetUtcNow();
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.Invitations.AsNoTracking()
            .Where(i => i.WorkspaceId == actor.WorkspaceId && i.AcceptedAt == null)
            .OrderByDescending(i => i.CreatedAt).ThenBy(i => i.Id)
            .Select(i => new PendingInvitation(i.Id, i.Email, i.Role, i.CreatedAt, i.ExpiresAt, i.ExpiresAt <= now))
            .ToListAsync(cancellationToken);
    }

    /// <param name="actor">Who invites.</param>
    /// <param name="emails">1 to 50 addresses; each gets an answer of its own.</param>
    /// <param name="role">Any role but owner.</param>
    /// <param name="language">Language of the mail.</param>
    /// <param name="baseUrl">Where the program is reached; used unless <c>CONSOLE_WEB_URL</c> is set.</param>
    /// <param name="cancellationToken">Ends the waiting; addresses done so far stay invited.</param>
    /// <exception cref="DifyException">403 without the right or for the owner's role; 400 for no or too many addresses.</exception>
    public async Task<IReadOnlyList<InvitationResult>> InviteAsync(
        Actor actor, IReadOnlyList<string?>? emails, Role role, string? language, string baseUrl,
        CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.ManageMembers);
        MemberService.RequireGrantable(role);
        if (emails is not { Count: > 0 and <= MaxAddresses })
        {
            throw DifyException.Invalid($"Give 1 to {MaxAddresses} e-mail addresses.");
        }

        _limiter.Take($"invite:{actor.WorkspaceId}", 100, TimeSpan.FromHours(1));
        var results = new List<InvitationResult>();
        foreach (var email in emails.Select(e => e?.Trim() ?? "").DistinctBy(AccountRules.NormalizeEmail))
        {
            results.Add(AccountRules.IsEmail(email)
                ? await InviteOneAsync(actor, email, role, language, baseUrl, cancellationToken)
                : new InvitationResult(email, null, ErrorCodes.InvalidEmail, Mailed: false));
        }

        return results;
    }

    /// <summary>Makes a fresh link for a pending invitation, valid from now, and mails it where mail is set up.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="invitationId">A pending invitation of the workspace.</param>
    /// <param name="language">Language of the mail.</param>
    /// <param name="baseUrl">As for <see cref="InviteAsync"/>.</param>
    /// <param name="sendMail">False to only get the link.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DifyException">404 when it is not pending here.</exception>
    public async Task<InvitationResult> RenewAsync(
        Actor actor, Guid invitationId, string? language, string baseUrl, bool sendMail,
        CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.ManageMembers);
        _limiter.Take($"invite:{actor.WorkspaceId}", 100, TimeSpan.FromHours(1));
        var token = SecretText.Create();
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var invitation = await db.Invitations.FirstOrDefaultAsync(
            i => i.Id == invitationId && i.WorkspaceId == actor.WorkspaceId && i.AcceptedAt == null, cancellationToken)
            ?? throw NoSuchInvitation();
        invitation.TokenHash = SecretText.Hash(token);
        invitation.ExpiresAt = _time.GetUtcNow().AddHours(_options.InviteExpiryHours);
        await db.SaveChangesAsync(cancellationToken);
        var url = UrlOf(token, baseUrl);
        var mailed = sendMail && await MailAsync(db, actor, invitation.Email, url, language, cancellationToken);
        return new InvitationResult(invitation.Email, url, null, mailed);
    }

    /// <exception cref="DifyException">404 when it is not pending here.</exception>
    public async Task RevokeAsync(Actor actor, Guid invitationId, CancellationToken cancellationToken = default)
    {
        actor.Require(Permission.ManageMembers);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var removed = await db.Invitations
            .Where(i => i.Id == invitationId && i.WorkspaceId == actor.WorkspaceId && i.AcceptedAt == null)
            .ExecuteDeleteAsync(cancellationToken);
        if (removed == 0)
        {
            throw NoSuchInvitation();
        }
    }

    private async Task<InvitationResult> InviteOneAsync(
        Actor actor, string email, Role role, string? language, string baseUrl, CancellationToken cancellationToken)
    {
        var normalized = AccountRules.NormalizeEmail(email);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var accounts = db.Accounts;
        if (await db.Members.AnyAsync(
            m => m.WorkspaceId == actor.WorkspaceId
                && accounts.Any(a => a.Id == m.AccountId && a.NormalizedEmail == normalized),
            cancellationToken))
        {
            return new InvitationResult(email, null, ErrorCodes.AlreadyMember, Mailed: false);
        }

        var now = _time.GetUtcNow();
        var token = SecretText.Create();
        await db.Invitations.Where(i => i.WorkspaceId == actor.WorkspaceId && i.NormalizedEmail == normalized)
            .ExecuteDeleteAsync(cancellationToken);
        db.Invitations.Add(new Invitation
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = actor.WorkspaceId,
            Email = email,
            NormalizedEmail = normalized,
            Role = role,
            InvitedBy = actor.AccountId,
            TokenHash = SecretText.Hash(token),
            CreatedAt = now,
            ExpiresAt = now.AddHours(_options.InviteExpiryHours),
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody invited the same address at this moment; that link counts.
            return new InvitationResult(email, null, ErrorCodes.Conflict, Mailed: false);
        }

        var url = UrlOf(token, baseUrl);
        return new InvitationResult(email, url, null, await MailAsync(db, actor, email, url, language, cancellationToken));
    }

    private async Task<bool> MailAsync(
        DifyDbContext db, Actor actor, string email, string url, string? language, CancellationToken cancellationToken)
    {
        if (!_sender.IsConfigured)
        {
            return false;
        }

        var workspace = await db.Workspaces.Where(w => w.Id == actor.WorkspaceId).Select(w => w.Name).FirstAsync(cancellationToken);
        var inviter = await db.Accounts.Where(a => a.Id == actor.AccountId).Select(a => a.Name).FirstAsync(cancellationToken);
        _mails.Enqueue(MailText.Invitation(email, workspace, inviter, url, _options.InviteExpiryHours, language));
        return true;
    }

    private string UrlOf(string token, string baseUrl) =>
        $"{(_urls.ConsoleWeb.Length > 0 ? _urls.ConsoleWeb : baseUrl).TrimEnd('/')}/activate?token={token}";

    private static DifyException NoSuchInvitation() =>
        DifyException.NotFound("This invitation is not pending any more.");
}
