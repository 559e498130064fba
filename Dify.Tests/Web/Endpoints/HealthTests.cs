using System.Net;
using System.Text.Json;
using Dify.Core.Common;
using Dify.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class HealthTests
{
    [Fact]
    public async Task Readiness_names_store_queue_and_index()
    {
        await using var host = new DifyHost();
        var (status, checks) = await AskAsync(host);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["index", "queue", "store"], checks.EnumerateObject().Select(c => c.Name).Order());
        Assert.All(checks.EnumerateObject(), c => Assert.Equal("ok", c.Value.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_part_that_cannot_be_reached_is_named_with_a_reason()
    {
        await using var host = new DifyHost(configure: services => services.AddSingleton<IReadinessCheck, Broken>());
        var (status, checks) = await AskAsync(host);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("It is away.", checks.GetProperty("broken").GetProperty("reason").GetString());
        Assert.Equal("ok", checks.GetProperty("store").GetProperty("status").GetString());
    }

    private static async Task<(HttpStatusCode Status, JsonElement Checks)> AskAsync(DifyHost host)
    {
        using var client = host.CreateClient();
        using var answer = await client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (answer.StatusCode, body.RootElement.GetProperty("checks"));
    }

    private sealed class Broken : IReadinessCheck
    {
        public string Name => "broken";

        public Task<string?> CheckAsync(CancellationToken cancellationToken = default) => Task.FromResult<string?>("It is away.");
    }
}
