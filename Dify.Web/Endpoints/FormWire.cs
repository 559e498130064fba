using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Workflows.Forms;

namespace Dify.Web.Endpoints;

/// <summary>A form as Dify's APIs show it.</summary>
internal sealed record FormResponse
{
    public required string FormContent { get; init; }

    public required JsonArray Inputs { get; init; }

    public required JsonObject ResolvedDefaultValues { get; init; }

    public required JsonArray UserActions { get; init; }

    public required long ExpirationTime { get; init; }

    public static FormResponse From(HumanInputForm form)
    {
        var definition = FormDefinition.Read(form.Definition);
        return new FormResponse
        {
            FormContent = definition.Content,
            Inputs = definition.Inputs,
            ResolvedDefaultValues = definition.Defaults,
            UserActions = definition.Actions,
            ExpirationTime = form.ExpiresAt.ToUnixTimeSeconds(),
        };
    }
}

/// <summary>What somebody filled in.</summary>
internal sealed record FormAnswerRequest
{
    public JsonObject? Inputs { get; init; }

    public string? Action { get; init; }

    public string? User { get; init; }

    public JsonObject RequireInputs() => Inputs ?? throw DifyException.Invalid("inputs is required.");

    public string RequireAction() => Action ?? throw DifyException.Invalid("action is required.");
}
