using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Egress;
using Dify.Core.Files;
using Dify.Core.Storage;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Variables;
using Dify.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Dify.Tests.Workflows.Files;

public sealed class FileContentsTests
{
    private readonly Guid _workspace = Guid.CreateVersion7();
    private readonly Guid _user = Guid.CreateVersion7();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task A_stored_file_is_read_by_its_owner_only(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var value = await UploadAsync(database, endUser: _user);
        var read = await database.Get<IFileContents>().ReadAsync(Run(_workspace, _user, "service-api"), value, 100, Stop);
        Assert.Equal(("hello", "note.txt", "txt", "text/plain"), (Encoding.UTF8.GetString(read.Bytes.Span), read.Name, read.Extension, read.MimeType));

        foreach (var other in new[]
        {
            Run(_workspace, Guid.CreateVersion7(), "service-api"), Run(Guid.CreateVersion7(), _user, "service-api"), Run(_workspace, _user, "debugger"),
        })
        {
            Assert.Equal(ErrorCodes.FileNotFound, await CodeOfAsync(database, other, value));
        }
    }

    [Fact]
    public async Task A_member_does_not_read_what_another_member_or_an_end_user_sent()
    {
        await using var database = await TestDatabase.CreateAsync();
        var mine = await UploadAsync(database, member: _user);
        var run = Run(_workspace, _user, "debugger");
        Assert.Equal(5, (await database.Get<IFileContents>().ReadAsync(run, mine, 100, Stop)).Bytes.Length);
        Assert.Equal(ErrorCodes.FileNotFound, await CodeOfAsync(database, run, await UploadAsync(database, member: Guid.CreateVersion7())));
        Assert.Equal(ErrorCodes.FileNotFound, await CodeOfAsync(database, run, await UploadAsync(database, endUser: _user)));
    }

    [Fact]
    public async Task What_a_node_made_is_a_file_of_the_runs_user_with_a_link_that_opens_it_for_a_while()
    {
        await using var database = await TestDatabase.CreateAsync();
        var run = Run(_workspace, _user, "web-app");
        var value = await database.Get<ProducedFiles>().SaveAsync(run, "../../x.pdf", "application/pdf", "no pdf"u8.ToArray(), Stop);

        Assert.True(FileValues.IsFile(value));
        Assert.Equal(("tool_file", "document", "x.pdf", ".pdf", 6L),
            (value["transfer_method"]!.ToString(), value["type"]!.ToString(), value["filename"]!.ToString(), value["extension"]!.ToString(), (long)value["size"]!));
        Assert.Equal("no pdf", Encoding.UTF8.GetString((await database.Get<IFileContents>().ReadAsync(run, value, 100, Stop)).Bytes.Span));

        var query = System.Web.HttpUtility.ParseQueryString(new Uri("http://x" + value["url"]).Query);
        var links = database.Get<FileLinks>();
        var id = Guid.Parse(value["related_id"]!.ToString());
        Assert.True(links.IsValid(id, query["timestamp"], query["nonce"], query["sign"]));
        Assert.False(links.IsValid(Guid.CreateVersion7(), query["timestamp"], query["nonce"], query["sign"]));
        Assert.False(links.IsValid(id, query["timestamp"] + "0", query["nonce"], query["sign"]));
        Assert.False(links.IsValid(id, query["timestamp"], "other", query["sign"]));
        Assert.False(links.IsValid(id, "1", query["nonce"], query["sign"]));

        var answer = $"See ![x]({value["url"]}) and [y](https://old.example{value["url"]})";
        var forged = answer.Replace("sign=", "sign=A", StringComparison.Ordinal)[..^1];
        Assert.NotEqual(answer, links.Renew(answer));
        Assert.Equal(2, links.Renew(answer).Split($"(/files/tools/{id}.pdf?timestamp=").Length - 1);
        Assert.Equal(forged, links.Renew(forged));
    }

    [Fact]
    public async Task An_address_is_read_through_the_guard_within_limits()
    {
        await using var host = await OtherHost.StartAsync(async http =>
        {
            http.Response.ContentType = "text/markdown";
            await http.Response.WriteAsync("# hi");
        });
        await using var database = await TestDatabase.CreateAsync(settings: [OtherHost.Allowed]);
        var run = Run(_workspace, _user, "service-api");
        var value = FileValueBuilder.OfRemote(_workspace, $"{host.Address}/a/read%20me.md?x=1", "x", "md", "text/markdown", -1);

        var read = await database.Get<IFileContents>().ReadAsync(run, value, 4, Stop);
        Assert.Equal(("# hi", "read me.md", "md", "text/markdown"), (Encoding.UTF8.GetString(read.Bytes.Span), read.Name, read.Extension, read.MimeType));
        Assert.Equal(ErrorCodes.FileTooLarge, await CodeOfAsync(database, run, value, 3));
        value["remote_url"] = "http://127.0.0.2/";
        Assert.Equal(ErrorCodes.EgressBlocked, await CodeOfAsync(database, run, value));
        value["remote_url"] = "file:///etc/passwd";
        Assert.Equal(ErrorCodes.InvalidParam, await CodeOfAsync(database, run, value));
    }

    private static async Task<string> CodeOfAsync(TestDatabase database, RunContext run, JsonObject value, long maxBytes = 100) =>
        (await Assert.ThrowsAnyAsync<DifyException>(async () => await database.Get<IFileContents>().ReadAsync(run, value, maxBytes, Stop))).Code;

    private async Task<JsonObject> UploadAsync(TestDatabase database, Guid? member = null, Guid? endUser = null)
    {
        using var content = new MemoryStream("hello"u8.ToArray());
        var file = await database.Get<FileService>().SaveAsync(_workspace, "note.txt", "text/plain", content, 100, member, endUser, Stop);
        return database.Get<FileValueBuilder>().OfUpload(file);
    }

    private static RunContext Run(Guid workspace, Guid user, string from) => new()
    {
        RunId = Guid.CreateVersion7(), WorkspaceId = workspace, AppId = Guid.CreateVersion7(), UserId = user.ToString(), InvokeFrom = from,
    };
}
