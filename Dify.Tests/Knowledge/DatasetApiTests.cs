using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Knowledge;

/// <summary>The knowledge API in process, jobs and all.</summary>
public sealed class DatasetApiTests
{
    private const HttpStatusCode BadRequest = HttpStatusCode.BadRequest;
    private const HttpStatusCode Missing = HttpStatusCode.NotFound;

    [Fact]
    public async Task A_program_fills_searches_and_maintains_a_base()
    {
        await using var host = new DifyHost();
        var client = new DatasetClient(host.CreateClient());
        await client.SetUpAsync();
        var made = await client.V1Async(HttpMethod.Post, "/datasets", new { name = "Handbook", description = "d" });
        Assert.Equal("only_me", Text(made["permission"]));
        Assert.Equal("Owner", Text(made["author_name"]));
        Assert.Null(made["indexing_technique"]);
        var dataset = Text(made["id"]);
        Assert.Equal("dataset_name_duplicate", Code(await client.V1Async(HttpMethod.Post, "/datasets", new { name = "Handbook" }, HttpStatusCode.Conflict)));
        Assert.Equal("dataset_not_initialized", Code(await client.V1Async(HttpMethod.Post, $"/datasets/{dataset}/retrieve", new { query = "x" }, BadRequest)));
        Assert.Equal("invalid_param", Code(await client.V1Async(
            HttpMethod.Post, $"/datasets/{dataset}/document/create-by-text", new { name = "n", text = "t" }, BadRequest)));

        var added = await client.V1Async(HttpMethod.Post, $"/datasets/{dataset}/document/create-by-text", new
        {
            name = "Rivers",
            text = "The Rhine flows through Basel.\n\nThe Danube flows through Vienna.",
            indexing_technique = "high_quality",
            process_rule = new { mode = "custom", rules = new { segmentation = new { separator = "\\n\\n", max_tokens = 200 } } },
        });
        Assert.Equal("waiting", Text(added["document"]!["indexing_status"]));
        var document = Text(added["document"]!["id"]);
        var status = Assert.Single(await client.WaitAsync(dataset, Text(added["batch"])))!;
        Assert.Equal("completed", Text(status["indexing_status"]));
        Assert.Equal(2, status["total_segments"]!.GetValue<int>());

        var found = await client.V1Async(HttpMethod.Post, $"/datasets/{dataset}/retrieve", new
        {
            query = "Which river flows through Vienna?",
            retrieval_model = new { search_method = "hybrid_search", reranking_enable = false, top_k = 1, score_threshold_enabled = false },
        });
        var record = Assert.Single(found["records"]!.AsArray())!;
        Assert.Contains("Danube", Text(record["segment"]!["content"]), StringComparison.Ordinal);
        Assert.Equal("Rivers", Text(record["segment"]!["document"]!["name"]));
        Assert.InRange(record["score"]!.GetValue<double>(), 0, 1);
        await RerankAsync(client, dataset);

        var path = $"/datasets/{dataset}/documents/{document}";
        var segments = (await client.V1Async(HttpMethod.Get, path + "/segments?limit=500"))["data"]!.AsArray();
        Assert.Equal(2, segments.Count);
        var edited = await client.V1Async(
            HttpMethod.Post, $"{path}/segments/{Text(segments[0]!["id"])}", new { segment = new { content = "The Elbe flows through Hamburg." } });
        Assert.Equal("The Elbe flows through Hamburg.", Text(edited["data"]!["content"]));
        await client.V1Async(HttpMethod.Post, path + "/segments", new { segments = new[] { new { content = "The Seine flows through Paris." } } });
        await client.V1Async(HttpMethod.Delete, $"{path}/segments/{Text(segments[1]!["id"])}", expected: HttpStatusCode.NoContent);
        await ExpectAsync(client, dataset, "Paris", "Seine");
        await ExpectAsync(client, dataset, "Hamburg", "Elbe");

        Assert.Equal("success", Text((await client.V1Async(
            HttpMethod.Patch, $"/datasets/{dataset}/documents/status/disable", new { document_ids = new[] { document } }))["result"]));
        Assert.Empty((await client.V1Async(HttpMethod.Post, $"/datasets/{dataset}/retrieve", new { query = "Hamburg" }))["records"]!.AsArray());
        await client.V1Async(HttpMethod.Patch, $"/datasets/{dataset}/documents/status/enable", new { document_ids = new[] { document } });
        await ExpectAsync(client, dataset, "Hamburg", "Elbe");
        await client.V1Async(HttpMethod.Patch, $"/datasets/{dataset}/documents/status/archive", new { document_ids = new[] { document } });
        Assert.Equal("archived_document_immutable", Code(await client.V1Async(HttpMethod.Delete, path, expected: HttpStatusCode.Forbidden)));
        await client.V1Async(HttpMethod.Patch, $"/datasets/{dataset}/documents/status/un_archive", new { document_ids = new[] { document } });
        Assert.Equal("available", Text((await client.V1Async(HttpMethod.Get, path))["display_status"]));
        await client.V1Async(HttpMethod.Delete, path, expected: HttpStatusCode.NoContent);
        await client.V1Async(HttpMethod.Get, path, expected: Missing);
        await client.V1Async(HttpMethod.Delete, $"/datasets/{dataset}", expected: HttpStatusCode.NoContent);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.DataFolder, "files"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Files_come_in_by_form_and_wrong_ones_are_refused_with_nothing_kept()
    {
        await using var host = new DifyHost(settings: [new("Uploads:FileSizeMegabytes", "1")]);
        var client = new DatasetClient(host.CreateClient());
        await client.SetUpAsync();
        var dataset = await client.CreateDatasetAsync("Files");
        var added = await client.CreateByFileAsync(
            dataset, "../../etc/passwd.txt", Encoding.UTF8.GetBytes("root is here"));
        Assert.Equal("passwd.txt", Text(added["document"]!["name"]));
        Assert.Equal("completed", Text((await client.WaitAsync(dataset, Text(added["batch"])))[0]!["indexing_status"]));

        Assert.Equal("unsupported_file_type", Code(await client.CreateByFileAsync(
            dataset, "a.exe", [1, 2, 3], expected: HttpStatusCode.UnsupportedMediaType)));
        Assert.Equal("unsupported_file_type", Code(await client.CreateByFileAsync(
            dataset, "a.pdf", Encoding.UTF8.GetBytes("this is no PDF"), expected: HttpStatusCode.UnsupportedMediaType)));
        Assert.Equal("file_too_large", Code(await client.CreateByFileAsync(
            dataset, "a.txt", new byte[(1 << 20) + 1], expected: HttpStatusCode.RequestEntityTooLarge)));
        Assert.Equal("invalid_param", Code(await client.CreateByFileAsync(
            dataset, "a.txt", [65], new { process_rule = new { mode = "custom", rules = new { segmentation = new { max_tokens = 1 } } } }, BadRequest)));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(host.DataFolder, "files"), "*", SearchOption.AllDirectories));

