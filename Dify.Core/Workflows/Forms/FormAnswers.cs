using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Inputs;

namespace Dify.Core.Workflows.Forms;

/// <summary>Checks what was filled in against the form. An answer is hostile: it may name anything.</summary>
public sealed class FormAnswers(StartInputs inputs)
{
    private const int LongestText = 200 * 1024;

    /// <returns>One value for each field: text, file value or list of file values.</returns>
    /// <exception cref="DifyException">400 <c>invalid_form_data</c> that names the field or the action.</exception>
    public async Task<JsonObject> ReadAsync(
        FormDefinition form, JsonObject given, string? action, FileOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(given);
        if (form.FindActionTitle(action) is null)
        {
            throw Invalid($"Invalid action: {Shorten(action)}");
        }

        var fields = form.Fields;
        var missing = fields.Where(field => field.Kind != StartField.Paragraph && IsEmpty(given[field.Name])).Select(field => field.Name).ToList();
        if (missing.Count > 0)
        {
            throw Invalid($"Missing required inputs: {string.Join(", ", missing)}");
        }

        var values = new JsonObject();
        foreach (var field in fields.Where(field => !field.IsFile))
        {
            values[field.Name] = ReadText(field, given[field.Name]);
        }

        var files = await ReadFilesAsync([.. fields.Where(field => field.IsFile)], given, owner, cancellationToken);
        foreach (var (name, value) in files)
        {
            values[name] = value?.DeepClone();
        }

        return values;
    }

    private static string ReadText(FormField field, JsonNode? given)
    {
        if (given is not null && given.GetValueKind() != JsonValueKind.String)
        {
            throw Invalid($"'{field.Name}' has to be a text.");
        }

        var text = given?.GetValue<string>() ?? "";
        if (text.Length > LongestText)
        {
            throw Invalid($"'{field.Name}' is longer than {LongestText} characters.");
        }

        return field.Kind != StartField.Select || field.Options.Contains(text)
            ? text
            : throw Invalid($"'{field.Name}' has to be one of: {string.Join(", ", field.Options.Take(50))}");
    }

    private async Task<JsonObject> ReadFilesAsync(
        List<FormField> fields, JsonObject given, FileOwner owner, CancellationToken cancellationToken)
    {
        if (fields.Count == 0)
        {
            return [];
        }

        try
        {
            return await inputs.ReadAsync([.. fields.Select(field => field.ToStartField())], given, owner, cancellationToken: cancellationToken);
        }
        catch (DifyException problem) when (problem.Status is 400 or 404 or 413 or 415)
        {
            throw Invalid(problem.Message);
        }
    }

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        _ => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length == 0,
    };

    private static string Shorten(string? text) => text is { Length: > 100 } ? text[..100] : text ?? "";

    private static DifyException Invalid(string message) => new(ErrorCodes.InvalidFormData, message);
}
