using System.Net;
using System.Text.Json;
using Dify.Core.Apps;
using Dify.Core.Common;
using Dify.Tests.Support;
using Dify.Web.Endpoints;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class OpenApiDescriptionTests
{
    [Fact]
    public void The_form_of_an_app_becomes_the_schema_of_its_inputs()
    {
        var form = JsonSerializer.Deserialize<IReadOnlyList<UserInputField>>(
            """
            [{"text-input":{"variable":"city","label":"City","required":true,"max_length":48}},
             {"select":{"variable":"tone","label":"","required":false,"options":["warm","dry"],"default":"dry"}},
             {"number":{"variable":"days","label":"Days","required":false}},
             {"checkbox":{"variable":"rail","label":"By rail","required":false,"default":true}}]
            """, JsonDefaults.Wire)!;
        var app = new App { Name = "Trips", SiteCode = "x", Draft = new AppModelConfig(), Published = new AppModelConfig { UserInputForm = form } };

        var json = JsonSerializer.SerializeToElement(OpenApiDescription.Of(app, "https://ai.example/v1"), JsonDefaults.Wire);

        Assert.Equal("https://ai.example/v1", json.GetProperty("servers")[0].GetProperty("url").GetString());
        var schema = json.GetProperty("paths").GetProperty("/chat-messages").GetProperty("post").GetProperty("requestBody")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal(["query", "user", "inputs"], schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        var inputs = schema.GetProperty("properties").GetProperty("inputs");
        Assert.Equal("""["city"]""", inputs.GetProperty("required").GetRawText());
        var fields = inputs.GetProperty("properties");
        Assert.Equal(48, fields.GetProperty("city").GetProperty("maxLength").GetInt32());
        Assert.Equal("""["warm","dry"]""", fields.GetProperty("tone").GetProperty("enum").GetRawText());
        Assert.Equal("dry", fields.GetProperty("tone").GetProperty("default").GetString());
        Assert.Equal("number", fields.GetProperty("days").GetProperty("type").GetString());
        Assert.True(fields.GetProperty("rail").GetProperty("default").GetBoolean());
    }

    [Fact]
    public async Task A_description_is_for_signed_in_members_only()
    {
        await using var host = new DifyHost();
        var answer = await host.CreateClient().GetAsync(
            new Uri($"/api/apps/{Guid.CreateVersion7()}/openapi.json", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("", "http://here/", "http://here/v1")]
    [InlineData("https://api.example", "http://here/", "https://api.example/v1")]
    [InlineData("https://api.example/v1/", "http://here/", "https://api.example/v1")]
    public void The_base_address_is_what_is_configured_else_the_programs_own(string configured, string root, string expected) =>
        Assert.Equal(expected, new SiteUrls { ServiceApi = configured }.ServiceApiBase(root));
}
