using System.Text.RegularExpressions;
using System.Threading.Channels;
using Dify.Core.Accounts.Mail;
using Xunit;

namespace Dify.Tests.Accounts;

/// <summary>A mail server that keeps what is sent.</summary>
internal sealed partial class FakeMail : IMailSender
{
    private readonly Channel<MailText> _sent = Channel.CreateUnbounded<MailText>();

    public bool IsConfigured { get; set; } = true;

    public int Waiting => _sent.Reader.Count;

    public Task SendAsync(MailText mail, CancellationToken cancellationToken) =>
        _sent.Writer.WriteAsync(mail, cancellationToken).AsTask();

    public async Task<MailText> NextAsync() => await _sent.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<string> NextCodeAsync() => SixDigits().Match((await NextAsync()).Body).Value;

    [GeneratedRegex(@"\d{6}")]
    private static partial Regex SixDigits();
}
