using System.Threading.Channels;
using MailKit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dify.Core.Accounts.Mail;

/// <summary>
/// Sends mails beside the requests that cause them, so that no answer waits for the mail server, nor tells by its time
/// whether a mail went out. What cannot be sent is logged; the person asks again.
/// </summary>
internal sealed partial class MailQueue(IMailSender sender, ILogger<MailQueue> logger) : BackgroundService
{
    private readonly Channel<MailText> _mails = Channel.CreateBounded<MailText>(
        new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Enqueue(MailText mail)
    {
        if (sender.IsConfigured && !_mails.Writer.TryWrite(mail))
        {
            LogDropped();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var mail in _mails.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await sender.SendAsync(mail, stoppingToken);
            }
            catch (Exception e) when (e is IOException or ServiceNotConnectedException or ProtocolException
                or CommandException or System.Net.Sockets.SocketException or TimeoutException
                or MailKit.Security.AuthenticationException or MailKit.Security.SslHandshakeException)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A mail could not be sent; check the SMTP settings")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Too many mails are waiting; one was dropped")]
    private partial void LogDropped();
}
