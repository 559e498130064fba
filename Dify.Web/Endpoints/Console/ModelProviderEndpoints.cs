using Dify.Core.Common;
using Dify.Core.Models;
using Dify.Core.Models.Credentials;
using Dify.Core.Models.Providers;

namespace Dify.Web.Endpoints;

/// <summary>
/// <c>/console/api/workspaces/current/model-providers</c>, <c>…/models</c>, <c>…/default-model</c>. A provider id may be
/// Dify's three-part form with slashes, so the path behind <c>model-providers/</c> is taken apart here.
/// </summary>
internal static class ModelProviderEndpoints
{
    /// <summary>Types of Dify of which no provider here has a model.</summary>
    private static readonly string[] OtherTypes = ["speech2text", "tts", "moderation"];

    public static void MapModelProviders(this RouteGroupBuilder console)
    {
        var workspace = console.MapGroup("/workspaces/current");
        workspace.MapGet("/model-providers", ListAsync);
        workspace.MapGet("/model-providers/{**path}", ReadAsync);
        workspace.MapPost("/model-providers/{**path}", PostAsync);
        workspace.MapDelete("/model-providers/{**path}", DeleteAsync);
        workspace.MapGet("/models/model-types/{type}", ListModelsAsync);
        workspace.MapGet("/default-model", GetDefaultAsync);
        workspace.MapPost("/default-model", SetDefaultAsync);
    }

    private static async Task<IResult> ListAsync(ConsoleActor caller, ProviderService providers, CancellationToken cancellationToken) =>
        Json(new { data = (await providers.ListAsync(caller, cancellationToken)).Select(ModelProviderResponse.From) });

    private static async Task<IResult> ReadAsync(
        ConsoleActor caller, string path, ProviderService providers, ModelCatalog catalog, string? model, CancellationToken cancellationToken)
    {
        var states = await providers.ListAsync(caller, cancellationToken);
        if (Provider(path, "/models/parameter-rules") is { } ruled)
        {
            var reference = ModelReference.Parse(ruled, model ?? throw DifyException.Invalid("Name the model with ?model=…."));
            var found = await catalog.FindAsync(caller.Actor.WorkspaceId, ModelType.Llm, reference, cancellationToken)
                ?? throw DifyException.NotFound($"There is no model '{model}' of '{ruled}' in this workspace.");
            return Json(new { data = found.Parameters.Select(ParameterRuleResponse.From) });
        }

        if (Provider(path, "/models") is { } listed)
        {
            return Json(new { data = Find(states, listed).Models.Select(ModelResponse.From) });
        }

        if (Provider(path, "/credentials") is { } shown)
        {
            return Json(new { credentials = Find(states, shown).Hints });
        }

        throw DifyException.NotFound("There is no such endpoint.");
    }

    private static async Task<IResult> PostAsync(
        ConsoleActor caller, string path, CredentialsRequest body, ProviderService providers, CancellationToken cancellationToken)
    {
        if (Provider(path, "/credentials/validate") is { } checkedProvider)
        {
            return await ValidateAsync(caller, checkedProvider, body, providers, cancellationToken);
        }

        if (Provider(path, "/credentials") is { } saved)
        {
            await providers.SaveAsync(caller, saved, Values(body), cancellationToken);
            return Json(new { result = "success" }, 201);
        }

        throw DifyException.NotFound("There is no such endpoint.");
    }

    /// <summary>As in Dify, credentials that do not work are an answer, not an error.</summary>
    private static async Task<IResult> ValidateAsync(
        ConsoleActor caller, string provider, CredentialsRequest body, ProviderService providers, CancellationToken cancellationToken)
    {
        try
        {
            await providers.ValidateAsync(caller, provider, Values(body), cancellationToken);
            return Json(new { result = "success" });
        }
        catch (DifyException failure) when (failure.Status == 400)
        {
            return Json(new { result = "error", error = failure.Message, code = failure.Code });
        }
    }

    private static async Task<IResult> DeleteAsync(
        ConsoleActor caller, string path, ProviderService providers, CancellationToken cancellationToken)
    {
        var provider = Provider(path, "/credentials") ?? throw DifyException.NotFound("There is no such endpoint.");
        await providers.RemoveAsync(caller, provider, cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> ListModelsAsync(
        ConsoleActor caller, string type, ModelCatalog catalog, CancellationToken cancellationToken)
    {
        if (OtherTypes.Contains(type))
        {
            return Json(new { data = Array.Empty<object>() });
        }

        var models = await catalog.ListAsync(caller.Actor.WorkspaceId, ModelTypes.Parse(type), cancellationToken);
        return Json(new
        {
            data = models.GroupBy(model => (model.Reference.Provider, model.ProviderLabel)).Select(group => new
            {
                provider = group.Key.Provider,
                label = new LocalText(group.Key.ProviderLabel),
                status = "active",
                models = group.Select(ModelResponse.From),
            }),
        });
    }

    private static async Task<IResult> GetDefaultAsync(
        ConsoleActor caller, string? model_type, ModelCatalog catalog, CancellationToken cancellationToken)
    {
        var type = ModelTypes.Parse(model_type);
        var model = await catalog.GetDefaultAsync(caller.Actor.WorkspaceId, type, cancellationToken);
        return Json(new
        {
            data = new
            {
                model = model.Name,
                model_type = type.ToWire(),
                provider = new { provider = model.Provider, label = new LocalText(model.Provider), supported_model_types = new[] { type.ToWire() } },
            },
        });
    }

    private static async Task<IResult> SetDefaultAsync(
        ConsoleActor caller, DefaultModelRequest body, ProviderService providers, CancellationToken cancellationToken)
    {
        var choices = new Dictionary<ModelType, ModelReference?>();
        if (body.ModelSettings is not { } settings || settings.Any(setting => setting is null))
        {
            throw DifyException.Invalid("Send model_settings, a list of {model_type, provider, model}.");
        }

        foreach (var setting in settings)
        {
            if (OtherTypes.Contains(setting.ModelType) && string.IsNullOrEmpty(setting.Model))
            {
                // Dify's own clients send every type, with nothing chosen for those that are not in use.
                continue;
            }

            choices[ModelTypes.Parse(setting.ModelType)] = string.IsNullOrWhiteSpace(setting.Model) || string.IsNullOrWhiteSpace(setting.Provider)
                ? null
                : ModelReference.Parse(setting.Provider, setting.Model);
        }

        await providers.SetDefaultsAsync(caller, choices, cancellationToken);
        return Json(new { result = "success" });
    }

    /// <summary>The provider in front of the ending, or null when the path ends otherwise.</summary>
    private static string? Provider(string path, string ending) =>
        path.EndsWith(ending, StringComparison.Ordinal) && path.Length > ending.Length ? path[..^ending.Length] : null;

    private static ProviderState Find(IReadOnlyList<ProviderState> states, string provider) =>
        states.FirstOrDefault(state => state.Schema.Id == ModelReference.Parse(provider, "").Provider)
        ?? throw DifyException.NotFound($"There is no model provider '{provider}'.");

    private static Dictionary<string, string?> Values(CredentialsRequest body) =>
        (body.Credentials ?? throw DifyException.Invalid("Send credentials, an object with the fields of the provider."))
        .ToDictionary(entry => entry.Key, entry => entry.Value?.ToString());

    private static IResult Json(object value, int status = 200) => Results.Json(value, JsonDefaults.Wire, statusCode: status);
}
