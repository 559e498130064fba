using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dify.Core.Accounts.Mail;
using Dify.Core.Workspaces.Setup;
using Dify.Tests.Accounts;
using Dify.Tests.Support;
using Dify.Web.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dify.Tests.Web.Endpoints;

public sealed partial class ConsoleAccountTests : IAsyncDisposable
{
    private const string Owner = "owner@example.com";
    private const string Password = "correct1horse";
    private readonly FakeMail _mail = new();
    private readonly DifyHost _host;
    private readonly HttpClient _client;

    public ConsoleAccountTests()
    {
        _host = new DifyHost(configure: services => services.AddSingleton<IMailSender>(_mail));
        _client = _host.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Until_the_first_account_every_page_leads_to_the_setup_and_never_again_afterwards()
    {
        Assert.Equal("/install", (await _client.GetAsync("/apps", Stop)).Headers.Location?.ToString());
        Assert.Equal("/install", (await _client.GetAsync("/signin", Stop)).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/install", Stop)).StatusCode);
        Assert.Equal("not_started", (await GetAsync("/console/api/setup")).GetProperty("step").GetString());
        Assert.Equal((401, "not_setup"), await PostForErrorAsync("/console/api/login", new { email = Owner, password = Password }));

        await SetUpAsync();
        Assert.Equal("/signin", (await _client.GetAsync("/install", Stop)).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/signin", Stop)).StatusCode);
        Assert.Equal("finished", (await GetAsync("/console/api/setup")).GetProperty("step").GetString());
        Assert.Equal((409, "already_setup"), await PostForErrorAsync("/console/api/setup", new { email = "x@example.com", name = "X", password = Password }));
    }

    [Fact]
    public async Task Login_answers_as_the_form_expects()
    {
        await SetUpAsync();
        var success = await PostAsync("/console/api/login", new { email = Owner, password = Password, language = "en-US", remember_me = true });
        Assert.Equal("success", success.GetProperty("result").GetString());
        Assert.StartsWith("dat_", success.GetProperty("data").GetProperty("access_token").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("drt_", success.GetProperty("data").GetProperty("refresh_token").GetString(), StringComparison.Ordinal);

        var mismatch = await PostAsync("/console/api/login", new { email = Owner, password = "wrong1password" });
        Assert.Equal(("fail", "email_or_password_mismatch"), (mismatch.GetProperty("result").GetString(), mismatch.GetProperty("code").GetString()));
        Assert.Equal(JsonValueKind.String, mismatch.GetProperty("data").ValueKind);

        var unknown = await PostAsync("/console/api/login", new { email = "nobody@example.com", password = Password });
        Assert.Equal(("fail", "account_not_found"), (unknown.GetProperty("result").GetString(), unknown.GetProperty("code").GetString()));

        var invited = await PostAsync("/console/api/login", new { email = Owner, password = Password, invite_token = "made-up" });
        Assert.Equal("invitation_invalid", invited.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"email\":null,\"password\":null}")]
    [InlineData("{\"email\":[\"owner@example.com\"],\"password\":\"correct1horse\"}")]
    [InlineData("{\"email\":\"owner@example.com\",\"password\":{\"$ne\":\"\"}}")]
    [InlineData("{\"email\":\"owner@example.com\"")]
    public async Task A_malformed_login_is_a_coded_400(string body)
    {
        await SetUpAsync();
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        var answer = await _client.PostAsync("/console/api/login", content, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(400, error.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(error.GetProperty("code").GetString()));
        Assert.DoesNotContain("   at ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_open_the_console_rotate_and_end_with_the_logout()
    {
        await SetUpAsync();
        var (access, refresh) = await LoginAsync(Owner);
        Assert.Equal(Owner, (await GetAsync("/console/api/account/profile", access)).GetProperty("email").GetString());
        var next = (await PostAsync("/console/api/refresh-token", new { refresh_token = refresh })).GetProperty("data");
        Assert.Equal(401, await StatusAsync(HttpMethod.Get, "/console/api/account/profile", access));
        access = next.GetProperty("access_token").GetString()!;
        Assert.Equal(200, await StatusAsync(HttpMethod.Post, "/console/api/logout", access));
        Assert.Equal(401, await StatusAsync(HttpMethod.Get, "/console/api/account/profile", access));
    }

    [Fact]
    public async Task No_answer_about_an_account_carries_a_hash_or_a_stamp()
    {
        await SetUpAsync();
        var (access, _) = await LoginAsync(Owner);
        foreach (var path in new[] { "/console/api/account/profile", "/console/api/workspaces/current/members" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
            var text = await (await _client.SendAsync(request, Stop)).Content.ReadAsStringAsync(Stop);
            Assert.DoesNotMatch(Secrets(), text);
        }
    }

    [Fact]
    public async Task A_removed_member_is_shut_out_at_once_and_cannot_see_the_list()
    {
        await SetUpAsync();
        var (owner, _) = await LoginAsync(Owner);
        var invited = await SendAsync(HttpMethod.Post, "/console/api/workspaces/current/members/invite-email", owner, new { emails = new[] { "bob@example.com" }, role = "editor", language = "en-US" });
        var result = invited.GetProperty("invitation_results")[0];
        Assert.Equal(("success", "bob@example.com"), (result.GetProperty("status").GetString(), result.GetProperty("email").GetString()));
        var token = result.GetProperty("url").GetString()!.Split("token=")[1];
        Assert.True((await GetAsync($"/console/api/activate/check?token={token}")).GetProperty("is_valid").GetBoolean());

        var joined = await PostAsync("/console/api/activate", new { token, name = "Bob", password = Password, interface_language = "en-US", timezone = "UTC", role = "owner", workspace_id = Guid.Empty });
        var bob = joined.GetProperty("data").GetProperty("access_token").GetString()!;
        Assert.False((await GetAsync($"/console/api/activate/check?token={token}")).GetProperty("is_valid").GetBoolean());
        var rows = (await GetAsync("/console/api/workspaces/current/members", bob)).GetProperty("accounts").EnumerateArray().ToList();
        var row = rows.Single(r => r.GetProperty("email").GetString() == "bob@example.com");
        Assert.Equal("editor", row.GetProperty("role").GetString());
        var id = row.GetProperty("id").GetString();

        Assert.Equal(403, await StatusAsync(HttpMethod.Put, $"/console/api/workspaces/current/members/{id}/update-role", bob, new { role = "admin" }));
        Assert.Equal(200, await StatusAsync(HttpMethod.Put, $"/console/api/workspaces/current/members/{id}/update-role", owner, new { role = "normal" }));
        Assert.Equal(403, await StatusAsync(HttpMethod.Put, $"/console/api/workspaces/current/members/{id}/update-role", owner, new { role = "owner" }));
        Assert.Equal(400, await StatusAsync(HttpMethod.Put, $"/console/api/workspaces/current/members/{id}/update-role", owner, new { role = "god" }));
        Assert.Equal(404, await StatusAsync(HttpMethod.Delete, $"/console/api/workspaces/current/members/{Guid.CreateVersion7()}", owner));
        Assert.Equal(200, await StatusAsync(HttpMethod.Delete, $"/console/api/workspaces/current/members/{id}", owner));
        Assert.Equal(403, await StatusAsync(HttpMethod.Get, "/console/api/workspaces/current/members", bob));
    }

    [Fact]
    public async Task The_link_alone_opens_no_session_of_an_account_that_exists()
    {
        await SetUpAsync();
        var (owner, _) = await LoginAsync(Owner);
        var answer = await SendAsync(HttpMethod.Post, "/console/api/workspaces/current/members/invite-email", owner, new { emails = new[] { "bob@example.com" }, role = "normal" });
        var token = answer.GetProperty("invitation_results")[0].GetProperty("url").GetString()!.Split("token=")[1];
        var created = await PostAsync("/console/api/activate", new { token, name = "Bob", password = Password });
        var id = (await GetAsync("/console/api/account/profile", created.GetProperty("data").GetProperty("access_token").GetString())).GetProperty("id").GetString();
        Assert.Equal(200, await StatusAsync(HttpMethod.Delete, $"/console/api/workspaces/current/members/{id}", owner));

        answer = await SendAsync(HttpMethod.Post, "/console/api/workspaces/current/members/invite-email", owner, new { emails = new[] { "bob@example.com" }, role = "normal" });
        token = answer.GetProperty("invitation_results")[0].GetProperty("url").GetString()!.Split("token=")[1];
        Assert.Equal((400, "email_or_password_mismatch"), await PostForErrorAsync("/console/api/activate", new { token, name = "Mallory", password = "mallory1password" }));
        Assert.Equal("success", (await PostAsync("/console/api/activate", new { token, password = Password })).GetProperty("result").GetString());
    }

    [Fact]
    public async Task Asking_for_a_reset_does_not_tell_who_has_an_account()
    {
        await SetUpAsync();
        var known = await _client.PostAsJsonAsync("/console/api/forgot-password", new { email = Owner }, Stop);
        var unknown = await _client.PostAsJsonAsync("/console/api/forgot-password", new { email = "nobody@example.com" }, Stop);
        Assert.Equal(known.StatusCode, unknown.StatusCode);
        Assert.Equal(known.Headers.Select(h => h.Key).Order(), unknown.Headers.Select(h => h.Key).Order());
        Assert.Equal(await ShapeAsync(known), await ShapeAsync(unknown));
        foreach (var email in new[] { Owner, "nobody@example.com" })
        {
            Assert.Equal((400, "email_code_error"), await PostForErrorAsync("/console/api/forgot-password/validity", new { email, token = "x", code = "123456" }));
        }

        Assert.Equal((400, "invalid_or_expired_token"), await PostForErrorAsync("/console/api/forgot-password/resets", new { token = (string?)null, new_password = "another1password" }));
    }

    [Theory]
    [InlineData("/console/api/account/profile")]
    [InlineData("/console/api/workspaces/current/members")]
    [InlineData("/Console/Api/Account/Profile")]
    public async Task Nobody_sees_the_console_without_a_token_nor_with_the_browser_cookie(string path)
    {
        await SetUpAsync();
        Assert.Equal(401, await StatusAsync(HttpMethod.Get, path));
        Assert.Equal(401, await StatusAsync(HttpMethod.Get, path, "made-up"));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", await SignInAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await _client.SendAsync(request, Stop)).StatusCode);
    }

    [Theory]
    [InlineData("/datasets?page=2", "/datasets?page=2")]
    [InlineData("//evil.example", "/apps")]
    [InlineData("/\\evil.example", "/apps")]
    [InlineData("https://evil.example", "/apps")]
    [InlineData("javascript:alert(1)", "/apps")]
    [InlineData("/\t/evil.example", "/apps")]
    [InlineData("", "/apps")]
    public async Task A_completed_sign_in_goes_on_to_a_page_of_this_site_only(string to, string expected)
    {
        await SetUpAsync();
        var answer = await _client.GetAsync(await TicketAsync(to), Stop);
        Assert.Equal(expected, answer.Headers.Location?.ToString());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("dify_session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_sign_in_ticket_works_once_and_not_from_another_site()
    {
        await SetUpAsync();
        using var foreign = new HttpRequestMessage(HttpMethod.Get, await TicketAsync("/apps"));
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.False((await _client.SendAsync(foreign, Stop)).Headers.Contains("Set-Cookie"));

        using var plain = _host.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
        var address = await TicketAsync("/apps");
        Assert.True((await plain.GetAsync(address, Stop)).Headers.Contains("Set-Cookie"));
        var again = await plain.GetAsync(address, Stop);
        Assert.Equal("/signin", again.Headers.Location?.ToString());
        Assert.False(again.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_sign_out_from_another_site_is_refused()
    {
        await SetUpAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signout") { Content = new FormUrlEncodedContent([]) };
        request.Headers.Add("Cookie", await SignInAsync());
        var answer = await _client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_forged_host_does_not_change_where_a_configured_link_points()
    {
        await using var host = new DifyHost([KeyValuePair.Create("Urls:ConsoleWeb", (string?)"https://console.example")]);
        await host.Get<SetupService>().SetUpAsync(Owner, "Owner", Password, cancellationToken: Stop);
        using var client = host.CreateClient();
        var login = await (await client.PostAsJsonAsync("/console/api/login", new { email = Owner, password = Password }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/console/api/workspaces/current/members/invite-email") { Content = JsonContent.Create(new { emails = new[] { "bob@example.com" }, role = "normal" }) };
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", login.GetProperty("data").GetProperty("access_token").GetString());
        var text = await (await client.SendAsync(request, Stop)).Content.ReadAsStringAsync(Stop);
        Assert.Contains("https://console.example/activate?token=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    private Task<Guid> SetUpAsync() => _host.Get<SetupService>().SetUpAsync(Owner, "Owner", Password, cancellationToken: Stop);

    private async Task<string> TicketAsync(string to)
    {
        var (access, _) = await LoginAsync(Owner);
        var id = (await GetAsync("/console/api/account/profile", access)).GetProperty("id").GetGuid();
        return _host.Get<SignInTickets>().CreateAddress(id, remember: true, to);
    }

    private async Task<string> SignInAsync()
    {
        var answer = await _client.GetAsync(await TicketAsync("/apps"), Stop);
        return answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("dify_session=", StringComparison.Ordinal)).Split(';')[0];
    }

    private async Task<(string Access, string Refresh)> LoginAsync(string email)
    {
        var data = (await PostAsync("/console/api/login", new { email, password = Password })).GetProperty("data");
        return (data.GetProperty("access_token").GetString()!, data.GetProperty("refresh_token").GetString()!);
    }

    private Task<JsonElement> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, token);

    private Task<JsonElement> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, null, body);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? token = null, object? body = null)
    {
        using var request = Request(method, path, token, body);
        var answer = await _client.SendAsync(request, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private async Task<int> StatusAsync(HttpMethod method, string path, string? token = null, object? body = null)
    {
        using var request = Request(method, path, token, body);
        return (int)(await _client.SendAsync(request, Stop)).StatusCode;
    }

    private async Task<(int Status, string? Code)> PostForErrorAsync(string path, object body)
    {
        var answer = await _client.PostAsJsonAsync(path, body, Stop);
        var error = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        return ((int)answer.StatusCode, error.GetProperty("code").GetString());
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? token, object? body)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static async Task<string> ShapeAsync(HttpResponseMessage answer) =>
        TokenText().Replace(await answer.Content.ReadAsStringAsync(Stop), "T");

    [GeneratedRegex("[A-Za-z0-9_-]{43}")]
    private static partial Regex TokenText();

    [GeneratedRegex("hash|stamp|AQAAAA", RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();
}
