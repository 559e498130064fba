using System.IO.Compression;
using System.Text;
using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Knowledge.Extraction;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Knowledge.Extraction;

/// <summary>Files made to break a reader end with a reason, soon, and the process lives on.</summary>
public sealed class HostileFileTests
{
    private const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_unfolds_without_end_is_given_up()
    {
        var zeros = $"<w:document xmlns:w='{Word}'><w:body>";
        var bomb = Zip(("word/document.xml", writer =>
        {
            writer.Write(Encoding.UTF8.GetBytes(zeros));
            var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<w:p><w:r><w:t>0000000000000000</w:t></w:r></w:p>", 20_000)));
            for (var i = 0; i < 400; i++)
            {
                writer.Write(block);
            }
        }));
        Assert.True(bomb.Length < 4 << 20);
        await RefusedAsync("bomb.docx", bomb);
    }

    [Fact]
    public async Task Entities_of_XML_are_neither_expanded_nor_fetched()
    {
        var laughs = "<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY x SYSTEM 'file:///etc/passwd'>]>";
        await RefusedAsync("laughs.docx", Zip(("word/document.xml", $"{laughs}<w:document xmlns:w='{Word}'><w:body><w:p><w:r><w:t>&b;&x;</w:t></w:r></w:p></w:body></w:document>")));
    }

    [Theory]
    [InlineData("a.docx")]
    [InlineData("a.xlsx")]
    public async Task Elements_nested_without_end_do_not_kill_the_process(string name)
    {
        var deep = string.Concat(Enumerable.Repeat("<w:tbl><w:tr><w:tc>", 50_000)) + "<w:p><w:r><w:t>deep</w:t></w:r></w:p>";
        var part = name == "a.docx" ? "word/document.xml" : "xl/workbook.xml";
        await RefusedAsync(name, Zip((part, $"<w:document xmlns:w='{Word}'><w:body>{deep}")));
    }

    [Fact]
    public async Task HTML_nested_without_end_is_read_or_refused_and_scripts_are_no_text()
    {
        var html = string.Concat(Enumerable.Repeat("<div>", 200_000)) + "deep text";
        try
        {
            Assert.Contains("deep text", await ReadAsync("deep.html", Encoding.UTF8.GetBytes(html)), StringComparison.Ordinal);
        }
        catch (DifyException reason)
        {
            Assert.Equal(400, reason.Status);
        }

        var text = await ReadAsync("page.html", "<title>T</title><script>alert('x')</script><style>b{}</style><p hidden>no</p><h2>Head</h2><p>Body<br>two</p><ul><li>one</ul><table><tr><th>a<th>b<tr><td>1<td>2</table>"u8.ToArray());
        Assert.Equal("# T\n\n## Head\n\nBody\ntwo\n\n- one\n\n| a | b |\n| --- | --- |\n| 1 | 2 |", text);
    }

    [Theory]
    [InlineData("a.pdf")]
    [InlineData("a.docx")]
    [InlineData("a.xlsx")]
    public async Task A_file_that_is_cut_off_or_scrambled_has_a_reason(string name)
    {
        var whole = await File.ReadAllBytesAsync(
            SharedFolder.PathOf("documents/" + name switch { "a.pdf" => "fake-memo.pdf", "a.docx" => "handbook-1p.docx", _ => "stanley-cups.xlsx" }), Stop);
        for (var cut = 1; cut < 8; cut++)
        {
            var part = whole[..(whole.Length * cut / 8)];
            await TextOrReasonAsync(name, part);
            var scrambled = (byte[])whole.Clone();
            for (var i = 100; i < scrambled.Length; i += 97 * cut)
            {
                scrambled[i] ^= 0x5A;
            }

            await TextOrReasonAsync(name, scrambled);
        }
    }

    [Fact]
    public async Task Text_in_any_common_character_set_is_read()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        const string german = "Die Größe der Tür überrascht den müden Bäcker, der früh am Morgen süße Brötchen über die Straße trägt. ";
        const string chinese = "知识库可以存放文档，检索时返回相关段落。今天的天气很好，我们一起去公园散步吧。";
        foreach (var (text, encoding) in new[]
        {
            (german, Encoding.UTF8), (german, Encoding.Unicode), (german, Encoding.BigEndianUnicode), (german, Encoding.Latin1),
            (chinese, Encoding.UTF8), (chinese, Encoding.GetEncoding("gb18030")), (chinese, Encoding.Unicode),
        })
        {
            var repeated = string.Concat(Enumerable.Repeat(text, 20));
            Assert.Equal(repeated, await ReadAsync("a.txt", [.. encoding.GetPreamble(), .. encoding.GetBytes(repeated)]));
        }

        Assert.Equal(german, await ReadAsync("no-mark.txt", Encoding.Unicode.GetBytes(german)));
    }

    [Fact]
    public async Task A_table_keeps_its_headers_with_each_row()
    {
        Assert.Equal(
            "Team: A, Inc.; City: Bern; Note: said \"yes\"\nTeam: B; Note: two lines\n",
            await ReadAsync("a.csv", "Team;City;Note\r\n\"A, Inc.\";Bern;\"said \"\"yes\"\"\"\r\nB;;\"two\nlines\"\r\n"u8.ToArray()));
        await using var database = await TestDatabase.CreateAsync();
        var cups = await SharedDocumentTests.ReadAsync(database, "stanley-cups.xlsx");
        Assert.Contains("Team: Blues; Location: STL; Stanley Cups: 1", cups, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(string name, byte[] content)
    {
        await using var database = await TestDatabase.CreateAsync();
        var file = await database.Get<FileService>().SaveAsync(
            Guid.CreateVersion7(), name, null, new MemoryStream(content), 15 << 20, null, null, Stop);
        return await database.Get<DocumentReader>().ReadAsync(file, Stop);
    }

    private static async Task RefusedAsync(string name, byte[] content)
    {
        var reason = await Assert.ThrowsAsync<DifyException>(() => ReadAsync(name, content));
        Assert.Equal(ErrorCodes.InvalidParam, reason.Code);
    }

    private static async Task TextOrReasonAsync(string name, byte[] content)
    {
        try
        {
            await ReadAsync(name, content);
        }
        catch (DifyException reason)
        {
            Assert.InRange(reason.Status, 400, 499);
        }
    }

    private static byte[] Zip((string Name, string Content) part) =>
        Zip((part.Name, stream => stream.Write(Encoding.UTF8.GetBytes(part.Content))));

    private static byte[] Zip((string Name, Action<Stream> Write) part)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry(part.Name).Open();
            part.Write(entry);
        }

        return memory.ToArray();
    }
}