        var replaced = await client.V1Async(
            HttpMethod.Post, $"/datasets/{dataset}/documents/{Text(added["document"]!["id"])}/update-by-text", new { name = "New", text = "quite another text" });
        Assert.Equal("completed", Text((await client.WaitAsync(dataset, Text(replaced["batch"])))[0]!["indexing_status"]));
        await ExpectAsync(client, dataset, "another text", "quite another text");
    }

    [Fact]
    public async Task Wrong_requests_get_a_coded_answer_and_never_a_500()
    {
        await using var host = new DifyHost();
        using var http = host.CreateClient();
        var client = new DatasetClient(http);
        await client.SetUpAsync();
        var dataset = await client.CreateDatasetAsync("Wrong");
        var nobody = Guid.CreateVersion7();
        foreach (var (method, path, body, expected) in new (HttpMethod, string, object?, HttpStatusCode)[]
        {
            (HttpMethod.Post, "/datasets", new { }, BadRequest),
            (HttpMethod.Post, "/datasets", new { name = new string('x', 41) }, BadRequest),
            (HttpMethod.Post, "/datasets", new { name = "a", permission = "everyone" }, BadRequest),
            (HttpMethod.Post, "/datasets", new { name = 5 }, BadRequest),
            (HttpMethod.Post, "/datasets", new { name = "a", embedding_model = "m", embedding_model_provider = "openai" }, BadRequest),
            (HttpMethod.Post, "/datasets", new { name = "a", retrieval_model = new { top_k = 0 } }, BadRequest),
            (HttpMethod.Get, $"/datasets/{nobody}", null, Missing),
            (HttpMethod.Get, "/datasets/not-an-id", null, Missing),
            (HttpMethod.Patch, $"/datasets/{dataset}", new { indexing_technique = "economy" }, BadRequest),
            (HttpMethod.Delete, $"/datasets/{nobody}", null, Missing),
            (HttpMethod.Get, $"/datasets/{dataset}/documents?status=odd", null, BadRequest),
            (HttpMethod.Get, $"/datasets/{dataset}/documents/{nobody}", null, Missing),
            (HttpMethod.Get, $"/datasets/{dataset}/documents/{nobody}/segments", null, Missing),
            (HttpMethod.Get, $"/datasets/{dataset}/documents/none/indexing-status", null, Missing),
            (HttpMethod.Patch, $"/datasets/{dataset}/documents/status/explode", new { document_ids = new[] { nobody } }, BadRequest),
            (HttpMethod.Patch, $"/datasets/{dataset}/documents/status/enable", new { document_ids = new[] { nobody } }, Missing),
            (HttpMethod.Patch, $"/datasets/{dataset}/documents/status/enable", new { }, BadRequest),
            (HttpMethod.Post, $"/datasets/{dataset}/document/create-by-text", new { name = "", text = "x" }, BadRequest),
            (HttpMethod.Post, $"/datasets/{dataset}/document/create-by-text", new { name = "x", text = "  " }, BadRequest),
            (HttpMethod.Post, $"/datasets/{dataset}/document/create-by-text", new { name = "x", text = "y", doc_form = "qa_model" }, BadRequest),
            (HttpMethod.Post, $"/datasets/{dataset}/document/create-by-file", new { }, BadRequest),
            (HttpMethod.Post, $"/datasets/{dataset}/retrieve", new { query = new string('x', 251) }, BadRequest),
            (HttpMethod.Post, $"/datasets/{dataset}/retrieve", new { }, BadRequest),
        })
        {
            var answer = await client.V1Async(method, path, body, expected);
            Assert.Equal((int)expected, answer["status"]!.GetValue<int>());
            Assert.NotEmpty(Code(answer));
            Assert.NotEmpty(Text(answer["message"]));
        }

        using var keyless = await http.PostAsJsonAsync("/v1/datasets", new { name = "x" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, keyless.StatusCode);
        await client.V1Async(HttpMethod.Patch, $"/datasets/{dataset}", new { enable_api = false });
        Assert.Equal("forbidden", Code(await client.V1Async(HttpMethod.Get, $"/datasets/{dataset}", expected: HttpStatusCode.Forbidden)));
        Assert.Equal(dataset, Text((await client.ConsoleAsync(HttpMethod.Get, $"/datasets/{dataset}"))["id"]));
    }

    private static async Task RerankAsync(DatasetClient client, string dataset)
    {
        object Settings(string provider, string model) => new
        {
            search_method = "hybrid_search", reranking_enable = true, reranking_mode = "reranking_model", top_k = 2, score_threshold_enabled = true,
            score_threshold = 0.9, reranking_model = new { reranking_provider_name = provider, reranking_model_name = model },
        };
        var changed = await client.V1Async(HttpMethod.Patch, $"/datasets/{dataset}", new { retrieval_model = Settings("builtin", "overlap") });
        Assert.Equal(
            "true reranking_model builtin overlap",
            string.Join(' ', ((string[])["reranking_enable", "reranking_mode"]).Select(name => changed["retrieval_model_dict"]![name]!.ToString())
                .Concat(changed["retrieval_model_dict"]!["reranking_model"]!.AsObject().Select(part => part.Value!.ToString()))));
        var found = await client.V1Async(HttpMethod.Post, $"/datasets/{dataset}/retrieve", new { query = "The Danube in Vienna" });
        Assert.Equal(1, Assert.Single(found["records"]!.AsArray())!["score"]!.GetValue<double>());
        Assert.Equal("provider_not_initialize", Code(await client.V1Async(
            HttpMethod.Post, $"/datasets/{dataset}/retrieve", new { query = "Danube", retrieval_model = Settings("cohere", "rerank-v3.5") }, BadRequest)));
        await client.V1Async(HttpMethod.Patch, $"/datasets/{dataset}", new { retrieval_model = new { search_method = "hybrid_search", reranking_enable = false } });
    }

    private static async Task ExpectAsync(DatasetClient client, string dataset, string query, string expected)
    {
        var found = await client.V1Async(HttpMethod.Post, $"/datasets/{dataset}/retrieve", new { query });
        Assert.Contains(expected, Text(found["records"]![0]!["segment"]!["content"]), StringComparison.Ordinal);
    }

    private static string Code(JsonNode answer) => Text(answer["code"]);

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
