using System.Net;
using Dify.Core.Egress;
using Dify.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dify.Tests.Egress;

public sealed class EgressTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("8.8.8.8", AddressKind.Public)]
    [InlineData("2606:4700::1111", AddressKind.Public)]
    [InlineData("127.0.0.1", AddressKind.Loopback)]
    [InlineData("127.255.0.9", AddressKind.Loopback)]
    [InlineData("::1", AddressKind.Loopback)]
    [InlineData("::ffff:7f00:1", AddressKind.Loopback)]
    [InlineData("::ffff:10.0.0.1", AddressKind.Private)]
    [InlineData("::ffff:169.254.169.254", AddressKind.Metadata)]
    [InlineData("10.1.2.3", AddressKind.Private)]
    [InlineData("172.16.0.1", AddressKind.Private)]
    [InlineData("172.31.255.255", AddressKind.Private)]
    [InlineData("172.32.0.1", AddressKind.Public)]
    [InlineData("192.168.1.1", AddressKind.Private)]
    [InlineData("fd12::1", AddressKind.Private)]
    [InlineData("100.64.0.1", AddressKind.CarrierGrade)]
    [InlineData("169.254.1.1", AddressKind.LinkLocal)]
    [InlineData("fe80::1", AddressKind.LinkLocal)]
    [InlineData("fe80::1%2", AddressKind.LinkLocal)]
    [InlineData("169.254.169.254", AddressKind.Metadata)]
    [InlineData("100.100.100.200", AddressKind.Metadata)]
    [InlineData("fd00:ec2::254", AddressKind.Metadata)]
    [InlineData("224.0.0.1", AddressKind.Multicast)]
    [InlineData("ff02::1", AddressKind.Multicast)]
    [InlineData("0.0.0.0", AddressKind.Unspecified)]
    [InlineData("::", AddressKind.Unspecified)]
    [InlineData("255.255.255.255", AddressKind.Reserved)]
    [InlineData("198.18.0.1", AddressKind.Reserved)]
    [InlineData("192.0.2.1", AddressKind.Reserved)]
    [InlineData("64:ff9b::7f00:1", AddressKind.Tunnelled)]
    [InlineData("64:ff9b:1::1", AddressKind.Tunnelled)]
    [InlineData("2002:7f00:1::", AddressKind.Tunnelled)]
    [InlineData("2001:0:53aa:64c::1", AddressKind.Tunnelled)]
    [InlineData("::7f00:1", AddressKind.Tunnelled)]
    public void An_address_is_known_for_what_it_is(string address, AddressKind kind) =>
        Assert.Equal(kind, AddressRules.Classify(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1:{0}/ok")]
    [InlineData("http://localhost:{0}/ok")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/ok")]
    [InlineData("http://0x7f.1:{0}/ok")]
    [InlineData("http://2130706433:{0}/ok")]
    [InlineData("http://0177.0.0.1:{0}/ok")]
    [InlineData("http://0.0.0.0:{0}/ok")]
    [InlineData("http://user@127.0.0.1:{0}/ok")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[64:ff9b::7f00:1]:{0}/ok")]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    public async Task What_users_name_leads_nowhere_inside(string address)
    {
        await using var target = await Target.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        using var client = database.Get<IHttpClientFactory>().CreateClient(EgressClients.Guarded);
        var uri = new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, target.Port));
        var failure = await Record.ExceptionAsync(() => client.GetAsync(uri, Cancelled));
        Assert.True(failure is EgressBlockedException or NotSupportedException, failure?.ToString() ?? "It was let through.");
        Assert.Equal(0, target.Hits);
    }

    [Fact]
    public async Task A_name_that_turns_private_is_refused_at_the_address_that_is_connected_to()
    {
        var policy = new EgressPolicy(allowPrivate: false, []);
        var answers = new Queue<IPAddress[]>([[IPAddress.Parse("127.0.0.1"), IPAddress.Parse("10.0.0.1")]]);
        var connector = new EgressConnector(policy, null, (_, _) => Task.FromResult(answers.Dequeue()));
        var failure = await Assert.ThrowsAsync<EgressBlockedException>(() => connector.AllowedAddressesAsync("rebind.example", Cancelled));
        Assert.Equal(("loopback", "egress_blocked"), (failure.Rule, failure.Code));
    }

    [Fact]
    public async Task Of_several_addresses_only_the_allowed_ones_are_tried()
    {
        var connector = new EgressConnector(new EgressPolicy(false, []), null,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("8.8.8.8")]));
        Assert.Equal([IPAddress.Parse("8.8.8.8")], await connector.AllowedAddressesAsync("mixed.example", Cancelled));
    }

    [Theory]
    [InlineData("/redirect/3", null)]
    [InlineData("/redirect/5", null)]
    [InlineData("/redirect/6", "redirects")]
    [InlineData("/away?to=http://127.0.0.2/", "loopback")]
    [InlineData("/away?to=http://169.254.169.254/", "metadata")]
    [InlineData("/away?to=file:///etc/passwd", "scheme")]
    [InlineData("/big", "size")]
    [InlineData("/endless", "size")]
    public async Task Redirects_are_checked_hop_by_hop_and_answers_limited(string path, string? rule)
    {
        await using var target = await Target.StartAsync();
        await using var database = await TestDatabase.CreateAsync(settings: new Dictionary<string, string?>
        {
            ["Egress:AllowedNetworks:0"] = "127.0.0.1/32", ["Egress:MaxResponseBytes"] = "10000",
        });
        using var client = database.Get<IHttpClientFactory>().CreateClient(EgressClients.Guarded);
        async Task<string> AskAsync() => await client.GetStringAsync(new Uri($"http://127.0.0.1:{target.Port}{path}"), Cancelled);
        if (rule is null)
        {
            Assert.Equal("ok", await AskAsync());
        }
        else
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(AskAsync);
            Assert.Equal(rule, Assert.IsType<EgressBlockedException>(failure.GetBaseException()).Rule);
        }
    }

    [Theory]
    [InlineData(true, "127.0.0.1", null)]
    [InlineData(true, "192.168.1.5", null)]
    [InlineData(true, "fd12::1", null)]
    [InlineData(true, "169.254.169.254", AddressKind.Metadata)]
    [InlineData(true, "169.254.7.7", AddressKind.LinkLocal)]
    [InlineData(true, "64:ff9b::7f00:1", AddressKind.Tunnelled)]
    [InlineData(false, "127.0.0.1", AddressKind.Loopback)]
    [InlineData(false, "192.168.1.5", AddressKind.Private)]
    public void Endpoints_of_models_may_be_private_but_never_link_local(bool allowPrivate, string address, AddressKind? refusal) =>
        Assert.Equal(refusal, new EgressPolicy(allowPrivate, []).Refusal(IPAddress.Parse(address)));

    private sealed class Target(WebApplication app) : IAsyncDisposable
    {
        public int Hits { get; private set; }

        public int Port => new Uri(app.Urls.First()).Port;

        public static async Task<Target> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var target = new Target(app);
            app.Run(target.AnswerAsync);
            await app.StartAsync();
            return target;
        }

        public async ValueTask DisposeAsync()
        {
            using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
            await app.StopAsync(atOnce.Token);
            await app.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext http)
        {
            Hits++;
            var path = http.Request.Path.Value!;
            if (path.StartsWith("/redirect/", StringComparison.Ordinal))
            {
                var left = int.Parse(path["/redirect/".Length..], System.Globalization.CultureInfo.InvariantCulture);
                http.Response.Redirect(left == 1 ? "/ok" : $"/redirect/{left - 1}");
            }
            else if (path == "/away")
            {
                http.Response.StatusCode = 302;
                http.Response.Headers.Location = http.Request.Query["to"].ToString();
            }
            else if (path is "/big" or "/endless")
            {
                http.Response.ContentLength = path == "/big" ? 20_000 : null;
                await http.Response.WriteAsync(new string('x', 20_000));
            }
            else
            {
                await http.Response.WriteAsync("ok");
            }
        }
    }
}
