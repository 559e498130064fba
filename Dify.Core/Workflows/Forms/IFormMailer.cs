namespace Dify.Core.Workflows.Forms;

/// <summary>Brings a form to the people whom its node names. Workflows knows no accounts and no mail.</summary>
public interface IFormMailer
{
    /// <summary>Never fails: a mail that cannot be sent is logged, and the form waits for its other ways.</summary>
    Task SendAsync(HumanInputForm form, IReadOnlyList<FormMail> mails, CancellationToken cancellationToken);
}
