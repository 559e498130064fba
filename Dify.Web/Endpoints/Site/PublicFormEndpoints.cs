using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workflows.Forms;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Dify.Web.Endpoints;

/// <summary><c>/api/form</c>: forms of paused runs for whoever has their address; the token is the right.</summary>
internal static class PublicFormEndpoints
{
    private const string Who = "form link";

    public static void MapPublicForms(this RouteGroupBuilder site)
    {
        var forms = site.MapGroup("/form").DisableAntiforgery();
        forms.MapGet("/human_input/{token}", GetAsync);
        forms.MapPost("/human_input/{token}", SubmitAsync);
        forms.MapPost("/human_input/{token}/files", UploadAsync);
    }

    private static async Task<IResult> GetAsync(string token, FormService forms, CancellationToken cancellationToken) =>
        Results.Json(FormResponse.From(await forms.GetAsync(token, null, cancellationToken)), JsonDefaults.Wire);

    private static async Task<IResult> SubmitAsync(string token, HttpRequest request, FormService forms)
    {
        var body = await request.ReadAsync<FormAnswerRequest>();
        await forms.SubmitAsync(
            token, body.RequireInputs(), body.RequireAction(), Who, cancellationToken: request.HttpContext.RequestAborted);
        return Results.Json(new { }, JsonDefaults.Wire);
    }

    /// <summary>A file for a field of the form, as the body.</summary>
    private static async Task<IResult> UploadAsync(
        string token, HttpContext context, string? name, FormService forms, FileService files, IOptions<UploadLimits> limits,
        CancellationToken cancellationToken)
    {
        FileEndpoints.RequireOwnPage(context);
        var form = await forms.GetAsync(token, null, cancellationToken);
        if (!FormDefinition.Read(form.Definition).Fields.Any(field => field.IsFile))
        {
            throw DifyException.Invalid("This form takes no files.");
        }

        if (string.IsNullOrWhiteSpace(name) || context.Request.ContentLength is 0)
        {
            throw DifyException.Invalid("The file has no name or is empty.");
        }

        // The service counts the bytes and names the limit; the server's own limit would cut the connection.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        var kind = FileKinds.Of(Path.GetExtension(name).ToLowerInvariant(), context.Request.ContentType);
        var file = await files.SaveAsync(
            form.WorkspaceId, name, context.Request.ContentType, context.Request.Body, limits.Value.BytesFor(kind), null, null, cancellationToken);
        return Results.Json(
            new { file.Id, file.Name, file.Size, file.Extension }, JsonDefaults.Wire, statusCode: StatusCodes.Status201Created);
    }
}
