namespace Dify.Web.Components.Pages.Knowledge;

/// <summary>What a row or a selection can be asked to do.</summary>
public enum DocumentAction
{
    Enable,
    Disable,
    Rename,
    ChangeRule,
    Archive,
    Unarchive,
    Pause,
    Resume,
    Retry,
    Delete,
}
