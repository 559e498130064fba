using System.Globalization;
using Dify.Core.Common;
using Dify.Core.Models.Credentials;
using Dify.Core.Models.Providers;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Settings;

/// <summary>The credential form of a provider, made from its schema. Saving asks the provider first.</summary>
public sealed partial class ProviderCredentialsDialog : ComponentBase, IDisposable
{
    private static readonly Dictionary<string, object?> NoAutofill = new() { ["autocomplete"] = "off", ["spellcheck"] = "false" };

    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _shown = [];
    private readonly CancellationTokenSource _closed = new();

    private string? _failure;
    private string? _missing;
    private bool _busy;
    private bool _works;

    [Parameter, EditorRequired]
    public ProviderState Provider { get; set; } = null!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject]
    private CurrentMember Member { get; set; } = null!;

    [Inject]
    private ProviderService Providers { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    private ProviderSchema Schema => Provider.Schema;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override void OnInitialized()
    {
        foreach (var field in Schema.Fields)
        {
            _values[field.Name] = field.Secret ? "" : Provider.Hints.GetValueOrDefault(field.Name) ?? field.Default;
        }
    }

    private bool IsNeeded(CredentialField field) => field.Required && !(field.Secret && IsKept(field));

    private bool IsKept(CredentialField field) => Provider.Hints.ContainsKey(field.Name) && !AddressChanged;

    private bool AddressChanged =>
        _values.TryGetValue("base_url", out var now)
        && now.Trim().TrimEnd('/') != (Provider.Hints.GetValueOrDefault("base_url") ?? Default("base_url"));

    private string Default(string name) => Schema.Fields.FirstOrDefault(field => field.Name == name)?.Default ?? "";

    private string Placeholder(CredentialField field) => !field.Secret ? field.Default
        : IsKept(field) ? string.Format(CultureInfo.CurrentCulture, Text["Dialog.Kept"], Provider.Hints[field.Name])
        : Provider.Hints.ContainsKey(field.Name) ? Text["Dialog.KeptMoved"]
        : "";

    private void Changed(CredentialField field, string? value)
    {
        _values[field.Name] = value ?? "";
        (_failure, _works) = (null, false);
        _missing = _missing == field.Name ? null : _missing;
    }

    private void Toggle(CredentialField field)
    {
        if (!_shown.Remove(field.Name))
        {
            _shown.Add(field.Name);
        }
    }

    private void Cancel() => Dialog.Cancel();

    private Task CheckAsync() => AskAsync(
        async () => await Providers.ValidateAsync(await Member.GetActorAsync(), Schema.Id, Entered(), _closed.Token), () => _works = true);

    private Task SaveAsync() => AskAsync(
        async () => await Providers.SaveAsync(await Member.GetActorAsync(), Schema.Id, Entered(), _closed.Token), () => Dialog.Close(DialogResult.Ok(true)));

    private async Task AskAsync(Func<Task> ask, Action then)
    {
        _missing = Schema.Fields.FirstOrDefault(field => IsNeeded(field) && _values[field.Name].Trim().Length == 0)?.Name;
        if (_busy || _missing is not null)
        {
            return;
        }

        (_busy, _failure, _works) = (true, null, false);
        try
        {
            await ask();
            then();
        }
        catch (DifyException failure)
        {
            _failure = Feedback.Describe(failure);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The dialog is gone; nobody waits for the answer.
        }
        finally
        {
            _busy = false;
        }
    }

    private Dictionary<string, string?> Entered() => _values.ToDictionary(value => value.Key, value => (string?)value.Value);
}
