using System.Collections.Frozen;
using Dify.Web.Resources;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Workflows.Nodes;

/// <summary>The sign and the name of a node type. Names are the texts <c>Node.{type}</c>.</summary>
internal static class NodeLooks
{
    private static readonly FrozenDictionary<string, (string Icon, string Tone)> Looks = new Dictionary<string, (string Icon, string Tone)>
    {
        ["start"] = (Icons.Material.Outlined.PlayArrow, "start"),
        ["end"] = (Icons.Material.Outlined.Output, "end"),
        ["answer"] = (Icons.Material.Outlined.Forum, "end"),
        ["llm"] = (Icons.Material.Outlined.AutoAwesome, "model"),
        ["agent"] = (Icons.Material.Outlined.SmartToy, "model"),
        ["question-classifier"] = (Icons.Material.Outlined.Category, "model"),
        ["parameter-extractor"] = (Icons.Material.Outlined.DataObject, "model"),
        ["knowledge-retrieval"] = (Icons.Material.Outlined.MenuBook, "data"),
        ["document-extractor"] = (Icons.Material.Outlined.Description, "data"),
        ["datasource"] = (Icons.Material.Outlined.Storage, "data"),
        ["if-else"] = (Icons.Material.Outlined.CallSplit, "logic"),
        ["iteration"] = (Icons.Material.Outlined.Repeat, "logic"),
        ["iteration-start"] = (Icons.Material.Outlined.Home, "logic"),
        ["loop"] = (Icons.Material.Outlined.Loop, "logic"),
        ["loop-start"] = (Icons.Material.Outlined.Home, "logic"),
        ["loop-end"] = (Icons.Material.Outlined.Logout, "logic"),
        ["human-input"] = (Icons.Material.Outlined.HowToReg, "logic"),
        ["code"] = (Icons.Material.Outlined.Code, "transform"),
        ["template-transform"] = (Icons.Material.Outlined.IntegrationInstructions, "transform"),
        ["variable-aggregator"] = (Icons.Material.Outlined.CallMerge, "transform"),
        ["variable-assigner"] = (Icons.Material.Outlined.CallMerge, "transform"),
        ["assigner"] = (Icons.Material.Outlined.EditNote, "transform"),
        ["list-operator"] = (Icons.Material.Outlined.FilterList, "transform"),
        ["http-request"] = (Icons.Material.Outlined.Http, "outside"),
        ["tool"] = (Icons.Material.Outlined.Build, "outside"),
        ["trigger-webhook"] = (Icons.Material.Outlined.Webhook, "start"),
        ["trigger-schedule"] = (Icons.Material.Outlined.Schedule, "start"),
        ["trigger-plugin"] = (Icons.Material.Outlined.Bolt, "start"),
    }.ToFrozenDictionary();

    /// <summary>Of an unknown type the sign says only that it is a step.</summary>
    public static string IconOf(string type) => Looks.TryGetValue(type, out var look) ? look.Icon : Icons.Material.Outlined.Extension;

    /// <summary>A class of <c>NodeIcon</c>'s style sheet.</summary>
    public static string ToneOf(string type) => Looks.TryGetValue(type, out var look) ? look.Tone : "other";

    /// <summary>The type's name; of an unknown type its word in the file.</summary>
    public static string NodeType(this IStringLocalizer<WorkflowsText> text, string type)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = text["Node." + type];
        return name.ResourceNotFound ? type : name.Value;
    }
}
