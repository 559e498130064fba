namespace Dify.Core.Workflows.Forms;

public enum HumanInputFormStatus
{
    Waiting,
    Submitted,
    Expired,

    /// <summary>The run ended or was stopped before anybody answered.</summary>
    Withdrawn,
}
