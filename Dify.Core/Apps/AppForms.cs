using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Inputs;

namespace Dify.Core.Apps;

/// <summary>The form of an app, whatever its mode, as those who call the app see it.</summary>
public sealed class AppForms(WorkflowVersions versions)
{
    /// <summary>The fields of what is published; of a basic app that is not published, those of its draft.</summary>
    public async ValueTask<IReadOnlyList<StartField>> ReadAsync(App app, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (!app.Mode.HasWorkflow())
        {
            return Of((app.Published ?? app.Draft).UserInputForm);
        }

        var published = await versions.FindPublishedAsync(app.WorkspaceId, app.Id, cancellationToken);
        return published is null ? [] : StartForm.Read(published.Graph.Root);
    }

    /// <summary>The form of a basic app.</summary>
    public static IReadOnlyList<StartField> Of(IReadOnlyList<UserInputField> form) => [.. form.Select(ToField)];

    private static StartField ToField(UserInputField field) => new()
    {
        Variable = field.Input.Variable,
        Label = field.Input.Label,
        Kind = field.Kind,
        Required = field.Input.Required,
        Default = field.Input.Default is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } preset
            ? JsonNode.Parse(preset.GetRawText())
            : null,
        MaxLength = field.Input.MaxLength,
        Options = field.Input.Options,
    };
}
