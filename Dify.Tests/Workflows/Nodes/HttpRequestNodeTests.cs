using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Nodes.HttpRequest;
using Dify.Core.Workflows.Variables;
using Dify.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

public sealed class HttpRequestNodeTests : IAsyncLifetime
{
    private readonly VariablePool _variables = new();
    private TestDatabase _database = null!;
    private OtherHost _host = null!;
    private RunContext _context = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await OtherHost.StartAsync(AnswerAsync);
        _database = await TestDatabase.CreateAsync(settings:
        [
            OtherHost.Allowed,
            new("Workflows:HttpRequest:MaxTextBytes", "2048"),
            new("Workflows:HttpRequest:MaxBinaryBytes", "4096"),
        ]);
        _context = new RunContext
        {
            RunId = Guid.CreateVersion7(), WorkspaceId = Guid.CreateVersion7(), AppId = Guid.CreateVersion7(),
            UserId = Guid.CreateVersion7().ToString(), InvokeFrom = "service-api",
        };
        _variables.Set("s", "host", _host.Address);
        _variables.Set("s", "word", "a b&c=ü\nx");
        _variables.Set("s", "quoted", "He said \"hi\"\nbye");
        _variables.Set("s", "n", 5);
        _variables.SetSecret("KEY", "s3cret/value+1");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Url_params_and_headers_are_filled_in_line_by_line()
    {
        var result = await CallAsync("""
            "method":"GET","url":"{{#s.host#}}/p?keep=1&x=old#part",
            "params":"x:{{#s.word#}}\nx:2\nflag\n: none\n t : a:b ",
            "headers":"X-One: v:1\nX-Two\nx-one: again\nContent-Length: 3\nUser-Agent: me"
            """);
        Assert.Equal(NodeStatus.Succeeded, result.Status);
        var request = _host.Requests.Single();
        Assert.Equal("/p?keep=1&x=a%20b%26c%3D%C3%BC%0Ax&x=2&flag=&t=a%3Ab", request.Target);
        Assert.Equal(("again", "", "me"), (request.Headers["X-One"], request.Headers["X-Two"], request.Headers["User-Agent"]));
        Assert.False(request.Headers.ContainsKey("Content-Length"));
        Assert.Equal(["status_code", "body", "headers", "files"], result.Outputs.Select(output => output.Key));
        Assert.Equal((200, "ok", "text/plain"), ((int)result.Outputs["status_code"]!, result.Outputs["body"]!.ToString(), result.Outputs["headers"]!["content-type"]!.ToString()));
        Assert.StartsWith("GET /p?keep=1&x=a%20b%26c", result.ProcessData["request"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"type\":\"bearer\",\"api_key\":\"k{{#s.n#}}\"", "Authorization", "Bearer k5")]
    [InlineData("\"type\":\"basic\",\"api_key\":\"u:p\"", "Authorization", "Basic dTpw")]
    [InlineData("\"type\":\"basic\",\"api_key\":\"raw\"", "Authorization", "Basic raw")]
    [InlineData("\"type\":\"custom\",\"api_key\":\"{{#env.KEY#}}\",\"header\":\"X-Key\"", "X-Key", "s3cret/value+1")]
    [InlineData("\"type\":\"bearer\",\"api_key\":\"k\",\"header\":\"\"", "Authorization", "Bearer k")]
    public async Task Keys_are_sent_and_not_logged(string config, string header, string expected)
    {
        var result = await CallAsync($$$"""
            "method":"get","url":"{{{_host.Address}}}/?q={{#env.KEY#}}","headers":"authorization: mine",
            "authorization":{"type":"api-key","config":{ {{{config}}} } }
            """);
        Assert.Equal(NodeStatus.Succeeded, result.Status);
        Assert.Equal(expected, _host.Requests.Single().Headers[header]);
        var log = result.ProcessData["request"]!.ToString();
        Assert.Contains($"{header}: {new string('*', expected.Length)}\r\n", log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("s3cret", log, StringComparison.Ordinal);
        Assert.DoesNotContain("mine", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"type\":\"raw-text\",\"data\":[{\"type\":\"text\",\"value\":\"t {{#s.n#}}\"}]", "text/plain", "t 5")]
    [InlineData("\"type\":\"raw-text\",\"data\":\"old {{#s.n#}}\"", "text/plain", "old 5")]
    [InlineData("\"type\":\"json\",\"data\":\"{\\\"a\\\": \\\"{{#s.quoted#}}\\\", n: {{#s.n#}}, 'f': 1.0,}\"", "application/json", "{\"a\":\"He said \\\"hi\\\"\\nbye\",\"n\":5,\"f\":1.0}")]
    [InlineData("\"type\":\"x-www-form-urlencoded\",\"data\":[{\"key\":\"k\",\"value\":\"1\"},{\"key\":\"w\",\"value\":\"{{#s.word#}}\"},{\"key\":\"k\",\"value\":\"2\"}]", "application/x-www-form-urlencoded", "k=2&w=a+b%26c%3D%C3%BC%0Ax")]
    [InlineData("\"type\":\"x-www-form-urlencoded\",\"data\":\"a:1\\nb:x y\"", "application/x-www-form-urlencoded", "a=1&b=x+y")]
    [InlineData("\"type\":\"none\",\"data\":[]", null, "")]
    public async Task Bodies_have_their_usual_type_unless_the_author_names_one(string body, string? type, string expected)
    {
        await CallAsync($$"""{{Post()}},"body":{ {{body}} }""");
        var request = _host.Requests.Single();
        Assert.Equal((type, expected), (request.Headers.GetValueOrDefault("Content-Type"), request.Text));
        await CallAsync($$"""{{Post()}},"headers":"content-type: application/custom","body":{ {{body}} }""");
        Assert.Equal("application/custom", _host.Requests.Last().Headers["Content-Type"]);
    }

    [Fact]
    public async Task Forms_carry_texts_and_files_and_binary_bodies_a_file()
    {
        var file = await UploadAsync("we\"ird\r\nname.txt", "file-bytes");
        _variables.Set("s", "file", file);
        _variables.Set("s", "files", new JsonArray(file.DeepClone(), file.DeepClone()));
        var result = await CallAsync($$"""
            {{Post()}},"headers":"Content-Type: multipart/form-data","body":{"type":"form-data","data":[
              {"key":"t\"x","type":"text","value":"v"},{"key":"f","type":"file","file":["s","file"]},{"key":"g","type":"file","file":["s","files"]}]}
            """);
        Assert.Equal(NodeStatus.Succeeded, result.Status);
        var sent = _host.Requests.Single();
        Assert.StartsWith("multipart/form-data; boundary=", sent.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("name=\"t%22x\"\r\n\r\nv\r\n", sent.Text, StringComparison.Ordinal);
        Assert.Contains("name=\"f\"; filename=\"we%22irdname.txt\"\r\nContent-Type: text/plain\r\n\r\nfile-bytes\r\n", sent.Text, StringComparison.Ordinal);
        Assert.Equal(4, sent.Text.Split("file-bytes").Length);
        Assert.DoesNotContain("file-bytes", result.ProcessData["request"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("size=10 bytes>", result.ProcessData["request"]!.ToString(), StringComparison.Ordinal);

        await CallAsync($$"""{{Post()}},"body":{"type":"form-data","data":[{"key":"t","type":"text","value":"v"}]}""");
        Assert.Contains("name=\"__multipart_placeholder__\"", _host.Requests.Last().Text, StringComparison.Ordinal);
        await CallAsync($$"""{{Post()}},"body":{"type":"binary","data":[{"type":"file","file":["s","file"]}]}""");
        Assert.Equal("file-bytes", _host.Requests.Last().Text);
    }

    [Theory]
    [InlineData("\"method\":\"get\",\"url\":\"\"", "InvalidURLError", "url is required")]
    [InlineData("\"method\":\"get\",\"url\":\"ftp://x\"", "InvalidURLError", "url should start with http:// or https://")]
    [InlineData("\"method\":\"get\",\"url\":\"file:///etc/passwd\"", "InvalidURLError", "url should start with http:// or https://")]
    [InlineData("\"method\":\"get\",\"url\":\"http://\"", "InvalidURLError", "The url is not an address that can be called. Check its host and port.")]
    [InlineData("\"method\":\"options\",\"url\":\"http://x\"", "InvalidHttpMethodError", "Invalid http method options")]
    [InlineData("\"method\":\"get\",\"url\":\"http://x\",\"authorization\":{\"type\":\"api-key\",\"config\":{\"type\":\"bearer\",\"api_key\":\" \"}}", "AuthorizationConfigError", "API key is required for authorization but was empty. Please provide a valid API key.")]
    [InlineData("\"method\":\"get\",\"url\":\"http://x\",\"authorization\":{\"type\":\"api-key\",\"config\":null}", "AuthorizationConfigError", "authorization config is required")]
    [InlineData("\"method\":\"post\",\"url\":\"http://x\",\"body\":{\"type\":\"json\",\"data\":[]}", "RequestBodyError", "json body type should have exactly one item")]
    [InlineData("\"method\":\"post\",\"url\":\"http://x\",\"body\":{\"type\":\"json\",\"data\":\"no json\"}", "RequestBodyError", "Failed to parse JSON: no json")]
    [InlineData("\"method\":\"post\",\"url\":\"http://x\",\"body\":{\"type\":\"binary\",\"data\":[{\"type\":\"file\",\"file\":[\"s\",\"n\"]}]}", "FileFetchError", "cannot fetch file with selector ['s', 'n']")]
    [InlineData("\"method\":\"get\",\"url\":\"http://x\",\"headers\":\"X-A: {{#s.word#}}\"", "HttpRequestNodeError", "The header 'X-A' would hold a line break. Take line breaks out of its variables.")]
    public async Task What_makes_no_request_fails_with_difys_names(string settings, string type, string message)
    {
        var result = await CallAsync(settings);
        Assert.Equal((NodeStatus.Failed, type, message), (result.Status, result.ErrorType, result.Error));
    }

    [Fact]
    public async Task A_variable_may_bring_several_headers_when_the_line_is_its_own()
    {
        _variables.Set("s", "headers", "X-A: 1\nX-B: 2");
        await CallAsync("""
            "method":"get","url":"{{#s.host#}}","headers":"{{#s.headers#}}"
            """);
        Assert.Equal(("1", "2"), (_host.Requests.Single().Headers["X-A"], _host.Requests.Single().Headers["X-B"]));
    }

    [Theory]
    [InlineData("text/html", "", "<p>", false)]
    [InlineData("text/csv", "", "a,b", false)]
    [InlineData("application/json", "", "{}", false)]
    [InlineData("application/problem+xml", "", "<a/>", false)]
    [InlineData("application/octet-stream", "", "var x = 1", false)]
    [InlineData("application/octet-stream", "", "plain words", true)]
    [InlineData("application/pdf", "", "plain words", true)]
    [InlineData("image/png", "", "{}", true)]
    [InlineData("audio/mpeg", "", "x", true)]
    [InlineData("font/woff", "", "x", false)]
    [InlineData("", "", "x", false)]
    [InlineData("text/plain", "attachment; filename=\"a b.txt\"", "x", true)]
    [InlineData("text/plain", "inline", "x", false)]
    [InlineData("text/plain", "inline; filename=q.txt", "x", true)]
    public async Task Files_are_told_from_text(string type, string disposition, string content, bool isFile)
    {
        var result = await CallAsync($$"""
            "method":"get","url":"{{_host.Address}}/answer","params":"type:{{type}}\ndisposition:{{disposition.Replace("\"", "\\\"", StringComparison.Ordinal)}}\ncontent:{{content}}"
            """);
        Assert.Equal(isFile ? "" : content, result.Outputs["body"]!.ToString());
        var files = result.Outputs["files"]!.AsArray();
        Assert.Equal(isFile ? 1 : 0, files.Count);
        if (isFile)
        {
            var read = await _database.Get<IFileContents>().ReadAsync(_context, files[0]!.AsObject(), 100, Stop);
            Assert.Equal(content, Encoding.UTF8.GetString(read.Bytes.Span));
            Assert.Equal("tool_file", files[0]!["transfer_method"]!.ToString());
        }
    }

    [Theory]
    [InlineData("big?size=2048&type=text/plain", null)]
    [InlineData("big?size=2049&type=text/plain", "Text size is too large, max size is 0.00 MB, but current size is 2.00 KB.")]
    [InlineData("big?size=4096&type=image/png", null)]
    [InlineData("big?size=5000000&type=image/png", "File size is too large, max size is 0.00 MB, but current size is 4.77 MB.")]
    [InlineData("endless?type=image/png", "File size is too large, max size is 0.00 MB, but current size is 4.00 KB or more.")]
    [InlineData("bomb", "Text size is too large, max size is 0.00 MB, but current size is 4.00 KB or more.")]
    public async Task Answers_are_limited_in_size_after_unpacking(string path, string? error)
    {
        var result = await CallAsync($$"""
            "method":"get","url":"{{_host.Address}}/{{path}}"
            """);
        Assert.Equal(error, result.Error);
        Assert.Equal(error is null ? null : "ResponseSizeError", result.ErrorType);
    }

    [Theory]
    [InlineData("", NodeStatus.Succeeded)]
    [InlineData(",\"error_strategy\":\"fail-branch\"", NodeStatus.Failed)]
    [InlineData(",\"retry_config\":{\"retry_enabled\":true,\"max_retries\":1}", NodeStatus.Failed)]
    [InlineData(",\"retry_config\":{\"retry_enabled\":false}", NodeStatus.Succeeded)]
    public async Task A_bad_status_fails_the_node_only_where_failures_are_taken_care_of(string more, NodeStatus status)
    {
        var result = await CallAsync($$"""
            "method":"get","url":"{{_host.Address}}/status/503"{{more}}
            """);
        Assert.Equal((status, 503), (result.Status, (int)result.Outputs["status_code"]!));
        Assert.Equal(status == NodeStatus.Failed ? "Request failed with status code 503" : null, result.Error);
        Assert.Equal(status == NodeStatus.Failed ? "HTTPResponseCodeError" : null, result.ErrorType);
        Assert.NotNull(result.ProcessData["request"]);
    }

    [Fact]
    public async Task Redirects_are_followed_without_the_key_to_other_hosts()
    {
        await using var other = await OtherHost.StartAsync(http => http.Response.WriteAsync("there"));
        var result = await CallAsync($$"""
            "method":"post","url":"{{_host.Address}}/go?to={{Uri.EscapeDataString(other.Address)}}","body":{"type":"raw-text","data":"x"},
            "authorization":{"type":"api-key","config":{"type":"custom","header":"X-Key","api_key":"k"} }
            """);
        Assert.Equal("there", result.Outputs["body"]!.ToString());
        var request = Assert.Single(other.Requests);
        Assert.Equal(("GET", ""), (request.Method, request.Text));
        Assert.False(request.Headers.ContainsKey("X-Key"));
    }

    [Theory]
    [InlineData("silent", "\"read\":0.3", "timed out")]
    [InlineData("stall", "\"read\":0.3", "timed out")]
    public async Task A_silent_host_is_given_up(string path, string timeout, string error)
    {
        var result = await CallAsync($$"""
            "method":"get","url":"{{_host.Address}}/{{path}}","timeout":{"connect":1,{{timeout}},"write":0}
            """);
        Assert.Equal("HttpRequestNodeError", result.ErrorType);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_named()
    {
        var port = _host.Port;
        await _host.DisposeAsync();
        var result = await CallAsync($$"""
            "method":"get","url":"http://127.0.0.1:{{port}}/"
            """);
        Assert.Equal($"127.0.0.1 refuses connections on port {port}. Check the address and whether the server runs.", result.Error);
        Assert.NotNull(result.ProcessData["request"]);
    }

    [Fact]
    public async Task Another_users_file_is_not_sent()
    {
        var file = await UploadAsync("a.txt", "secret", Guid.CreateVersion7());
        _variables.Set("s", "file", file);
        var result = await CallAsync($$"""{{Post()}},"body":{"type":"binary","data":[{"type":"file","file":["s","file"]}]}""");
        Assert.Equal(("FileFetchError", ErrorCodes.FileNotFound), (result.ErrorType, result.ErrorCode));
        Assert.Empty(_host.Requests);
    }

    private string Post() => $"\"method\":\"post\",\"url\":\"{_host.Address}\"";

    private Task<NodeResult> CallAsync(string settings) => NodeCall.RunAsync(
        _database.Get<HttpRequestNode>(), "http-request", (JsonObject)JsonNode.Parse("{" + settings + "}")!, _variables, _context);

    private async Task<JsonObject> UploadAsync(string name, string content, Guid? user = null)
    {
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(content));
        var file = await _database.Get<FileService>().SaveAsync(
            _context.WorkspaceId, name, null, bytes, 1000, null, user ?? Guid.Parse(_context.UserId), Stop);
        return _database.Get<FileValueBuilder>().OfUpload(file);
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var query = http.Request.Query;
        http.Response.ContentType = query["type"].ToString() is { Length: > 0 } type ? type : "text/plain";
        switch (http.Request.Path.Value)
        {
            case "/answer":
                http.Response.ContentType = query["type"];
                if (query["disposition"].ToString() is { Length: > 0 } disposition)
                {
                    http.Response.Headers.ContentDisposition = disposition;
                }

                await http.Response.WriteAsync(query["content"].ToString());
                break;
            case "/big":
                http.Response.ContentLength = int.Parse(query["size"].ToString(), CultureInfo.InvariantCulture);
                await http.Response.WriteAsync(new string('x', (int)http.Response.ContentLength));
                break;
            case "/endless":
                while (!http.RequestAborted.IsCancellationRequested)
                {
                    await http.Response.WriteAsync(new string('x', 1000), http.RequestAborted);
                }

                break;
            case "/bomb":
                http.Response.Headers.ContentEncoding = "gzip";
                await using (var gzip = new System.IO.Compression.GZipStream(http.Response.Body, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
                {
                    await gzip.WriteAsync(new byte[20_000_000]);
                }

                break;
            case "/go":
                http.Response.Redirect(query["to"].ToString());
                break;
            case "/silent":
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
                break;
            case "/stall":
                await http.Response.WriteAsync("x");
                await http.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
                break;
            case { } path when path.StartsWith("/status/", StringComparison.Ordinal):
                http.Response.StatusCode = int.Parse(path["/status/".Length..], CultureInfo.InvariantCulture);
                break;
            default:
                await http.Response.WriteAsync("ok");
                break;
        }
    }
}
