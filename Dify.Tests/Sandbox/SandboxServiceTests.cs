using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dify.Core.Egress;
using Dify.Core.Sandbox;
using Dify.Core.Sandbox.Remote;
using Dify.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Dify.Tests.Sandbox;

/// <summary>The program with <c>MODE=sandbox</c>, and the client of it.</summary>
[Collection(AloneCollection.Name)]
public sealed class SandboxServiceTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dify-sandbox-").FullName;
    private DifyProcess _service = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _service = await DifyProcess.StartAsync(
        _folder, [new("MODE", "sandbox"), new("SANDBOX_API_KEY", "secret-of-the-sandbox"), new("SANDBOX_WORKER_TIMEOUT", "2")], Stop);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Code_runs_there_and_errors_come_back()
    {
        await TestSandbox.RequirePythonAsync();
        var sandbox = Client("secret-of-the-sandbox");
        var inputs = new JsonObject { ["a"] = "é\n<<RESULT>>" };
        var python = await sandbox.RunAsync(new CodeRequest(CodeLanguage.Python3, "def main(a):\n    print('<<RESULT>>{}<<RESULT>>')\n    return {'r': a}", inputs), Stop);
        Assert.Equal("é\n<<RESULT>>", (string)python["r"]!);
        var script = await sandbox.RunAsync(new CodeRequest(CodeLanguage.JavaScript, "function main({a}) { return { r: a }; }", inputs), Stop);
        Assert.Equal("é\n<<RESULT>>", (string)script["r"]!);
        var failure = await Assert.ThrowsAsync<CodeFailedException>(async () => await sandbox.RunAsync(new CodeRequest(CodeLanguage.Python3, "def main(a):\n    return 1 / 0", inputs), Stop));
        Assert.EndsWith("ZeroDivisionError: division by zero", failure.Message.TrimEnd());
        var late = await Assert.ThrowsAsync<CodeFailedException>(async () => await sandbox.RunAsync(new CodeRequest(CodeLanguage.Python3, "def main(a):\n    while True: pass", inputs), Stop));
        Assert.Contains("longer than 2 seconds", late.Message);
        var secrets = await sandbox.RunAsync(new CodeRequest(CodeLanguage.Python3, "import os\ndef main(a):\n    return {'r': str(dict(os.environ)) + open('/proc/1/environ').read()}", inputs), Stop);
        Assert.DoesNotContain("secret-of-the-sandbox", secrets.ToJsonString());
    }

    [Fact]
    public async Task It_answers_in_the_words_of_Dify_s_sandbox()
    {
        var answer = await PostAsync("secret-of-the-sandbox", new JsonObject { ["language"] = "nodejs", ["code"] = "console.log(1 + 1)", ["preload"] = "", ["enable_network"] = false });
        Assert.Equal((200, """{"code":0,"message":"success","data":{"stdout":"2\n","error":""}}"""), answer);
        Assert.Equal((401, """{"code":-401,"message":"Unauthorized","data":null}"""), await PostAsync("wrong", []));
        Assert.Equal(400, (await PostAsync("secret-of-the-sandbox", new JsonObject { ["language"] = "ruby", ["code"] = "" })).Status);
        Assert.Equal(400, (await PostAsync("secret-of-the-sandbox", new JsonObject { ["language"] = "python3", ["code"] = "", ["enable_network"] = true })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _service.Client.GetAsync("/console/api/setup", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_key_and_a_dead_service_are_named()
    {
        var request = new CodeRequest(CodeLanguage.JavaScript, "function main() { return {}; }", []);
        var refused = await Assert.ThrowsAsync<SandboxUnavailableException>(async () => await Client("wrong").RunAsync(request, Stop));
        Assert.Contains("CODE_EXECUTION_API_KEY", refused.Message);
        var dead = await Assert.ThrowsAsync<SandboxUnavailableException>(async () => await Client("x", "http://127.0.0.1:1").RunAsync(request, Stop));
        Assert.Contains("docker compose up -d sandbox", dead.Message);
    }

    private async Task<(int Status, string Body)> PostAsync(string key, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sandbox/run") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Api-Key", key);
        using var response = await _service.Client.SendAsync(request, Stop);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }

    private CodeSandbox Client(string key, string? address = null)
    {
        var services = new ServiceCollection().AddEgress(new ConfigurationBuilder().Build()).BuildServiceProvider();
        var options = Options.Create(new SandboxOptions { Endpoint = address ?? _service.Client.BaseAddress!.ToString(), ApiKey = key });
        return new CodeSandbox(new RemoteRunner(services.GetRequiredService<IHttpClientFactory>(), options, TimeProvider.System));
    }
}
