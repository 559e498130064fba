using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Dify.Core.Accounts.Mail.Smtp;

internal sealed class SmtpMailSender(IOptions<SmtpOptions> options) : IMailSender
{
    private const int TimeoutMilliseconds = 20_000;

    public bool IsConfigured => options.Value is { Server.Length: > 0, From.Length: > 0 };

    public async Task SendAsync(MailText mail, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(settings.From));
        message.To.Add(new MailboxAddress("", mail.To));
        message.Subject = mail.Subject;
        message.Body = new TextPart("plain") { Text = mail.Body };

        using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
        var security = (settings.UseTls, settings.OpportunisticTls) switch
        {
            (true, false) => SecureSocketOptions.SslOnConnect,
            (true, true) => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        };
        await client.ConnectAsync(settings.Server, settings.Port, security, cancellationToken);
        if (settings.UserName.Length > 0)
        {
            await client.AuthenticateAsync(settings.UserName, settings.Password, cancellationToken);
        }

        await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }
}
