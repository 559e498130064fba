using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dify.Tests.Chat;
using Dify.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed class FileEndpointsTests : IAsyncLifetime
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0];

    private ChatWorld _world = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await ChatWorld.CreateAsync(
        ChatWorld.Config with
        {
            Other = new()
            {
                ["file_upload"] = JsonElement.Parse("""{"enabled":true,"allowed_file_types":["image","document"],"allowed_file_upload_methods":["local_file","remote_url"],"number_limits":2}"""),
            },
        },
        listens: true,
        further: [OtherHost.Allowed, new("Uploads:FileSizeMegabytes", "1"), new("Uploads:ImageSizeMegabytes", "2"), new("Uploads:AudioSizeMegabytes", "2"),
            new("Uploads:VideoSizeMegabytes", "2"), new("Uploads:ExtensionBlocklist", "exe"), new("Urls:Files", "https://files.example")],
        stop: Stop);

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task An_upload_is_answered_as_documented_and_opened_by_its_app_and_its_link()
    {
        var (status, file) = await UploadAsync("a picture.png", Png, "image/png");
        Assert.Equal(201, status);
        Assert.Equal(
            ["id", "reference", "name", "size", "extension", "mime_type", "created_by", "created_at", "preview_url", "source_url", "original_url",
                "user_id", "tenant_id", "conversation_id", "file_key"],
            file.Select(field => field.Key));

        using var preview = await _world.Client.GetAsync($"/v1/files/{file["id"]}/preview", Stop);
        Assert.Equal(("image/png", "nosniff", Png.Length), (preview.Content.Headers.ContentType!.MediaType, preview.Headers.GetValues("X-Content-Type-Options").Single(), (await preview.Content.ReadAsByteArrayAsync(Stop)).Length));
        Assert.Null(preview.Content.Headers.ContentDisposition);
        using var download = await _world.Client.GetAsync($"/v1/files/{file["id"]}/preview?as_attachment=true", Stop);
        Assert.Equal("attachment", download.Content.Headers.ContentDisposition!.DispositionType);

        using var anybody = _world.Host.CreateClient();
        var link = file["source_url"]!.ToString();
        Assert.StartsWith("https://files.example/files/", link, StringComparison.Ordinal);
        using var signed = await anybody.GetAsync(new Uri(link).PathAndQuery, Stop);
        Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
        foreach (var bad in new[] { link + "0", link.Replace("timestamp=1", "timestamp=2", StringComparison.Ordinal), link.Split('?')[0], link.Replace("sign=", "sign=x", StringComparison.Ordinal) })
        {
            using var refused = await anybody.GetAsync(new Uri(bad).PathAndQuery, Stop);
            Assert.Equal((403, "file_access_denied"), ((int)refused.StatusCode, (string)(await ChatWorld.ReadAsync(refused, Stop))["code"]!));
        }
    }

    [Fact]
    public async Task Pages_and_pictures_with_scripts_never_run_on_our_address()
    {
        foreach (var (name, type) in new[] { ("x.html", "text/html"), ("x.svg", "image/svg+xml"), ("x.xml", "application/xml"), ("x.js", "text/javascript") })
        {
            var (_, file) = await UploadAsync(name, "<svg onload=alert(1)>"u8.ToArray(), type);
            using var preview = await _world.Client.GetAsync($"/v1/files/{file["id"]}/preview", Stop);
            Assert.Equal("attachment", preview.Content.Headers.ContentDisposition!.DispositionType);
            Assert.Contains("sandbox", preview.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.NotEqual("text/html", preview.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task B2_a_file_opens_neither_in_another_app_nor_in_another_workspace()
    {
        var (_, file) = await UploadAsync("a.txt", "hi"u8.ToArray(), "text/plain");
        var (_, token) = await _world.AddAppAsync(ChatWorld.Config, Stop);
        using var other = _world.ClientOf(token);
        Assert.Equal((403, "file_access_denied"), await CodeAsync(other, $"/v1/files/{file["id"]}/preview"));
        Assert.Equal((404, "file_not_found"), await CodeAsync(other, $"/v1/files/{Guid.CreateVersion7()}/preview"));
        Assert.Equal((400, "invalid_param"), await CodeAsync(_world.Client, "/v1/files/..%2f/preview"));
    }

    [Theory]
    [InlineData("a.exe", "application/octet-stream", 415, "unsupported_file_type")]
    [InlineData("a.png", "image/png", 415, "unsupported_file_type")]
    [InlineData("a.pdf", "application/pdf", 415, "unsupported_file_type")]
    [InlineData("..\\a.txt", "text/plain", 400, "invalid_param")]
    [InlineData("../a.txt", "text/plain", 400, "invalid_param")]
    [InlineData("", "text/plain", 400, "no_file_uploaded")]
    [InlineData(" ", "text/plain", 400, "filename_not_exists_error")]
    [InlineData("CON.txt", "text/plain", 201, null)]
    [InlineData("C:a.txt", "text/plain", 201, null)]
    [InlineData("nul\u202Etxt.exe.txt", "text/plain", 201, null)]
    public async Task F1_F4_names_and_types_that_lie_are_refused_or_tamed(string name, string type, int status, string? code)
    {
        var (got, answer) = await UploadAsync(name, "MZ no such thing"u8.ToArray(), type);
        Assert.Equal((status, code), (got, (string?)answer["code"]));
        Assert.DoesNotContain('\u202E', answer["name"]?.ToString() ?? "");
        Assert.All(Directory.EnumerateFiles(Path.Combine(_world.Host.DataFolder, "files"), "*", SearchOption.AllDirectories),
            path => Assert.True(Guid.TryParse(Path.GetFileName(path), out _), path));
    }

    [Theory]
    [InlineData(1024 * 1024, "a.txt", 201)]
    [InlineData((1024 * 1024) + 1, "a.txt", 413)]
    [InlineData((1024 * 1024) + 1, "a.mp3", 201)]
    [InlineData(2_500_000, "a.mp3", 413)]
    public async Task F6_a_file_is_limited_by_its_kind_and_leaves_nothing_when_refused(int size, string name, int status)
    {
        var (got, answer) = await UploadAsync(name, Encoding.ASCII.GetBytes(new string('x', size)), name == "a.txt" ? "text/plain" : "audio/mpeg");
        Assert.Equal((status, status == 413 ? "file_too_large" : null), (got, (string?)answer["code"]));
        var folder = Path.Combine(_world.Host.DataFolder, "files");
        Assert.Equal(status == 201 ? 1 : 0, Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length : 0);
    }

    [Fact]
    public async Task F6_without_a_key_nothing_is_read()
    {
        using var anybody = _world.Host.CreateClient();
        using var form = Form("a.txt", "hi"u8.ToArray(), "text/plain");
        using var answer = await anybody.PostAsync("/v1/files/upload", form, Stop);
        Assert.Equal(401, (int)answer.StatusCode);
        Assert.False(Directory.Exists(Path.Combine(_world.Host.DataFolder, "files", "uploads")));
    }

    [Theory]
    [InlineData("application/json", "{\"file\":\"x\"}")]
    [InlineData("application/x-www-form-urlencoded", "file=x")]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=", "x")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nnever ends")]
    [InlineData("multipart/mixed; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--b--\r\n")]
    public async Task F3_a_body_that_only_claims_to_be_a_form_brings_no_file(string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await _world.Client.PostAsync("/v1/files/upload", content, Stop);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.NotNull((await ChatWorld.ReadAsync(answer, Stop))["code"]);
    }

    [Theory]
    [InlineData("parts")]
    [InlineData("field")]
    [InlineData("header")]
    [InlineData("boundary")]
    public async Task F7_forms_made_to_cost_are_cut(string what)
    {
        var boundary = what == "boundary" ? new string('b', 60_000) : "b";
        var body = new StringBuilder();
        switch (what)
        {
            case "parts":
                for (var i = 0; i < 20_000; i++)
                {
                    body.Append("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n");
                }

                break;
            case "field":
                body.Append("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n").Append('x', 2_000_000).Append("\r\n");
                break;
            case "header":
                body.Append("--b\r\nContent-Disposition: form-data; name=\"x\"\r\nX-A: ").Append('x', 1_000_000).Append("\r\n\r\n1\r\n");
                break;
        }

        body.Append("--").Append(boundary).Append("--\r\n");
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body.ToString()));
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
        var started = System.Diagnostics.Stopwatch.StartNew();
        using var answer = await _world.Client.PostAsync("/v1/files/upload", content, Stop);
        Assert.InRange((int)answer.StatusCode, 400, 431);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(5), started.Elapsed.ToString());
    }

    [Fact]
    public async Task A_message_brings_files_by_the_rules_of_its_app()
    {
        await using var host = await OtherHost.StartAsync(http =>
        {
            http.Response.ContentType = "text/plain";
            return http.Response.WriteAsync("remote words");
        });
        var (_, picture) = await UploadAsync("a.png", Png, "image/png");
        var answer = await SendAsync(Local(picture, "image"), new JsonObject { ["type"] = "document", ["transfer_method"] = "remote_url", ["url"] = host.Address + "/b.txt" });
        Assert.Equal(200, (int)answer["http"]!);
        var messages = await _world.GetAsync($"/v1/messages?conversation_id={answer["conversation_id"]}&user=ann", Stop);
        var files = messages["data"]![0]!["message_files"]!.AsArray();
        Assert.Equal(["image", "document"], files.Select(file => (string)file!["type"]!));
        Assert.Equal(((string)picture["id"]!, "local_file", "user"), ((string)files[0]!["upload_file_id"]!, (string)files[0]!["transfer_method"]!, (string)files[0]!["belongs_to"]!));
        Assert.Contains("/file-preview?timestamp=", (string)files[0]!["url"]!, StringComparison.Ordinal);
        Assert.Equal(host.Address + "/b.txt", (string)files[1]!["url"]!);

        Assert.Equal("invalid_param", (string)(await SendAsync(Local(picture, "image"), Local(picture, "image"), Local(picture, "image")))["code"]!);
        Assert.Equal("invalid_param", (string)(await SendAsync(Local(picture, "video")))["code"]!);
        Assert.Equal("file_not_found", (string)(await SendAsync(new JsonObject { ["type"] = "image", ["transfer_method"] = "local_file", ["upload_file_id"] = Guid.CreateVersion7().ToString() }))["code"]!);
        Assert.Equal("egress_blocked", (string)(await SendAsync(new JsonObject { ["type"] = "image", ["transfer_method"] = "remote_url", ["url"] = "http://169.254.169.254/a.png" }))["code"]!);
        var stranger = ChatWorld.Body("Hi", "bob", "blocking");
        stranger["files"] = new JsonArray(Local(picture, "image"));
        using var refused = await _world.Client.PostAsJsonAsync("/v1/chat-messages", stranger, Stop);
        Assert.Equal("file_not_found", (string)(await ChatWorld.ReadAsync(refused, Stop))["code"]!);

        var parameters = await _world.GetAsync("/v1/parameters", Stop);
        Assert.Equal((true, 2, 1), ((bool)parameters["file_upload"]!["enabled"]!, (int)parameters["file_upload"]!["number_limits"]!, (int)parameters["system_parameters"]!["file_size_limit"]!));
    }

    [Fact]
    public async Task The_console_takes_files_from_a_form_or_an_address()
    {
        await using var host = await OtherHost.StartAsync(http =>
        {
            http.Response.ContentType = "text/plain";
            http.Response.ContentLength = 5;
            return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.WriteAsync("hello");
        });
        using var console = await ConsoleAsync();
        var limits = await JsonAsync(await console.GetAsync("/console/api/files/upload", Stop));
        Assert.Equal((1, 2, 10), ((int)limits["file_size_limit"]!, (int)limits["image_file_size_limit"]!, (int)limits["workflow_file_upload_limit"]!));
        var types = await JsonAsync(await console.GetAsync("/console/api/files/support-type", Stop));
        Assert.Contains("pdf", types["allowed_extensions"]!.AsArray().Select(type => (string)type!));

        using var form = Form("a.png", Png, "image/png");
        var saved = await JsonAsync(await console.PostAsync("/console/api/files/upload", form, Stop));
        Assert.Equal((201, "png"), ((int)saved["http"]!, (string)saved["extension"]!));

        var info = await JsonAsync(await console.GetAsync($"/console/api/remote-files/{Uri.EscapeDataString(host.Address + "/n.txt")}", Stop));
        Assert.Equal(("text/plain", 5L), ((string)info["file_type"]!, (long)info["file_length"]!));
        var fetched = await JsonAsync(await console.PostAsJsonAsync("/console/api/remote-files/upload", new { url = host.Address + "/n.txt" }, Stop));
        Assert.Equal((201, "n.txt", 5L), ((int)fetched["http"]!, (string)fetched["name"]!, (long)fetched["size"]!));
        foreach (var (url, code) in new[] { ("http://127.0.0.2/", "egress_blocked"), ("file:///etc/passwd", "invalid_param"), ("", "invalid_param") })
        {
            Assert.Equal(code, (string)(await JsonAsync(await console.PostAsJsonAsync("/console/api/remote-files/upload", new { url }, Stop)))["code"]!);
        }

        using var anybody = _world.Host.CreateClient();
        Assert.Equal(401, (int)(await anybody.GetAsync("/console/api/files/upload", Stop)).StatusCode);
        Assert.Equal(401, (int)(await anybody.PostAsJsonAsync("/console/api/remote-files/upload", new { url = host.Address }, Stop)).StatusCode);
    }

    private static JsonObject Local(JsonObject file, string type) =>
        new() { ["type"] = type, ["transfer_method"] = "local_file", ["upload_file_id"] = file["id"]!.ToString() };

    private static MultipartFormDataContent Form(string name, byte[] content, string type)
    {
        var file = new ByteArrayContent(content);
        file.Headers.TryAddWithoutValidation("Content-Type", type);
        file.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"file\"; filename=\"{name}\"");
        return new MultipartFormDataContent { file, { new StringContent("ann"), "user" } };
    }

    private async Task<(int Status, JsonObject Answer)> UploadAsync(string name, byte[] content, string type)
    {
        using var form = Form(name, content, type);
        using var answer = await _world.Client.PostAsync("/v1/files/upload", form, Stop);
        var read = await ChatWorld.ReadAsync(answer, Stop);
        read.Remove("http");
        return ((int)answer.StatusCode, read);
    }

    private async Task<JsonObject> SendAsync(params JsonObject[] files)
    {
        var body = ChatWorld.Body("What is this?", "ann", "blocking");
        body["files"] = new JsonArray([.. files]);
        using var answer = await _world.Client.PostAsJsonAsync("/v1/chat-messages", body, Stop);
        return await ChatWorld.ReadAsync(answer, Stop);
    }

    private async Task<HttpClient> ConsoleAsync()
    {
        var console = _world.Host.CreateClient();
        using var login = await console.PostAsJsonAsync("/console/api/login", new { email = "owner@example.com", password = "passw0rd1" }, Stop);
        console.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (string)(await ChatWorld.ReadAsync(login, Stop))["data"]!["access_token"]!);
        return console;
    }

    private static async Task<JsonObject> JsonAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return await ChatWorld.ReadAsync(answer, Stop);
        }
    }

    private static async Task<(int Status, string Code)> CodeAsync(HttpClient client, string path)
    {
        var answer = await JsonAsync(await client.GetAsync(path, Stop));
        return ((int)answer["http"]!, (string)answer["code"]!);
    }
}
