using Dify.Core.Common;

namespace Dify.Web.Endpoints;

internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary><c>/health</c>: the process lives. <c>/health/ready</c>: store, queue and index can be reached, each named.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", () => Results.Json(new { status = "ok" }, JsonDefaults.Wire)).AllowAnonymous();
        routes.MapGet("/health/ready", ReadyAsync).AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(IEnumerable<IReadinessCheck> checks, CancellationToken cancellationToken)
    {
        var parts = await Task.WhenAll(checks.Select(check => AskAsync(check, cancellationToken)));
        var ready = parts.All(part => part.Reason is null);
        var answer = new
        {
            status = ready ? "ready" : "not_ready",
            checks = parts.ToDictionary(part => part.Name, part => new { status = part.Reason is null ? "ok" : "failed", reason = part.Reason }),
        };
        return Results.Json(answer, JsonDefaults.Wire, statusCode: ready ? 200 : 503);
    }

    private static async Task<(string Name, string? Reason)> AskAsync(IReadinessCheck check, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return (check.Name, await check.CheckAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (check.Name, $"No answer within {Patience.TotalSeconds:0} seconds.");
        }
    }
}
