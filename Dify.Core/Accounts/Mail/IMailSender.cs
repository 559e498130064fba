namespace Dify.Core.Accounts.Mail;

/// <summary>Sends one mail. The only implementation beside the tests' is SMTP.</summary>
internal interface IMailSender
{
    /// <summary>False when no mail server is set up; whoever depends on mail says so beforehand.</summary>
    bool IsConfigured { get; }

    Task SendAsync(MailText mail, CancellationToken cancellationToken);
}
