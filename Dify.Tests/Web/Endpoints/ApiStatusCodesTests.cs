using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class ApiStatusCodesTests
{
    [Theory]
    [InlineData("/v1/nothing-here")]
    [InlineData("/console/api/nothing-here")]
    public async Task An_unknown_address_of_an_api_answers_with_the_error_envelope(string address)
    {
        await using var host = new DifyHost();
        using var client = host.CreateClient();
        using var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal((int)answer.StatusCode, body.RootElement.GetProperty("status").GetInt32());
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized);
        Assert.NotEmpty(body.RootElement.GetProperty("code").GetString()!);
        Assert.NotEmpty(body.RootElement.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task An_unknown_page_answers_404_with_a_page()
    {
        await using var host = new DifyHost();
        using var client = host.CreateClient();
        using var setup = await client.PostAsJsonAsync(
            "/console/api/setup", new { email = "owner@example.com", name = "Owner", password = "passw0rd1" }, TestContext.Current.CancellationToken);
        setup.EnsureSuccessStatusCode();
        using var answer = await client.GetAsync("/nothing-here", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("<!DOCTYPE html>", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
