using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dify.Core.Apps;

namespace Dify.Web.Components.Pages.Studio;

/// <summary>What a variable of a basic app may look like. Errors are keys of <c>StudioText</c>.</summary>
internal static partial class VariableRules
{
    public const string TextInput = "text-input";
    public const string Paragraph = "paragraph";
    public const string Select = "select";
    public const string Number = "number";
    public const string Checkbox = "checkbox";

    public const int InitialMaxLength = 48;
    public const int MaxTextInputLength = 256;
    public const int MaxNameLength = 64;

    public static IReadOnlyList<string> Kinds { get; } = [TextInput, Paragraph, Select, Number, Checkbox];

    /// <returns>The key of what is wrong, or null.</returns>
    public static string? CheckName(string name, IEnumerable<string> taken) => name switch
    {
        "" => "Variable.Name.Empty",
        { Length: > MaxNameLength } => "Variable.Name.Long",
        _ when !Name().IsMatch(name) => "Variable.Name.Form",
        _ when taken.Contains(name, StringComparer.Ordinal) => "Variable.Name.Taken",
        _ => null,
    };

    public static string? CheckMaxLength(string kind, int? length) => (kind, length) switch
    {
        (TextInput, null or < 1 or > MaxTextInputLength) => "Variable.MaxLength.Range",
        (Paragraph, < 1) => "Variable.MaxLength.Positive",
        _ => null,
    };

    public static string? CheckOptions(string kind, IReadOnlyList<string> options) => kind switch
    {
        Select when options.Count == 0 => "Variable.Options.None",
        Select when options.Any(string.IsNullOrWhiteSpace) => "Variable.Options.Empty",
        Select when options.Distinct(StringComparer.Ordinal).Count() != options.Count => "Variable.Options.Twice",
        _ => null,
    };

    public static string? CheckDefault(string kind, string value, int? maxLength, IReadOnlyList<string> options) => kind switch
    {
        _ when value.Length == 0 => null,
        Number when !decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => "Variable.Default.Number",
        Select when !options.Contains(value, StringComparer.Ordinal) => "Variable.Default.Option",
        TextInput or Paragraph when value.Length > maxLength => "Variable.Default.Long",
        _ => null,
    };

    /// <summary>The stored default of what was typed; null for none.</summary>
    public static JsonElement? ToDefault(string kind, string value) => kind switch
    {
        _ when value.Length == 0 => null,
        Number => JsonSerializer.SerializeToElement(decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture)),
        Checkbox => JsonSerializer.SerializeToElement(value == "true"),
        _ => JsonSerializer.SerializeToElement(value),
    };

    /// <summary>The reverse of <see cref="ToDefault"/>, for the dialog.</summary>
    public static string FromDefault(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString() ?? "",
        { } other => other.GetRawText(),
    };

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex Name();
}
