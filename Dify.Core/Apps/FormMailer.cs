using System.Net.Mail;
using Dify.Core.Accounts;
using Dify.Core.Accounts.Mail;
using Dify.Core.Common;
using Dify.Core.Storage;
using Dify.Core.Workflows.Forms;
using Dify.Core.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dify.Core.Apps;

/// <summary>Sends the addresses of forms by mail: to members, to people outside, to the whole workspace.</summary>
internal sealed partial class FormMailer(
    IDbContextFactory<DifyDbContext> contexts, AccountNames names, IMailSender sender, MailQueue mails, IOptions<SiteUrls> urls,
    ILogger<FormMailer> logger) : IFormMailer
{
    private const string Place = "{{#url#}}";
    private const int MostRecipients = 500;

    public async Task SendAsync(HumanInputForm form, IReadOnlyList<FormMail> mailing, CancellationToken cancellationToken)
    {
        var start = urls.Value.AppWeb.Length > 0 ? urls.Value.AppWeb : urls.Value.ConsoleWeb;
        if (!sender.IsConfigured || start.Length == 0)
        {
            LogNotSent(form.Id);
            return;
        }

        var url = $"{start.TrimEnd('/')}/form/{form.Token}";
        foreach (var mail in mailing)
        {
            var subject = OneLine(mail.Subject is { Length: > 0 } given ? given : form.NodeTitle);
            var body = mail.Body.Contains(Place, StringComparison.Ordinal)
                ? mail.Body.Replace(Place, url, StringComparison.Ordinal)
                : $"{mail.Body}\n\n{url}\n".TrimStart();
            foreach (var address in await AddressesAsync(form.WorkspaceId, mail, cancellationToken))
            {
                mails.Enqueue(new MailText(address, subject, body));
            }
        }
    }

    private async Task<List<string>> AddressesAsync(Guid workspaceId, FormMail mail, CancellationToken cancellationToken)
    {
        var wanted = mail.Members;
        List<Guid> members;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            members = await db.Members
                .Where(member => member.WorkspaceId == workspaceId && (mail.ToWholeWorkspace || wanted.Contains(member.AccountId)))
                .OrderBy(member => member.AccountId).Take(MostRecipients).Select(member => member.AccountId).ToListAsync(cancellationToken);
        }

        var known = await names.FindAsync(members, cancellationToken);
        return [.. known.Values.Select(account => account.Email)
            .Concat(mail.Addresses.Where(address => address.Length <= 254 && MailAddress.TryCreate(address, out _)))
            .Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>A line break in a subject would begin another header.</summary>
    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length <= 200 ? line : line[..200];
    }

    [LoggerMessage(LogLevel.Warning, "The form {FormId} could not be mailed: set up SMTP and APP_WEB_URL")]
    private partial void LogNotSent(Guid formId);
}
