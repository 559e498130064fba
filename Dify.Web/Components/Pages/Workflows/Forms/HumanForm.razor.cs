using System.Globalization;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Forms;
using Dify.Core.Workflows.Inputs;
using Dify.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dify.Web.Components.Pages.Workflows.Forms;

/// <summary>The form that a paused run waits for; who has the token may answer, without an account.</summary>
public sealed partial class HumanForm : ComponentBase
{
    private HumanFormState _state = HumanFormState.Loading;
    private string? _shown;
    private HumanInputForm? _form;
    private IReadOnlyList<FormPart> _parts = [];
    private IReadOnlyDictionary<string, StartField> _fields = new Dictionary<string, StartField>();
    private IReadOnlyList<HumanFormAction> _actions = [];
    private readonly HashSet<RunForm> _forms = [];
    private JsonObject _values = [];
    private string? _failure;
    private bool _tried;
    private bool _sending;

    [Parameter, EditorRequired]
    public string Token { get; set; } = "";

    /// <summary>It is all that the page shows; else it stands within a run.</summary>
    [Parameter]
    public bool IsPage { get; set; }

    /// <summary>The answer was taken, and the run goes on.</summary>
    [Parameter]
    public EventCallback OnAnswered { get; set; }

    [Inject]
    private FormService Forms { get; set; } = null!;

    [Inject]
    private UserFeedback Feedback { get; set; } = null!;

    private RunForm Filled
    {
        set
        {
            // A form that is gone is set to null.
            if (value is not null)
            {
                _forms.Add(value);
            }
        }
    }

    private string UploadTo => $"/api/form/human_input/{Uri.EscapeDataString(Token)}/files";

    private string Heading => _form!.NodeTitle.Length > 0 ? _form.NodeTitle : Text["Title"];

    private string Until => _form!.ExpiresAt.ToString("f", CultureInfo.CurrentCulture) + " UTC";

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Token)
        {
            return;
        }

        _shown = Token;
        _forms.Clear();
        try
        {
            Show(await Forms.GetAsync(Token));
        }
        catch (DifyException reason)
        {
            _state = StateOf(reason) ?? HumanFormState.Missing;
        }
    }

    private void Show(HumanInputForm form)
    {
        var definition = FormDefinition.Read(form.Definition);
        var fields = definition.Fields.DistinctBy(field => field.Name).ToList();
        _fields = fields.ToDictionary(field => field.Name, field => field.ToStartField(), StringComparer.Ordinal);
        var placed = new HashSet<string>(StringComparer.Ordinal);
        _parts =
        [
            .. FormContent.Split(definition.Content).Where(part => part.Field is null || placed.Add(part.Field)),
            // A field that the text does not place still has to be filled in.
            .. fields.Where(field => placed.Add(field.Name)).Select(field => new FormPart(null, field.Name)),
        ];
        _values = (JsonObject)definition.Defaults.DeepClone();
        _actions = HumanFormAction.Read(definition.Actions);
        _form = form;
        _state = HumanFormState.Open;
    }

    private async Task SubmitAsync(string action)
    {
        if (_sending)
        {
            return;
        }

        foreach (var form in _forms)
        {
            await form.FlushAsync();
        }

        _tried = true;
        _failure = null;
        if (_forms.Any(form => form.IsUploading))
        {
            _failure = Text["Uploading"];
            return;
        }

        if (RunFormValues.Problems([.. _fields.Values], _values).Count > 0)
        {
            _failure = Text["Incomplete"];
            return;
        }

        _sending = true;
        try
        {
            await Forms.SubmitAsync(Token, _values, action, "form link");
            _state = HumanFormState.Thanks;
            await OnAnswered.InvokeAsync();
        }
        catch (DifyException reason)
        {
            _state = StateOf(reason) ?? _state;
            _failure = Feedback.Describe(reason);
        }
        finally
        {
            _sending = false;
        }
    }

    private static HumanFormState? StateOf(DifyException reason) => reason.Code switch
    {
        ErrorCodes.HumanInputFormSubmitted => HumanFormState.Submitted,
        ErrorCodes.HumanInputFormExpired => HumanFormState.Expired,
        ErrorCodes.NotFound => HumanFormState.Missing,
        _ => null,
    };

    private static string IconOf(HumanFormState state) => state switch
    {
        HumanFormState.Thanks or HumanFormState.Submitted => Icons.Material.Outlined.TaskAlt,
        HumanFormState.Expired => Icons.Material.Outlined.HourglassDisabled,
        _ => Icons.Material.Outlined.LinkOff,
    };
}
