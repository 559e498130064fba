using MudBlazor;

namespace Dify.Web.Components.Shared;

/// <summary>
/// The text field that a dialog opens on. <c>AutoFocus</c> alone is not enough: a browser ignores it once anything has the
/// focus. The dialog has <c>DefaultFocus.None</c>, or it takes the focus back.
/// </summary>
public sealed class FirstField : MudTextField<string>
{
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        if (firstRender)
        {
            await FocusAsync();
        }
    }
}
