using Dify.Core.Common;
using Dify.Core.Files;
using Dify.Core.Knowledge;
using Dify.Core.Knowledge.Extraction;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Knowledge.Extraction;

/// <summary>Awkward files as people have them: each ends with text or with a reason.</summary>
public sealed class SharedDocumentTests
{
    public static TheoryData<string> Supported { get; } =
    [
        "2023-half-year-analyses-by-segment.xlsx", "README.md", "book-war-and-peace-1225p.txt", "docx-tables.docx", "empty.txt",
        "example-10k-1p.html", "fake-incomplete-json.txt", "fake-memo.pdf", "fake-text-utf-16.txt", "handbook-1p.docx",
        "korean-text-with-tables.pdf", "layout-parser-paper-fast.pdf", "multi-column-2p.pdf", "password.pdf", "stanley-cups.csv",
        "stanley-cups.xlsx",
    ];

    [Theory]
    [MemberData(nameof(Supported))]
    public async Task Every_supported_document_gives_text_or_a_reason(string name)
    {
        await using var database = await TestDatabase.CreateAsync();
        try
        {
            var text = await ReadAsync(database, name);
            Assert.True(text.Count(char.IsLetterOrDigit) > 10, text);
            if (Environment.GetEnvironmentVariable("DIFY_TEST_DUMP") is { Length: > 0 } folder)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, name + ".out"), text, TestContext.Current.CancellationToken);
            }
        }
        catch (DifyException reason)
        {
            Assert.Contains(name, (string[])["empty.txt", "password.pdf"]);
            Assert.Equal(400, reason.Status);
            Assert.True(reason.Message.Length > 20, reason.Message);
        }
    }

    internal static async Task<string> ReadAsync(TestDatabase database, string name)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var content = File.OpenRead(SharedFolder.PathOf("documents/" + name));
        var file = await database.Get<FileService>().SaveAsync(
            Guid.CreateVersion7(), name, null, content, 15 << 20, null, null, cancellationToken);
        return await database.Get<DocumentReader>().ReadAsync(file, cancellationToken);
    }
}
