using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Dify.Core.Files;
using Dify.Core.Workflows.Engine;
using Dify.Core.Workflows.Files;
using Dify.Core.Workflows.Nodes.DocumentExtractor;
using Dify.Core.Workflows.Variables;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Workflows.Nodes;

public sealed class DocumentExtractorNodeTests : IAsyncLifetime
{
    private const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    private readonly RunContext _context = new()
    {
        RunId = Guid.CreateVersion7(), WorkspaceId = Guid.CreateVersion7(), AppId = Guid.CreateVersion7(),
        UserId = Guid.CreateVersion7().ToString(), InvokeFrom = "service-api",
    };

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("a.txt", "hi", "hi")]
    [InlineData("a.md", "# hi", "# hi")]
    [InlineData("a.html", "<p>hi</p>", "<p>hi</p>")]
    [InlineData("a.xml", "<a>hi</a>", "<a>hi</a>")]
    [InlineData("a.yaml", "a: 1", "a: 1")]
    [InlineData("a.json", "{\"b\":1,\"a\":[\"ü\"]}", "{\n  \"b\": 1,\n  \"a\": [\n    \"ü\"\n  ]\n}")]
    [InlineData("a.csv", "x,y\n1,\"a|b\nc\"\n,\n", "| x | y |\n| --- | --- |\n| 1 | a\\|b c |")]
    [InlineData("a.vtt", "WEBVTT\n\n1\n00:00.000 --> 00:01.000\n<v Ann>Hi &amp; <b>bye</b>\n\n00:01.000 --> 00:02.000\n<v Ann>again\n\n00:02.000 --> 00:03.000\n<v Bob>Yes", "Ann \"Hi & bye again\"\nBob \"Yes\"")]
    [InlineData("a.properties", "# c\na=1\nb : two \\\n  three\nc", "# c\na: 1\nb: two three\nc:")]
    [InlineData("a.py", "print(1)", "print(1)", "text/x-python")]
    [InlineData("noending", "a,b", "| a | b |\n| --- | --- |", "text/csv")]
    [InlineData("empty.pdf", "", "")]
    public async Task Text_comes_out_as_the_ending_says(string name, string content, string expected, string? mime = null) =>
        Assert.Equal(expected, await TextOfAsync(name, Encoding.UTF8.GetBytes(content), mime));

    [Theory]
    [InlineData("a.doc", null, "Unsupported Extension Type: .doc. Save the file as .docx and send it again.")]
    [InlineData("a.exe", null, "Unsupported Extension Type: .exe.")]
    [InlineData("a", "image/x-y", "Unsupported MIME type: image/x-y")]
    [InlineData("a", null, "Unable to determine file type: MIME type or file extension is missing")]
    [InlineData("a.json", null, "a.json: Failed to decode or parse JSON file. Check its brackets and quotes.")]
    [InlineData("a.docx", null, "a.docx: The file could not be read as docx: it is damaged or not what its name says. Save it again and upload it anew.")]
    public async Task What_cannot_be_read_is_told(string name, string? mime, string error)
    {
        var result = await RunAsync(await FileAsync(name, "{x"u8.ToArray(), mime));
        Assert.Equal((NodeStatus.Failed, error), (result.Status, result.Error));
        Assert.NotNull(result.ProcessData["documents"]);
    }

    [Theory]
    [InlineData("fake-power-point.pptx", "Adding a Bullet Slide")]
    [InlineData("docx-tables.docx", "| --- |")]
    [InlineData("stanley-cups.xlsx", "| Team | Location | Stanley Cups |\n| Blues | STL | 1 |")]
    [InlineData("stanley-cups.csv", "| Team | Location | Stanley Cups |")]
    [InlineData("fake-memo.pdf", "May 5, 2023")]
    [InlineData("fake-email.eml", "Subject: Test Email\nFrom: ")]
    [InlineData("winter-sports.epub", "Winter Sports")]
    [InlineData("fake-text-utf-16.txt", "test document to use")]
    public async Task Real_files_are_read(string name, string expected)
    {
        var content = await File.ReadAllBytesAsync(SharedFolder.PathOf($"documents/{name}"), TestContext.Current.CancellationToken);
        Assert.Contains(expected, await TextOfAsync(name, content), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task OpenDocument_texts_keep_headings_lists_and_tables()
    {
        var odt = Zip(("content.xml", """
            <office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body><office:text>
            <text:tracked-changes><text:p>gone</text:p></text:tracked-changes>
            <text:h text:outline-level="2">Head</text:h><text:p>One<text:s text:c="3"/>two<text:line-break/>three</text:p>
            <text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>
            <table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell/></table:table-row>
            <table:table-row><table:table-cell><text:p>b</text:p></table:table-cell><table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table>
            </office:text></office:body></office:document-content>
            """));
        Assert.Equal("## Head\n\nOne   two\nthree\n\n- item\n\n| a |  |\n| --- | --- |\n| b | c |", await TextOfAsync("a.odt", odt));
    }

    [Fact]
    public async Task A_list_of_files_gives_a_list_of_texts_in_order()
    {
        var result = await RunAsync(new JsonArray(await FileAsync("b.txt", "two"u8.ToArray()), await FileAsync("a.txt", "one"u8.ToArray())));
        Assert.Equal("""["two","one"]""", result.Outputs["text"]!.ToJsonString());
        Assert.Equal("""{"text":[]}""", (await RunAsync(new JsonArray())).Outputs.ToJsonString());
        Assert.Equal("File variable not found for selector: ['s', 'file']", (await RunAsync(null)).Error);
        Assert.Equal("Variable ['s', 'file'] is not an ArrayFileSegment", (await RunAsync("text")).Error);
    }

    [Fact]
    public async Task Another_users_file_is_not_read()
    {
        var result = await RunAsync(await FileAsync("a.txt", "secret"u8.ToArray(), user: Guid.CreateVersion7()));
        Assert.Equal(("FileDownloadError", "file_not_found"), (result.ErrorType, result.ErrorCode));
    }

    [Theory]
    [InlineData("bomb.pptx")]
    [InlineData("bomb.odt")]
    [InlineData("bomb.epub")]
    [InlineData("bomb.xlsx")]
    [InlineData("bomb.docx")]
    public async Task F10_files_that_unfold_without_end_fail_with_a_reason(string name)
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        var result = await RunAsync(await FileAsync(name, Bomb(name)));
        Assert.Equal(NodeStatus.Failed, result.Status);
        Assert.StartsWith($"{name}: The ", result.Error, StringComparison.Ordinal);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(60), started.Elapsed.ToString());
    }

    [Fact]
    public async Task F10_a_sheet_that_is_wide_and_long_fails_instead_of_filling_memory()
    {
        var rows = string.Concat(Enumerable.Range(1, 3000).Select(row => $"<row><c r=\"XFD{row}\" t=\"inlineStr\"><is><t>x</t></is></c></row>"));
        var result = await RunAsync(await FileAsync("wide.xlsx", Sheet(rows)));
        Assert.Equal("wide.xlsx: The sheet is too large for a table. Split it into smaller files.", result.Error);
        var csv = "a\n" + string.Concat(Enumerable.Repeat("x\n", 400_000)) + new string(',', 100_000) + "x";
        Assert.Contains("too large", (await RunAsync(await FileAsync("wide.csv", Encoding.UTF8.GetBytes(csv)))).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.odt", "content.xml")]
    [InlineData("a.pptx", "ppt/presentation.xml")]
    [InlineData("a.epub", "META-INF/container.xml")]
    public async Task Entities_are_neither_expanded_nor_fetched(string name, string part)
    {
        var laughs = "<!DOCTYPE d [<!ENTITY a 'hahaha'><!ENTITY x SYSTEM 'file:///etc/passwd'>]><d xmlns:text='t'><text:p>&a;&x;</text:p></d>";
        var result = await RunAsync(await FileAsync(name, Zip((part, laughs))));
        Assert.Equal(NodeStatus.Failed, result.Status);
        Assert.DoesNotContain("root:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_email_nested_without_end_is_read_or_refused()
    {
        var mail = new StringBuilder();
        for (var i = 0; i < 5_000; i++)
        {
            mail.Append(System.Globalization.CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n");
        }

        var result = await RunAsync(await FileAsync("deep.eml", Encoding.ASCII.GetBytes(mail.ToString())));
        Assert.True(result.Status is NodeStatus.Succeeded or NodeStatus.Failed);
    }

    private static byte[] Bomb(string name)
    {
        var zeros = string.Concat(Enumerable.Repeat("<w:p><w:r><w:t>0000000000000000</w:t></w:r></w:p>", 20_000));
        void Fill(Stream part, string start)
        {
            part.Write(Encoding.UTF8.GetBytes(start));
            var block = Encoding.UTF8.GetBytes(zeros);
            for (var i = 0; i < 200; i++)
            {
                part.Write(block);
            }
        }

        return name switch
        {
            "bomb.docx" => Zip([], ("word/document.xml", part => Fill(part, $"<w:document xmlns:w='{Word}'><w:body>"))),
            "bomb.odt" => Zip([], ("content.xml", part => Fill(part, "<d xmlns:w='t'>"))),
            "bomb.xlsx" => Zip([], ("xl/workbook.xml", part => Fill(part, "<d xmlns:w='t'>"))),
            "bomb.epub" => Zip(
                [
                    ("META-INF/container.xml", "<c><rootfile full-path='b.opf'/></c>"),
                    ("b.opf", "<p><item id='i' href='c.html'/><itemref idref='i'/></p>"),
                ],
                ("c.html", part => Fill(part, "<html>"))),
            _ => Zip(
                [
                    ("ppt/presentation.xml", "<p xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sldId r:id='s'/></p>"),
                    ("ppt/_rels/presentation.xml.rels", "<r><Relationship Id='s' Target='slides/s.xml'/></r>"),
                ],
                ("ppt/slides/s.xml", part => Fill(part, "<d xmlns:w='t'>"))),
        };
    }

    private static byte[] Sheet(string rows) => Zip(
        ("xl/workbook.xml", "<w xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheet name='S' r:id='s'/></w>"),
        ("xl/_rels/workbook.xml.rels", "<r><Relationship Id='s' Target='worksheets/s.xml'/></r>"),
        ("xl/worksheets/s.xml", $"<s>{rows}</s>"));

    private static byte[] Zip(params (string Name, string Content)[] parts) => Zip(parts, null);

    private static byte[] Zip((string Name, string Content)[] parts, (string Name, Action<Stream> Write)? large)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(content));
            }

            if (large is { } bomb)
            {
                using var part = zip.CreateEntry(bomb.Name).Open();
                bomb.Write(part);
            }
        }

        return bytes.ToArray();
    }

    private async Task<string> TextOfAsync(string name, byte[] content, string? mime = null)
    {
        var result = await RunAsync(await FileAsync(name, content, mime));
        Assert.Null(result.Error);
        return result.Outputs["text"]!.ToString();
    }

    private async Task<JsonNode> FileAsync(string name, byte[] content, string? mime = null, Guid? user = null)
    {
        var file = await _database.Get<FileService>().SaveProducedAsync(
            _context.WorkspaceId, name, mime, content, null, user ?? Guid.Parse(_context.UserId), TestContext.Current.CancellationToken);
        return _database.Get<FileValueBuilder>().OfProduced(file);
    }

    private Task<NodeResult> RunAsync(JsonNode? value)
    {
        var variables = new VariablePool();
        variables.Set("s", "file", value);
        return NodeCall.RunAsync(
            _database.Get<DocumentExtractorNode>(), "document-extractor", new JsonObject { ["variable_selector"] = new JsonArray("s", "file") }, variables, _context);
    }
}
