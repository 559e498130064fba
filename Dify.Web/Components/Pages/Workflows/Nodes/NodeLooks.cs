using System.Collections.Frozen;
using Dify.Core.Workflows.Drafts;
using Dify.Core.Workflows.Nodes;
using Dify.Web.Resources;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Dify.Web.Components.Pages.Workflows.Nodes;

/// <summary>The sign of a node type, by the catalogue's icon key, and what <see cref="NodeText"/> says of types and issues.</summary>
internal static class NodeLooks
{
    private static readonly FrozenDictionary<string, (string Icon, string Tone)> Looks = new Dictionary<string, (string Icon, string Tone)>
    {
        ["start"] = (Icons.Material.Outlined.PlayArrow, "start"),
        ["output"] = (Icons.Material.Outlined.Output, "end"),
        ["answer"] = (Icons.Material.Outlined.Forum, "end"),
        ["llm"] = (Icons.Material.Outlined.AutoAwesome, "model"),
        ["classifier"] = (Icons.Material.Outlined.Category, "model"),
        ["extractor"] = (Icons.Material.Outlined.DataObject, "model"),
        ["knowledge"] = (Icons.Material.Outlined.MenuBook, "data"),
        ["document"] = (Icons.Material.Outlined.Description, "data"),
        ["if-else"] = (Icons.Material.Outlined.CallSplit, "logic"),
        ["iteration"] = (Icons.Material.Outlined.Repeat, "logic"),
        ["loop"] = (Icons.Material.Outlined.Loop, "logic"),
        ["loop-end"] = (Icons.Material.Outlined.Logout, "logic"),
        ["human-input"] = (Icons.Material.Outlined.HowToReg, "logic"),
        ["code"] = (Icons.Material.Outlined.Code, "transform"),
        ["template"] = (Icons.Material.Outlined.IntegrationInstructions, "transform"),
        ["aggregator"] = (Icons.Material.Outlined.CallMerge, "transform"),
        ["assigner"] = (Icons.Material.Outlined.EditNote, "transform"),
        ["list"] = (Icons.Material.Outlined.FilterList, "transform"),
        ["http"] = (Icons.Material.Outlined.Http, "outside"),
        ["tool"] = (Icons.Material.Outlined.Build, "outside"),
    }.ToFrozenDictionary();

    /// <summary>Whether there is a sign for an icon key.</summary>
    public static bool Draws(string iconKey) => Looks.ContainsKey(iconKey);

    /// <summary>Of an unknown type the sign says only that it is a step.</summary>
    public static string IconOf(string type) => Find(type)?.Icon ?? Icons.Material.Outlined.Extension;

    /// <summary>A class of <c>NodeIcon</c>'s style sheet.</summary>
    public static string ToneOf(string type) => Find(type)?.Tone ?? "other";

    /// <summary>The type's name; of an unknown type its word in the file.</summary>
    public static string NodeType(this IStringLocalizer<NodeText> text, string type)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = text["Name." + type];
        return name.ResourceNotFound ? type : name.Value;
    }

    /// <summary>What a type is for; empty when it is unknown.</summary>
    public static string NodeHelp(this IStringLocalizer<NodeText> text, string type)
    {
        ArgumentNullException.ThrowIfNull(text);
        var help = text["Description." + type];
        return help.ResourceNotFound ? "" : help.Value;
    }

    /// <summary>What an issue says; where there is no translation, its own words.</summary>
    public static string Issue(this IStringLocalizer<NodeText> text, GraphIssue issue)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(issue);
        var known = text["Issue." + issue.Code, [.. issue.Arguments]];
        return known.ResourceNotFound ? issue.Message : known.Value;
    }

    private static (string Icon, string Tone)? Find(string type) =>
        NodeCatalog.Find(type) is { } known && Looks.TryGetValue(known.IconKey, out var look) ? look : null;
}
