using System.Net;
using System.Net.Sockets;
using System.Text;
using Dify.Core.Accounts.Mail;
using Dify.Core.Accounts.Mail.Smtp;
using Dify.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Accounts;

public sealed class SmtpMailSenderTests
{
    [Fact]
    public async Task A_mail_reaches_the_server_that_the_environment_names()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var received = ReceiveAsync(listener);
        var configuration = Configure(
            ("MAIL_TYPE", "smtp"), ("SMTP_SERVER", "127.0.0.1"), ("SMTP_PORT", $"{((IPEndPoint)listener.LocalEndpoint).Port}"),
            ("SMTP_USE_TLS", "false"), ("MAIL_DEFAULT_SEND_FROM", "Dify <no-reply@example.com>"));
        var sender = Sender(configuration);
        Assert.True(sender.IsConfigured);

        await sender.SendAsync(new MailText("ann@example.com", "A subject", "The body."), TestContext.Current.CancellationToken);
        var text = await received.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("MAIL FROM:<no-reply@example.com>", text, StringComparison.Ordinal);
        Assert.Contains("RCPT TO:<ann@example.com>", text, StringComparison.Ordinal);
        Assert.Contains("Subject: A subject", text, StringComparison.Ordinal);
        Assert.Contains("The body.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "mail.example", "a@example.com", false)]
    [InlineData("smtp", "", "a@example.com", false)]
    [InlineData("smtp", "mail.example", "", false)]
    [InlineData("smtp", "mail.example", "a@example.com", true)]
    public void Mail_is_set_up_only_with_type_server_and_sender(string type, string server, string from, bool expected) =>
        Assert.Equal(expected, Sender(Configure(("MAIL_TYPE", type), ("SMTP_SERVER", server), ("MAIL_DEFAULT_SEND_FROM", from))).IsConfigured);

    private static ConfigurationManager Configure(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value)));
        configuration.AddDifyEnvironment();
        return configuration;
    }

    private static SmtpMailSender Sender(ConfigurationManager configuration) =>
        new(Options.Create(configuration.GetSection("Smtp").Get<SmtpOptions>() ?? new SmtpOptions()));

    // As much of a mail server as one mail needs.
    private static async Task<string> ReceiveAsync(TcpListener listener)
    {
        var stop = TestContext.Current.CancellationToken;
        using var client = await listener.AcceptTcpClientAsync(stop);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        var all = new StringBuilder();
        await writer.WriteLineAsync("220 test".AsMemory(), stop);
        var inBody = false;
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            all.AppendLine(line);
            if (inBody && line != ".")
            {
                continue;
            }

            inBody = !inBody && line == "DATA";
            await writer.WriteLineAsync((line switch { "DATA" => "354 go on", "QUIT" => "221 bye", _ => "250 ok" }).AsMemory(), stop);
            if (line == "QUIT")
            {
                break;
            }
        }

        return all.ToString();
    }
}
