namespace Dify.Web.Components.Pages.Workflows.Forms;

internal enum HumanFormState
{
    Loading,
    Open,
    Missing,

    /// <summary>Answered by the person here.</summary>
    Thanks,

    /// <summary>Answered by somebody else.</summary>
    Submitted,
    Expired,
}
