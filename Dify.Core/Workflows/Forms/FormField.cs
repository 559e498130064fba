using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;
using Dify.Core.Workflows.Inputs;

namespace Dify.Core.Workflows.Forms;

/// <summary>A field of a form. A paragraph may be left empty; everything else has to be filled in.</summary>
public sealed record FormField(string Name, string Kind)
{
    /// <summary>Of a select, resolved.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public FileRules Files { get; init; } = new();

    public bool IsFile => Kind is StartField.File or StartField.FileList;

    /// <summary>Old names of kinds mean the same: <c>text_input</c> is a paragraph.</summary>
    public static FormField Read(JsonObject input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var kind = NodeData.Text(input, "type") switch
        {
            "select" => StartField.Select,
            "file" => StartField.File,
            "file-list" or "file_list" => StartField.FileList,
            _ => StartField.Paragraph,
        };
        var limit = NodeData.Number(input, "number_limits") is >= 1 and <= 1000 and var count ? (int?)count : null;
        return new FormField(NodeData.Text(input, "output_variable_name") ?? "", kind)
        {
            Options = NodeData.Object(input, "option_source") is { } source ? NodeData.Selector(source, "value") : [],
            Files = FileRules.OfField(input) with { MaxCount = kind == StartField.File ? 1 : Math.Min(limit ?? 10, 10) },
        };
    }

    /// <summary>The same as a field of a run's form, which knows how to take files.</summary>
    public StartField ToStartField() => new()
    {
        Variable = Name, Label = Name, Kind = Kind, Required = Kind != StartField.Paragraph, Options = Options, Files = Files,
        MaxLength = IsFile ? Files.MaxCount : null,
    };
}
