using System.Text.Json;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workflows.Drafts;
using Microsoft.Extensions.Options;

namespace Dify.Web.Endpoints;

/// <summary>What a client of an app needs to know before it talks to it.</summary>
internal static class AppInfoEndpoints
{
    private static readonly string[] TransferMethods = ["remote_url", "local_file"];

    /// <summary>A dictionary, because <c>autoPlay</c> is the one name that is not snake_case.</summary>
    private static readonly Dictionary<string, object> NoSpeech = new()
    {
        ["enabled"] = false,
        ["voice"] = "",
        ["language"] = "",
        ["autoPlay"] = "disabled",
    };

    public static void MapAppInfo(this RouteGroupBuilder service)
    {
        service.MapGet("/parameters", ParametersAsync).RequireAppKey();
        service.MapGet("/info", InfoAsync).RequireAppKey();
        service.MapGet("/meta", () => Results.Json(new { ToolIcons = new { } }, JsonDefaults.Wire)).RequireAppKey();
        service.MapGet("/site", Site).RequireAppKey();
    }

    private static async Task<IResult> ParametersAsync(HttpContext http, IOptions<UploadLimits> limits, WorkflowVersions versions)
    {
        if (http.CallerApp().Mode is AppMode.Workflow or AppMode.AdvancedChat)
        {
            var app = http.CallerApp();
            var workflow = await versions.FindPublishedAsync(app.WorkspaceId, app.Id, http.RequestAborted) ?? throw NotPublished();
            return Results.Json(WorkflowParameters.Of(workflow, JsonSerializer.SerializeToNode(SystemParameters(limits.Value), JsonDefaults.Wire)), JsonDefaults.Wire);
        }

        var config = http.CallerApp().Published ?? throw NotPublished();
        return Results.Json(
            new
            {
                config.OpeningStatement,
                config.SuggestedQuestions,
                config.SuggestedQuestionsAfterAnswer,
                SpeechToText = Off,
                TextToSpeech = NoSpeech,
                config.RetrieverResource,
                AnnotationReply = Off,
                MoreLikeThis = Off,
                SensitiveWordAvoidance = Off,
                config.UserInputForm,
                FileUpload = config.Other.TryGetValue("file_upload", out var upload) && upload.ValueKind == JsonValueKind.Object
                    ? (object)upload
                    : NoUploads,
                SystemParameters = SystemParameters(limits.Value),
            },
            JsonDefaults.Wire);
    }

    private static DifyException NotPublished() => new(
        ErrorCodes.AppUnavailable, "App unavailable: it is not published yet. Publish it in the Studio.");

    private static object Off { get; } = new { Enabled = false };

    private static object NoUploads { get; } = new
    {
        Image = new { Enabled = false, NumberLimits = 3, Detail = "high", TransferMethods },
    };

    /// <summary>The limits of files in megabytes, as clients of every kind of app are told them.</summary>
    public static object SystemParameters(UploadLimits limits) => new
    {
        FileSizeLimit = limits.FileSizeMegabytes,
        ImageFileSizeLimit = limits.ImageSizeMegabytes,
        AudioFileSizeLimit = limits.AudioSizeMegabytes,
        VideoFileSizeLimit = limits.VideoSizeMegabytes,
        WorkflowFileUploadLimit = limits.WorkflowFileCount,
    };

    private static async Task<IResult> InfoAsync(HttpContext http, AppService apps)
    {
        var app = http.CallerApp();
        return Results.Json(
            new
            {
                app.Name,
                app.Description,
                Tags = Array.Empty<string>(),
                Mode = app.Mode.ToWire(),
                AuthorName = await apps.FindAuthorNameAsync(app, http.RequestAborted),
            },
            JsonDefaults.Wire);
    }

    private static IResult Site(HttpContext http)
    {
        var app = http.CallerApp();
        if (!app.SiteEnabled)
        {
            throw DifyException.Forbidden("The web app is switched off.");
        }

        return Results.Json(
            new
            {
                Title = app.Name,
                ChatColorTheme = (string?)null,
                ChatColorThemeInverted = false,
                IconType = "emoji",
                app.Icon,
                app.IconBackground,
                IconUrl = (string?)null,
                app.Description,
                Copyright = (string?)null,
                PrivacyPolicy = (string?)null,
                InputPlaceholder = (string?)null,
                CustomDisclaimer = "",
                DefaultLanguage = "en-US",
                ShowWorkflowSteps = false,
                UseIconAsAnswerIcon = false,
            },
            JsonDefaults.Wire);
    }
}
