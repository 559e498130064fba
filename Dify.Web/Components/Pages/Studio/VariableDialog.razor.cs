using Dify.Core.Apps;
using Dify.Web.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>Makes or edits one variable; answers a <see cref="UserInputField"/>.</summary>
public sealed partial class VariableDialog : ComponentBase
{
    private string _kind = VariableRules.TextInput;
    private string _name = "";
    private string _label = "";
    private bool _required = true;
    private int? _maxLength = VariableRules.InitialMaxLength;
    private List<string> _options = [];
    private string _default = "";
    private bool _tried;

    /// <summary>The variable to edit; null: a new one.</summary>
    [Parameter]
    public UserInputField? Field { get; set; }

    /// <summary><see cref="Field"/> is a suggestion for a new variable.</summary>
    [Parameter]
    public bool IsNew { get; set; }

    /// <summary>Names of the other variables.</summary>
    [Parameter]
    public IReadOnlyList<string> Taken { get; set; } = [];

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject]
    private IStringLocalizer<StudioText> Words { get; set; } = null!;

    private bool HasLength => _kind is VariableRules.TextInput or VariableRules.Paragraph;

    private string? NameError => VariableRules.CheckName(_name.Trim(), Taken);

    private string? LengthError => VariableRules.CheckMaxLength(_kind, _maxLength);

    private string? OptionsError => VariableRules.CheckOptions(_kind, _options);

    private string? DefaultError => VariableRules.CheckDefault(_kind, _default, HasLength ? _maxLength : null, _options);

    protected override void OnInitialized()
    {
        if (Field is not { Input: var input })
        {
            return;
        }

        _kind = Field.Kind;
        _name = input.Variable;
        _label = input.Label == input.Variable ? "" : input.Label;
        _required = input.Required;
        _maxLength = input.MaxLength;
        _options = [.. input.Options];
        _default = VariableRules.FromDefault(input.Default);
    }

    private void ChooseKind(string kind)
    {
        _kind = kind;
        _default = "";
        _maxLength = kind == VariableRules.TextInput ? _maxLength ?? VariableRules.InitialMaxLength : null;
        if (kind == VariableRules.Select && _options.Count == 0)
        {
            _options.Add("");
        }
    }

    // An error of an untouched form would only scold.
    private string? Shown(string? key) =>
        key is not null && (_tried || (key.StartsWith("Variable.Name", StringComparison.Ordinal) && _name.Length > 0)) ? Words[key].Value : null;

    private void Submit()
    {
        _tried = true;
        if (NameError is not null || LengthError is not null || OptionsError is not null || DefaultError is not null)
        {
            return;
        }

        var name = _name.Trim();
        var input = Field?.Input ?? new UserInput { Variable = name };
        Dialog.Close(DialogResult.Ok(new UserInputField(_kind, input with
        {
            Variable = name,
            Label = string.IsNullOrWhiteSpace(_label) ? name : _label.Trim(),
            Required = _kind != VariableRules.Checkbox && _required,
            MaxLength = HasLength ? _maxLength : null,
            Options = _kind == VariableRules.Select ? [.. _options] : [],
            Default = VariableRules.ToDefault(_kind, _default),
        })));
    }
}
