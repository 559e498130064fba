using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Egress;
using Dify.Core.Models;
using Dify.Core.Tools;
using Dify.Core.Tools.BuiltIn.Web;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Inputs;
using Dify.Core.Workflows.Nodes.HttpRequest;
using Dify.Core.Workflows.Variables;
using Dify.Tests.Support;
using Dify.Tests.Workflows.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Egress;

/// <summary>
/// Requests that must lead nowhere inside, tried at every place where somebody outside can name an address. The canary
/// listens on loopback and must hear nothing.
/// </summary>
public sealed class AttackListTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Queue<IPAddress[]>> _names = [];
    private readonly RunContext _context = new()
    {
        RunId = Guid.CreateVersion7(), WorkspaceId = Guid.CreateVersion7(), AppId = Guid.CreateVersion7(),
        UserId = Guid.CreateVersion7().ToString(), InvokeFrom = "service-api",
    };

    private OtherHost _canary = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> InsideAddresses()
    {
        var data = new TheoryData<string, string>();
        foreach (var consumer in Consumers)
        {
            foreach (var address in (string[])
            [
                // D1: loopback, link-local with cloud metadata, private, carrier-grade, unique local, multicast, this network.
                "http://127.0.0.1:{0}/", "http://localhost:{0}/", "http://127.1:{0}/", "http://0.0.0.0:{0}/", "http://169.254.169.254/latest/meta-data/",
                "http://[fd00:ec2::254]/", "http://100.100.100.200/", "http://168.63.129.16/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.0.1/",
                "http://100.64.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[::1]:{0}/", "http://[fc00::1]/", "http://[fe80::1]/", "http://[ff02::1]/",

                // D3: other spellings of the same address, and parsers that disagree.
                "http://0x7f.1:{0}/", "http://0177.0.0.1:{0}/", "http://2130706433:{0}/", "http://0x7f000001:{0}/", "http://127.0.0.1.:{0}/",
                "http://①②⑦.⓪.⓪.①:{0}/", "http://example.com@127.0.0.1:{0}/", "http://127.0.0.1:{0}\\@example.com/", "http://127.0.0.1:{0}#@example.com/",
                "http://127.0.0.1:{0}?@example.com/", "http://LOCALHOST:{0}/", "http://\t127.0.0.1:{0}/", "http://127.0.0.1%2f@example.com/", "http:127.0.0.1:{0}/",

                // D4: IPv4 in IPv6 clothes.
                "http://[::ffff:127.0.0.1]:{0}/", "http://[::ffff:7f00:1]:{0}/", "http://[64:ff9b::7f00:1]:{0}/", "http://[64:ff9b:1::7f00:1]:{0}/",
                "http://[2002:7f00:1::]:{0}/", "http://[2001:0:7f00:1::]:{0}/", "http://[::127.0.0.1]:{0}/", "http://[fe80::1%251]:{0}/", "http://[::ffff:0:7f00:1]:{0}/",

                // D9: other schemes, passwords, ports of other servers.
                "file:///etc/passwd", "gopher://127.0.0.1:{0}/_x", "ftp://127.0.0.1/", "dict://127.0.0.1:{0}/", "jar:http://127.0.0.1:{0}/!/", "data:text/plain,x",
                "http://user:pass@public.test/", "http://public.test:22/", "http://public.test:25/", "http://public.test:6667/",

                // D5: names.
                "http://inside.test:{0}/", "http://rebinding.test:{0}/",
            ])
            {
                data.Add(consumer, address);
            }
        }

        return data;
    }

    private static string[] Consumers => ["http node", "remote file in a run", "remote file in a message", "remote upload", "web scraper"];

    public async ValueTask InitializeAsync() => _canary = await OtherHost.StartAsync(http => http.Response.WriteAsync("inside"));

    public async ValueTask DisposeAsync() => await _canary.DisposeAsync();

    [Theory]
    [MemberData(nameof(InsideAddresses), DisableDiscoveryEnumeration = true)]
    public async Task D1_D3_D4_D5_D9_D12_an_address_that_leads_inside_is_refused(string consumer, string address)
    {
        _names["inside.test"] = new([[IPAddress.Loopback]]);
        _names["rebinding.test"] = new([[IPAddress.Parse("192.0.2.7"), IPAddress.Loopback], [IPAddress.Loopback]]);
        await using var database = await TestDatabase.CreateAsync(configure: UseNames);
        var answer = await TryAsync(database, consumer, string.Format(CultureInfo.InvariantCulture, address, _canary.Port));
        Assert.Empty(_canary.Requests);
        Assert.NotNull(answer);
        Assert.False(answer.StartsWith('[') && !address.Contains("public.test", StringComparison.Ordinal) && !address.Contains("1.:", StringComparison.Ordinal), "It was taken for a file.");
        Assert.DoesNotContain("inside", answer.Replace("inside.test", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http node", 301)]
    [InlineData("http node", 302)]
    [InlineData("http node", 303)]
    [InlineData("http node", 307)]
    [InlineData("http node", 308)]
    [InlineData("remote file in a run", 302)]
    [InlineData("remote file in a message", 307)]
    [InlineData("remote upload", 301)]
    [InlineData("web scraper", 302)]
    public async Task D2_a_redirect_that_leads_inside_is_refused_at_its_hop(string consumer, int status)
    {
        foreach (var target in new[] { "http://127.0.0.2:{0}/", "http://localhost.test:{0}/", "file:///etc/passwd", "//127.0.0.2:{0}/", "http://[::ffff:127.0.0.2]:{0}/" })
        {
            var to = string.Format(CultureInfo.InvariantCulture, target, _canary.Port);
            _names["localhost.test"] = new([[IPAddress.Parse("127.0.0.2")]]);
            await using var open = await OtherHost.StartAsync(http =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = to;
                return Task.CompletedTask;
            });
            await using var database = await TestDatabase.CreateAsync(configure: UseNames, settings: [OtherHost.Allowed]);
            Assert.NotNull(await TryAsync(database, consumer, open.Address + "/start"));
            Assert.NotEmpty(open.Requests);
            Assert.Empty(_canary.Requests);
        }
    }

    [Fact]
    public async Task D2_a_long_chain_of_redirects_ends()
    {
        await using var open = await OtherHost.StartAsync(http =>
        {
            http.Response.Redirect($"/{int.Parse(http.Request.Path.Value![1..], CultureInfo.InvariantCulture) + 1}");
            return Task.CompletedTask;
        });
        await using var database = await TestDatabase.CreateAsync(settings: [OtherHost.Allowed]);
        Assert.Contains("redirects", await TryAsync(database, "http node", open.Address + "/0"), StringComparison.Ordinal);
        Assert.Equal(6, open.Requests.Count);
    }

    [Fact]
    public async Task D5_the_address_that_was_checked_is_the_one_connected_to()
    {
        // The name is asked once for a connection, so a second answer has no chance to differ.
        var asked = 0;
        var connector = new EgressConnector(new EgressPolicy(false, []), null, (_, _) =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>(asked == 1 ? [IPAddress.Parse("192.0.2.1")] : [IPAddress.Loopback]);
        });
        await Assert.ThrowsAsync<EgressBlockedException>(() => connector.AllowedAddressesAsync("rebinding.test", Stop));
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("http://169.254.169.254/v1")]
    [InlineData("http://[fd00:ec2::254]/v1")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/v1")]
    [InlineData("http://metadata.test/v1")]
    public async Task D6_a_model_endpoint_is_never_a_metadata_service(string address)
    {
        _names["metadata.test"] = new([[IPAddress.Parse("169.254.169.254")]]);
        await using var database = await TestDatabase.CreateAsync(configure: UseNames);
        using var client = database.Get<IHttpClientFactory>().CreateClient(EgressClients.Models);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync(new Uri(address), Stop));
        Assert.IsType<EgressBlockedException>(failure.GetBaseException());
    }

    [Fact]
    public async Task D6_private_model_endpoints_can_be_switched_off()
    {
        await using var database = await TestDatabase.CreateAsync(settings: [new("Egress:AllowPrivateModelEndpoints", "false")]);
        using var client = database.Get<IHttpClientFactory>().CreateClient(EgressClients.Models);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync(new Uri(_canary.Address), Stop));
        Assert.IsType<EgressBlockedException>(failure.GetBaseException());
        Assert.Empty(_canary.Requests);
    }

    [Fact]
    public async Task D11_nothing_private_is_allowed_unless_the_operator_says_so()
    {
        await using var closed = await TestDatabase.CreateAsync();
        Assert.Contains("'loopback'", await TryAsync(closed, "http node", _canary.Address), StringComparison.Ordinal);
        await using var open = await TestDatabase.CreateAsync(settings: [OtherHost.Allowed]);
        Assert.Equal("inside", await TryAsync(open, "http node", _canary.Address));
    }

    [Theory]
    [InlineData("X-A: {{#s.evil#}}")]
    [InlineData("{{#s.evil#}}: 1")]
    public async Task D13_a_variable_cannot_add_headers_or_replace_the_key(string headers)
    {
        await using var database = await TestDatabase.CreateAsync(settings: [OtherHost.Allowed]);
        var variables = new VariablePool();
        variables.Set("s", "evil", "v\r\nAuthorization: Bearer stolen");
        var result = await NodeCall.RunAsync(
            database.Get<HttpRequestNode>(), "http-request",
            new JsonObject { ["method"] = "get", ["url"] = _canary.Address, ["headers"] = headers }, variables, _context);
        Assert.Contains("line break", result.Error, StringComparison.Ordinal);
        Assert.Empty(_canary.Requests);
    }

    [Fact]
    public async Task D13_the_key_of_the_node_wins_over_a_header_of_a_variable()
    {
        await using var database = await TestDatabase.CreateAsync(settings: [OtherHost.Allowed]);
        var variables = new VariablePool();
        variables.Set("s", "evil", "authorization: Bearer stolen\nTransfer-Encoding: chunked\nProxy-Authorization: x");
        await NodeCall.RunAsync(
            database.Get<HttpRequestNode>(), "http-request",
            new JsonObject
            {
                ["method"] = "get", ["url"] = _canary.Address, ["headers"] = "{{#s.evil#}}",
                ["authorization"] = new JsonObject { ["type"] = "api-key", ["config"] = new JsonObject { ["type"] = "bearer", ["api_key"] = "real" } },
            },
            variables, _context);
        var headers = _canary.Requests.Single().Headers;
        Assert.Equal("Bearer real", headers["Authorization"]);
        Assert.False(headers.ContainsKey("Transfer-Encoding") || headers.ContainsKey("Proxy-Authorization"));
    }

    /// <summary>What came of it: the answer, or the refusal.</summary>
    private async Task<string?> TryAsync(TestDatabase database, string consumer, string address)
    {
        try
        {
            switch (consumer)
            {
                case "http node":
                    var result = await NodeCall.RunAsync(
                        database.Get<HttpRequestNode>(), "http-request", new JsonObject { ["method"] = "get", ["url"] = address }, new VariablePool(), _context);
                    return result.Error ?? result.Outputs["body"]!.ToString();
                case "remote file in a run":
                    var file = FileValueBuilder.OfRemote(_context.WorkspaceId, address, "x", "txt", "text/plain", -1);
                    var read = await database.Get<IFileContents>().ReadAsync(_context, file, 1000, Stop);
                    return System.Text.Encoding.UTF8.GetString(read.Bytes.Span);
                case "remote upload":
                    return (await database.Get<RemoteUploads>().SaveAsync(FileOwner.Of(_context), address, Stop)).Name;
                case "web scraper":
                    // A document can talk a model into any address, so the tool is as strict as a form.
                    var scraper = new WebScraperTool(database.Get<IHttpClientFactory>(), database.Get<ModelRuntime>(), TimeProvider.System);
                    var call = new ToolCall(_context.WorkspaceId, _context.UserId, new JsonObject { ["url"] = address });
                    return string.Concat(await scraper.InvokeAsync(call, Stop).Select(message => message.ToString()).ToListAsync(Stop));
                default:
                    var files = await database.Get<StartInputs>().ReadFilesAsync(
                        [new JsonObject { ["type"] = "document", ["transfer_method"] = "remote_url", ["url"] = address }], new FileRules(), FileOwner.Of(_context), Stop);
                    return files.ToJsonString();
            }
        }
        catch (Exception refusal) when (refusal is DifyException or ToolException)
        {
            return refusal.Message;
        }
    }

    private void UseNames(IServiceCollection services) => services.AddSingleton<ResolveHost>((host, stop) =>
        host.EndsWith(".test", StringComparison.Ordinal)
            ? _names.TryGetValue(host, out var answers) && answers.Count > 0
                ? Task.FromResult(answers.Count > 1 ? answers.Dequeue() : answers.Peek())
                : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound))
            : Dns.GetHostAddressesAsync(host, stop));
}
