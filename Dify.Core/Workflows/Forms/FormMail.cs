namespace Dify.Core.Workflows.Forms;

/// <summary>A mail that brings a form to people.</summary>
/// <param name="Body">Plain text or Markdown; <c>{{#url#}}</c> stands for the form's address.</param>
/// <param name="Addresses">People outside.</param>
/// <param name="Members">Accounts; only members of the workspace get it.</param>
public sealed record FormMail(
    string Subject, string Body, IReadOnlyList<string> Addresses, IReadOnlyList<Guid> Members, bool ToWholeWorkspace);
