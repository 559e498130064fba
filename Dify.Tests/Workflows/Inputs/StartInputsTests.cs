using System.Text.Json.Nodes;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Storage;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Inputs;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Inputs;

public sealed class StartInputsTests
{
    private readonly FileOwner _owner = new(Guid.CreateVersion7(), null, Guid.CreateVersion7());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text-input", "", "\"a\\u0000b\"", "\"ab\"")]
    [InlineData("paragraph", "", "\"\"", "null")]
    [InlineData("text-input", "\"default\":\"d\"", "null", "\"d\"")]
    [InlineData("select", "\"options\":[\"a\",\"b\"]", "\"b\"", "\"b\"")]
    [InlineData("select", "\"options\":[\"a\"],\"default\":\"\"", "null", "null")]
    [InlineData("number", "", "\" 5 \"", "5")]
    [InlineData("number", "", "\"5.0\"", "5.0")]
    [InlineData("number", "", "\"-2.50\"", "-2.5")]
    [InlineData("number", "", "\"  \"", "null")]
    [InlineData("number", "", "1.0", "1.0")]
    [InlineData("number", "\"default\":\"3\"", "null", "3")]
    [InlineData("checkbox", "", "\"Yes\"", "true")]
    [InlineData("checkbox", "", "\"off\"", "false")]
    [InlineData("checkbox", "", "1", "true")]
    [InlineData("checkbox", "\"default\":\"true\"", "null", "true")]
    [InlineData("json_object", "", "{\"a\":[1,\"x\\u0000\"]}", "{\"a\":[1,\"x\"]}")]
    [InlineData("json_object", "\"default\":\"{\\\"a\\\":1}\"", "null", "{\"a\":1}")]
    [InlineData("json_object", "\"json_schema\":{\"required\":[\"a\"]}", "{}", "{}")]
    [InlineData("external_data_tool", "", "\"x\"", "\"x\"")]
    [InlineData("text-input", "\"max_length\":2", "\"😀😀\"", "\"😀😀\"")]
    [InlineData("file", "", "null", "null")]
    [InlineData("file", "", "\"\"", "null")]
    [InlineData("file-list", "", "[]", "null")]
    public async Task A_value_takes_the_type_of_its_field(string kind, string more, string given, string expected) =>
        Assert.Equal(JsonNode.Parse(expected)?.ToJsonString() ?? "null", await ReadAsync(kind, more, given));

    [Theory]
    [InlineData("text-input", "\"required\":true", "null", "v is required in input form")]
    [InlineData("text-input", "", "5", "(type 'text-input') v in input form must be a string")]
    [InlineData("paragraph", "", "[\"x\"]", "(type 'paragraph') v in input form must be a string")]
    [InlineData("text-input", "\"max_length\":3", "\"abcd\"", "v in input form must be less than 3 characters")]
    [InlineData("select", "\"options\":[\"a\",\"b\"]", "\"c\"", "v in input form must be one of the following: ['a', 'b']")]
    [InlineData("number", "", "\"x\"", "v in input form must be a valid number")]
    [InlineData("number", "", "\"1e5\"", "v in input form must be a valid number")]
    [InlineData("number", "", "true", "v in input form must be a valid number")]
    [InlineData("json_object", "", "\"{}\"", "v in input form must be a dict")]
    [InlineData("json_object", "", "[1]", "v in input form must be a dict")]
    [InlineData("json_object", "\"json_schema\":{\"required\":[\"a\"]}", "{\"b\":1}", "JSON object for 'v' does not match schema: 'a' is a required property")]
    [InlineData("json_object", "\"json_schema\":\"{\\\"properties\\\":{\\\"a\\\":{\\\"type\\\":\\\"string\\\"}}}\"", "{\"a\":1}", "JSON object for 'v' does not match schema: 1 is not of type 'string'")]
    [InlineData("file", "", "\"x\"", "v in input form must be a file")]
    [InlineData("file-list", "", "[\"x\"]", "v in input form must be a list of files")]
    [InlineData("file-list", "\"max_length\":1", "[{},{}]", "v in input form must be less than 1 files")]
    [InlineData("file", "", "{\"type\":\"image\"}", "transfer_method is required in file mapping")]
    [InlineData("file", "", "{\"transfer_method\":\"local_file\"}", "Invalid upload file id")]
    [InlineData("file", "", "{\"transfer_method\":\"local_file\",\"upload_file_id\":\"../x\"}", "Invalid upload file id format")]
    [InlineData("file", "", "{\"transfer_method\":\"remote_url\"}", "Invalid file url")]
    [InlineData("file", "", "{\"transfer_method\":\"remote_url\",\"url\":\"file:///etc/passwd\"}", "Invalid file url: only http and https addresses are read.")]
    [InlineData("file", "", "{\"transfer_method\":\"ftp\",\"url\":\"x\"}", "Invalid file transfer method: use local_file or remote_url.")]
    public async Task A_value_that_does_not_fit_is_refused_in_difys_words(string kind, string more, string given, string message)
    {
        var refusal = await Assert.ThrowsAsync<DifyException>(() => ReadAsync(kind, more, given));
        Assert.Equal((ErrorCodes.InvalidParam, message), (refusal.Code, refusal.Message));
    }

    [Theory]
    [InlineData("""{"type":"object","additionalProperties":false}""", """{"x":1}""", "Additional properties are not allowed ('x' was unexpected)")]
    [InlineData("""{"properties":{"a":{"enum":[1,"b"]}}}""", """{"a":2}""", "2 is not one of [1, 'b']")]
    [InlineData("""{"properties":{"a":{"const":true}}}""", """{"a":1}""", "True was expected")]
    [InlineData("""{"properties":{"a":{"minimum":3}}}""", """{"a":2.5}""", "2.5 is less than the minimum of 3")]
    [InlineData("""{"properties":{"a":{"items":{"type":["integer","null"]}}}}""", """{"a":[1,null,1.5]}""", "1.5 is not of type 'integer', 'null'")]
    [InlineData("""{"properties":{"a":{"pattern":"^x+$"}}}""", """{"a":"y"}""", "'y' does not match '^x+$'")]
    [InlineData("""{"definitions":{"n":{"type":"number"}},"properties":{"a":{"$ref":"#/definitions/n"}}}""", """{"a":"y"}""", "'y' is not of type 'number'")]
    [InlineData("""{"properties":{"a":{"$ref":"#"}}}""", """{"a":{"a":{}}}""", null)]
    [InlineData("""{"$ref":"#"}""", "{}", "the schema is too complex to be checked")]
    [InlineData("""{"properties":{"a":{"pattern":"^(a+)+$"}}}""", """{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}""", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' does not match '^(a+)+$'")]
    [InlineData("""{"anyOf":[{"required":["a"]},{"required":["b"]}]}""", """{"c":1}""", "{'c': 1} is not valid under any of the given schemas")]
    [InlineData("""{"not":{"required":["a"]}}""", """{"a":1}""", "{'a': 1} should not be valid under {'required': ['a']}")]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]}}""", """{"a":1}""", "'b' is a required property")]
    [InlineData("""{"properties":{"a":{"uniqueItems":true}}}""", """{"a":[1,1.0]}""", "[1, 1.0] has non-unique elements")]
    [InlineData("""{"properties":{"a":{"type":"integer","multipleOf":2,"maximum":10}},"required":["a"]}""", """{"a":4}""", null)]
    public void A_schema_of_draft_7_is_checked(string schema, string value, string? problem) =>
        Assert.Equal(problem, JsonSchema.Problem(JsonNode.Parse(schema)!, JsonNode.Parse(value)));

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task Files_of_the_caller_become_file_values_and_those_of_others_are_not_found(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var inputs = database.Get<StartInputs>();
        var picture = await UploadAsync(database, "a.PNG", [0x89, 0x50, 0x4E, 0x47]);
        var text = await UploadAsync(database, "b.txt", [.. "hi"u8]);
        StartField[] form =
        [
            new() { Variable = "one", Kind = "file", Files = new() { Kinds = ["image"], Methods = ["local_file"] } },
            new() { Variable = "more", Kind = "file-list", MaxLength = 2, Files = new() { Kinds = ["custom"], Extensions = ["txt"] } },
        ];
        var read = await inputs.ReadAsync(
            form,
            new JsonObject { ["one"] = Local(picture, "image"), ["more"] = new JsonArray(Local(text, "document"), Local(text, "custom")), ["other"] = 1 },
            _owner, cancellationToken: Stop);

        Assert.Equal(["one", "more"], read.Select(item => item.Key));
        var one = read["one"]!;
        Assert.Equal(("image", "local_file", "a.PNG", ".png", "image/png", 4L),
            (one["type"]!.ToString(), one["transfer_method"]!.ToString(), one["filename"]!.ToString(), one["extension"]!.ToString(), one["mime_type"]!.ToString(), (long)one["size"]!));
        Assert.StartsWith($"/files/{picture}/file-preview?timestamp=", one["url"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["document", "custom"], read["more"]!.AsArray().Select(file => file!["type"]!.ToString()));

        async Task<string> RefusedAsync(JsonNode file, FileOwner who, string variable = "one") => (await Assert.ThrowsAsync<DifyException>(
            () => inputs.ReadAsync(form, new JsonObject { [variable] = file }, who, cancellationToken: Stop))).Message;
        var notFound = "Invalid upload file: there is no such file of this user. Upload it again.";
        Assert.Equal(notFound, await RefusedAsync(Local(picture, "image"), _owner with { EndUserId = Guid.CreateVersion7() }));
        Assert.Equal(notFound, await RefusedAsync(Local(picture, "image"), _owner with { WorkspaceId = Guid.CreateVersion7() }));
        Assert.Equal(notFound, await RefusedAsync(Local(picture, "image"), new FileOwner(_owner.WorkspaceId, _owner.EndUserId, null)));
        Assert.Equal("Detected file type does not match the specified type. Please verify the file.", await RefusedAsync(Local(text, "image"), _owner));
        Assert.StartsWith("File validation failed for file: b.txt", await RefusedAsync(Local(text, "document"), _owner), StringComparison.Ordinal);
        Assert.StartsWith("File validation failed for file: a.PNG", await RefusedAsync(new JsonArray(Local(picture, "custom")), _owner, "more"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_is_looked_at_once_through_the_guard()
    {
        await using var host = await OtherHost.StartAsync(http =>
        {
            http.Response.ContentType = "image/png";
            http.Response.ContentLength = http.Request.Path == "/huge" ? 11 * 1024 * 1024 : 1234;
            return Task.CompletedTask;
        });
        await using var database = await TestDatabase.CreateAsync(settings: [OtherHost.Allowed]);
        var inputs = database.Get<StartInputs>();
        async Task<JsonArray> MapAsync(string url, string? method = null) => await inputs.ReadFilesAsync(
            [new JsonObject { ["type"] = "image", ["transfer_method"] = "remote_url", ["url"] = url }],
            new FileRules { Kinds = ["image"], Methods = method is null ? [] : [method], MaxCount = 1 }, _owner, Stop);

        var file = (await MapAsync(host.Address + "/cat?size=1"))[0]!;
        Assert.Equal(("HEAD", "/cat?size=1"), (host.Requests.Single().Method, host.Requests.Single().Target));
        Assert.Equal((".png", "image/png", 1234L, "cat", host.Address + "/cat?size=1"),
            (file["extension"]!.ToString(), file["mime_type"]!.ToString(), (long)file["size"]!, file["filename"]!.ToString(), file["url"]!.ToString()));
        Assert.Equal(ErrorCodes.FileTooLarge, (await Assert.ThrowsAsync<DifyException>(() => MapAsync(host.Address + "/huge"))).Code);
        Assert.Equal(ErrorCodes.EgressBlocked, (await Assert.ThrowsAnyAsync<DifyException>(() => MapAsync("http://127.0.0.2:1/x.png"))).Code);
        Assert.Equal(ErrorCodes.InvalidParam, (await Assert.ThrowsAsync<DifyException>(() => MapAsync(host.Address, "local_file"))).Code);
        await Assert.ThrowsAsync<DifyException>(() => inputs.ReadFilesAsync([new JsonObject(), new JsonObject()], new FileRules { MaxCount = 1 }, _owner, Stop));
        await Assert.ThrowsAsync<DifyException>(() => inputs.ReadFilesAsync([new JsonObject()], null, _owner, Stop));
    }

    [Theory]
    [InlineData("""{"enabled":false,"image":{"enabled":false}}""", null)]
    [InlineData("""{"image":{"enabled":true,"number_limits":2,"transfer_methods":["remote_url"]}}""", "image||remote_url|2")]
    [InlineData("""{"image":{"enabled":true}}""", "image||remote_url,local_file|3")]
    [InlineData("""{"enabled":true,"allowed_file_types":["document","custom"],"allowed_file_extensions":[".JPG"],"allowed_file_upload_methods":["local_file"],"number_limits":0}""", "document,custom|jpg|local_file|")]
    public void The_feature_is_read_in_both_shapes(string feature, string? expected)
    {
        var rules = FileRules.OfFeature((JsonObject)JsonNode.Parse(feature)!);
        Assert.Equal(expected, rules is null ? null
            : $"{string.Join(',', rules.Kinds)}|{string.Join(',', rules.Extensions)}|{string.Join(',', rules.Methods)}|{rules.MaxCount}");
    }

    private static JsonObject Local(Guid id, string kind) => new() { ["type"] = kind, ["transfer_method"] = "local_file", ["upload_file_id"] = id.ToString() };

    private async Task<Guid> UploadAsync(TestDatabase database, string name, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        return (await database.Get<FileService>().SaveAsync(_owner.WorkspaceId, name, null, content, 100, null, _owner.EndUserId, Stop)).Id;
    }

    private async Task<string> ReadAsync(string kind, string more, string given)
    {
        var graph = new TestGraph().Build();
        graph.Nodes[0].Data["variables"] = new JsonArray(JsonNode.Parse(
            $$"""{"variable":"v","type":"{{kind}}"{{(more.Length > 0 ? "," + more : "")}}}"""));
        await using var database = await TestDatabase.CreateAsync();
        var read = await database.Get<StartInputs>().ReadAsync(
            StartForm.Read(graph.Nodes[0]), new JsonObject { ["v"] = JsonNode.Parse(given) }, _owner, cancellationToken: Stop);
        return read["v"]?.ToJsonString() ?? "null";
    }
}
