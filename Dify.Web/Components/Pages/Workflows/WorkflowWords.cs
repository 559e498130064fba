using System.Globalization;
using Dify.Core.Workflows.Drafts;
using Dify.Web.Resources;
using Microsoft.Extensions.Localization;

namespace Dify.Web.Components.Pages.Workflows;

/// <summary>What the checks and the types of nodes say, in the reader's language.</summary>
internal static class WorkflowWords
{
    /// <summary>What an issue says; where there is no translation, its own words.</summary>
    public static string Issue(this IStringLocalizer<WorkflowsText> text, GraphIssue issue)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(issue);
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en")
        {
            return issue.Message;
        }

        var known = text["Issue." + issue.Code, [.. issue.Arguments, issue.Message]];
        return known.ResourceNotFound ? issue.Message : known.Value;
    }

    /// <summary>What a type of node is for; empty when it is unknown.</summary>
    public static string NodeHelp(this IStringLocalizer<WorkflowsText> text, string type)
    {
        ArgumentNullException.ThrowIfNull(text);
        var help = text[$"Node.{type}.Help"];
        return help.ResourceNotFound ? "" : help.Value;
    }
}
