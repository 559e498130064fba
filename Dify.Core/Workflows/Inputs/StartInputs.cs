using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Files;

namespace Dify.Core.Workflows.Inputs;

/// <summary>Turns what a caller sends into the values that a run starts with.</summary>
public sealed class StartInputs
{
    private readonly FileMapper _files;

    internal StartInputs(FileMapper files) => _files = files;

    /// <summary>
    /// Checks each field of the form and turns files into file values; what the form does not name is dropped, what is
    /// left out becomes the default, else null.
    /// </summary>
    /// <param name="owner">Whose uploads may be named.</param>
    /// <param name="earlier">Values that count where <paramref name="given"/> says nothing, for instance a conversation's.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> that names the variable; 404 <c>file_not_found</c>; <c>egress_blocked</c>.</exception>
    public async Task<JsonObject> ReadAsync(
        IReadOnlyList<StartField> form, JsonObject given, FileOwner owner, JsonObject? earlier = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(form);
        var values = InputRules.Read(form, given, earlier);
        foreach (var field in form.Where(field => field.IsFile && values[field.Variable] is not null))
        {
            var mappings = values[field.Variable] is JsonArray list ? list : [values[field.Variable]!.DeepClone()];
            var files = await _files.MapAsync(owner, mappings, field.Files, cancellationToken);
            values[field.Variable] = field.Kind == StartField.FileList ? files : files[0]!.DeepClone();
        }

        return values;
    }

    /// <summary>The files of a message (<c>sys.files</c>), by the rules of the app's feature <c>file_upload</c>.</summary>
    /// <param name="rules">Null: the app takes no files, and the first one is refused.</param>
    /// <exception cref="DifyException"><c>invalid_param</c>; 404 <c>file_not_found</c>; <c>egress_blocked</c>.</exception>
    public async Task<JsonArray> ReadFilesAsync(
        JsonArray? given, FileRules? rules, FileOwner owner, CancellationToken cancellationToken = default) =>
        given is not { Count: > 0 } ? []
        : rules is null ? throw DifyException.Invalid("files: this app takes no files. Send the message without them.")
        : await _files.MapAsync(owner, given, rules, cancellationToken);
}
