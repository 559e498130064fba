using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Inputs;

/// <summary>A field of the form that a run begins with.</summary>
public sealed record StartField
{
    public const string TextInput = "text-input";
    public const string Paragraph = "paragraph";
    public const string Select = "select";
    public const string Number = "number";
    public const string Checkbox = "checkbox";
    public const string Json = "json_object";
    public const string File = "file";
    public const string FileList = "file-list";

    public required string Variable { get; init; }

    public string Label { get; init; } = "";

    /// <summary>One of the words above; any other (<c>external_data_tool</c> of old apps) is a text.</summary>
    public required string Kind { get; init; }

    public bool Required { get; init; }

    /// <summary>Not shown to people; the value comes from the caller or the default.</summary>
    public bool Hidden { get; init; }

    public JsonNode? Default { get; init; }

    /// <summary>Characters of a text, or files of a list; null: no limit of its own.</summary>
    public int? MaxLength { get; init; }

    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>JSON Schema, draft 7; null: any object.</summary>
    public JsonNode? Schema { get; init; }

    public FileRules Files { get; init; } = new();

    public bool IsFile => Kind is File or FileList;
}
