using System.Text.Json;
using Bunit;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Web.Components.Pages.Studio;
using MudBlazor;
using Xunit;
using TestContext = Xunit.TestContext;

namespace Dify.Tests.Web.Components.Studio;

public sealed class VariableDialogTests
{
    private static async Task<Task<DialogResult?>> OpenAsync(StudioFixture studio, UserInputField? field = null, params string[] taken)
    {
        Task<DialogResult?> result = null!;
        await studio.Dialogs.InvokeAsync(async () =>
        {
            var dialog = await studio.DialogService.ShowAsync<VariableDialog>(
                null, new DialogParameters<VariableDialog> { { d => d.Field, field }, { d => d.Taken, taken } });
            result = dialog.Result;
        });
        return result;
    }

    [Fact]
    public async Task A_wrong_name_is_explained_while_typing_and_does_not_close_the_dialog()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var result = await OpenAsync(studio, null, "city");
        Assert.DoesNotContain("Give the variable a name.", studio.Dialogs.Markup, StringComparison.Ordinal);

        await studio.Dialogs.Find("form").SubmitAsync();
        Assert.Contains("Give the variable a name.", studio.Dialogs.Markup, StringComparison.Ordinal);
        await studio.Dialogs.Find("#variable-name").InputAsync("2nd");
        Assert.Contains("not a digit first", studio.Dialogs.Markup, StringComparison.Ordinal);
        await studio.Dialogs.Find("#variable-name").InputAsync("city");
        Assert.Contains("Another variable has this name.", studio.Dialogs.Markup, StringComparison.Ordinal);
        await studio.Dialogs.Find("form").SubmitAsync();
        Assert.False(result.IsCompleted);

        await studio.Dialogs.Find("#variable-name").InputAsync("town");
        await studio.Dialogs.Find("form").SubmitAsync();

        var field = Assert.IsType<UserInputField>((await result.WaitAsync(TestContext.Current.CancellationToken))!.Data);
        Assert.Equal(("text-input", "town", "town", true, 48), (field.Kind, field.Input.Variable, field.Input.Label, field.Input.Required, field.Input.MaxLength));
    }

    [Fact]
    public async Task A_select_needs_options_and_its_default_is_one_of_them()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var result = await OpenAsync(studio);
        await studio.Dialogs.Find("input[value=select]").ChangeAsync(true);
        await studio.Dialogs.Find("#variable-name").InputAsync("tone");
        await studio.Dialogs.Find("form").SubmitAsync();
        Assert.Contains("An option is empty.", studio.Dialogs.Find("p[role=alert]").TextContent, StringComparison.Ordinal);

        await studio.Dialogs.Find("input[aria-label='Option 1']").InputAsync("warm");
        await studio.Dialogs.Find("#variable-default").InputAsync("cold");
        await studio.Dialogs.Find("form").SubmitAsync();
        Assert.Contains("Choose one of the options.", studio.Dialogs.Markup, StringComparison.Ordinal);
        Assert.False(result.IsCompleted);

        await studio.Dialogs.Find("#variable-default").InputAsync("warm");
        await studio.Dialogs.Find("form").SubmitAsync();

        var field = Assert.IsType<UserInputField>((await result.WaitAsync(TestContext.Current.CancellationToken))!.Data);
        Assert.Equal(["warm"], field.Input.Options);
        Assert.Equal("\"warm\"", field.Input.Default!.Value.GetRawText());
        Assert.Null(field.Input.MaxLength);
    }

    [Fact]
    public async Task Editing_keeps_what_the_dialog_does_not_show()
    {
        await using var studio = await StudioFixture.CreateAsync();
        var field = JsonSerializer.Deserialize<UserInputField>(
            """{"paragraph":{"variable":"notes","label":"Your notes","required":false,"hide":true}}""", JsonDefaults.Wire)!;
        var result = await OpenAsync(studio, field);
        await studio.Dialogs.Find("#variable-label").ChangeAsync("Notes");
        await studio.Dialogs.Find("form").SubmitAsync();

        var changed = Assert.IsType<UserInputField>((await result.WaitAsync(TestContext.Current.CancellationToken))!.Data);
        Assert.Equal(("paragraph", "Notes", false), (changed.Kind, changed.Input.Label, changed.Input.Required));
        Assert.True(changed.Input.Other["hide"].GetBoolean());
    }
}
