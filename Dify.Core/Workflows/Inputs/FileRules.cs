using System.Text.Json.Nodes;
using Dify.Core.Files;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Files;

namespace Dify.Core.Workflows.Inputs;

/// <summary>Which files a form field or a message takes. Empty lists allow everything.</summary>
public sealed record FileRules
{
    /// <summary>Words of <see cref="FileKinds"/>; <c>custom</c> means <see cref="Extensions"/>.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>Lower case, without the dot.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary><c>local_file</c>, <c>remote_url</c>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Files at most; null: no limit but the general one.</summary>
    public int? MaxCount { get; init; }

    /// <summary>The rules of a form field: <c>allowed_file_types</c>, <c>allowed_file_extensions</c>, <c>allowed_file_upload_methods</c>.</summary>
    public static FileRules OfField(JsonObject data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new FileRules
        {
            Kinds = NodeData.Selector(data, "allowed_file_types"),
            Extensions = [.. NodeData.Selector(data, "allowed_file_extensions").Select(Plain)],
            Methods = NodeData.Selector(data, "allowed_file_upload_methods"),
        };
    }

    /// <summary>The feature <c>file_upload</c> of an app in its new or its old shape; null when it is off.</summary>
    public static FileRules? OfFeature(JsonObject? feature)
    {
        if (feature is null)
        {
            return null;
        }

        if (NodeData.Object(feature, "image") is { } image && NodeData.Flag(image, "enabled"))
        {
            var kinds = NodeData.Selector(feature, "allowed_file_types");
            var methods = NodeData.Selector(image, "transfer_methods");
            return OfField(feature) with
            {
                Kinds = kinds.Length > 0 ? kinds : [FileKinds.Image],
                Methods = methods.Length > 0 ? methods : [FileValueBuilder.RemoteUrl, FileValueBuilder.LocalFile],
                MaxCount = Count(NodeData.Number(image, "number_limits")) ?? 3,
            };
        }

        return NodeData.Flag(feature, "enabled")
            ? OfField(feature) with { MaxCount = Count(NodeData.Number(feature, "number_limits")) }
            : null;
    }

    /// <param name="extension">Lower case, without the dot.</param>
    internal bool Allows(string kind, string extension, string method) =>
        (Methods.Count == 0 || Methods.Contains(method))
        && ((Kinds.Count == 0 && Extensions.Count == 0)
            || (kind != FileKinds.Custom && (Kinds.Count == 0 || Kinds.Contains(kind)))
            || ((Kinds.Count == 0 || Kinds.Contains(FileKinds.Custom)) && Extensions.Contains(extension)));

    private static int? Count(double? number) => number is >= 1 and <= 1000 ? (int)number : null;

    private static string Plain(string extension) => extension.Trim().TrimStart('.').ToLowerInvariant();
}
