using System.ComponentModel.DataAnnotations;

namespace Dify.Core.Accounts.Mail.Smtp;

/// <summary>Section <c>Smtp</c>; Dify's names <c>SMTP_SERVER</c> and so on are mapped to it.</summary>
public sealed class SmtpOptions
{
    /// <summary><c>SMTP_SERVER</c>; empty means that no mail is sent.</summary>
    public string Server { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 465;

    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";

    public bool UseTls { get; set; } = true;

    /// <summary><c>SMTP_OPPORTUNISTIC_TLS</c>: begin in the clear and switch to TLS (port 587).</summary>
    public bool OpportunisticTls { get; set; }

    /// <summary><c>MAIL_DEFAULT_SEND_FROM</c>: <c>name@host</c> or <c>Name &lt;name@host&gt;</c>.</summary>
    public string From { get; set; } = "";
}
