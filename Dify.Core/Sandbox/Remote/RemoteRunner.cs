using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Egress;
using Microsoft.Extensions.Options;

namespace Dify.Core.Sandbox.Remote;

/// <summary>
/// The sandbox service over HTTP (<c>POST /v1/sandbox/run</c> with <c>X-Api-Key</c>): this program with <c>MODE=sandbox</c>,
/// or Dify's own container, which speaks the same.
/// </summary>
internal sealed class RemoteRunner(IHttpClientFactory clients, IOptions<SandboxOptions> options, TimeProvider time) : IScriptRunner
{
    public async ValueTask<ScriptOutput> RunAsync(CodeLanguage language, string script, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var patience = settings.ConnectTimeoutSeconds + settings.WriteTimeoutSeconds + settings.ReadTimeoutSeconds;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(patience), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await CallAsync(language, script, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"it did not answer within {patience:0.#} seconds");
        }
        catch (Exception failure) when (failure is HttpRequestException or EgressBlockedException or JsonException)
        {
            throw Unreachable(failure.Message, failure);
        }
    }

    private async Task<ScriptOutput> CallAsync(CodeLanguage language, string script, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(EgressClients.Sandbox);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{options.Value.Endpoint.TrimEnd('/')}/v1/sandbox/run")
        {
            Content = JsonContent.Create(
                new JsonObject
                {
                    ["language"] = language == CodeLanguage.Python3 ? "python3" : "nodejs",
                    ["code"] = script,
                    ["preload"] = "",
                    ["enable_network"] = false,
                },
                options: JsonDefaults.Wire),
        };
        request.Headers.TryAddWithoutValidation("X-Api-Key", options.Value.ApiKey);
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw Unreachable("it refuses the key: CODE_EXECUTION_API_KEY must be its SANDBOX_API_KEY");
        }

        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var answer = body.StartsWith('{') ? JsonNode.Parse(body) as JsonObject : null;
        if (!response.IsSuccessStatusCode || answer is null || answer["code"]?.ToString() is not "0")
        {
            throw Unreachable(answer?["message"]?.ToString() ?? $"it answered {(int)response.StatusCode}");
        }

        return new ScriptOutput(answer["data"]?["stdout"]?.ToString() ?? "", answer["data"]?["error"]?.ToString() ?? "");
    }

    private SandboxUnavailableException Unreachable(string reason, Exception? cause = null) => new(
        $"The sandbox service at {options.Value.Endpoint} could not run the code: {reason.TrimEnd('.')}. "
        + "Start it (docker compose up -d sandbox) and check CODE_EXECUTION_ENDPOINT and CODE_EXECUTION_API_KEY.",
        cause);
}
