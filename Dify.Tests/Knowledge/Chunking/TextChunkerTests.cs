using System.Text;
using Dify.Core.Knowledge.Chunking;
using Dify.Core.Knowledge.Cleaning;
using Xunit;

namespace Dify.Tests.Knowledge.Chunking;

public sealed class TextChunkerTests
{
    private static readonly ProcessRule Automatic = new();

    [Fact]
    public void The_delimiter_cuts_and_is_removed() =>
        Assert.Equal(["CB", "CD"], TextChunker.Cut("CBACD", Custom("A")));

    [Theory]
    [InlineData("\\n", "\n")]
    [InlineData("\n", "\n")]
    [InlineData("\\n\\n", "\n\n")]
    [InlineData("\\t#", "\t#")]
    [InlineData("\\\\n", "\\n")]
    [InlineData("\\d", "\\d")]
    public void Escapes_of_a_delimiter_are_read_as_people_type_them(string typed, string meant) =>
        Assert.Equal(meant, TextChunker.Decode(typed));

    [Fact]
    public void A_piece_that_is_too_long_is_cut_on_at_the_coarsest_place_that_fits()
    {
        var sentence = "Alpha beta gamma delta epsilon zeta eta theta iota kappa. ";
        var text = string.Concat(Enumerable.Repeat(sentence, 20));
        var chunks = TextChunker.Cut(text, Custom("###", 200, 0));
        Assert.All(chunks, chunk => Assert.InRange(chunk.Length, 60, 200));
        Assert.All(chunks, chunk => Assert.EndsWith("kappa.", chunk, StringComparison.Ordinal));
        Assert.Equal(text.Trim(), string.Join(' ', chunks));
    }

    [Fact]
    public void Automatic_cutting_keeps_short_paragraphs_together()
    {
        var text = string.Join("\n\n", Enumerable.Range(0, 40).Select(i => $"Paragraph {i} says a thing or two about its subject."));
        var chunks = TextChunker.Cut(text, Automatic);
        Assert.InRange(chunks.Count, 2, 4);
        Assert.All(chunks.SkipLast(1), chunk => Assert.InRange(chunk.Length, 900, 1024));
    }

    [Fact]
    public void The_end_of_a_chunk_is_the_start_of_the_next()
    {
        var text = string.Join(' ', Enumerable.Range(1000, 400));
        var chunks = TextChunker.Cut(text, Custom("###", 200, 50));
        for (var i = 1; i < chunks.Count; i++)
        {
            var shared = chunks[i][..chunks[i].IndexOf(' ', StringComparison.Ordinal)];
            Assert.Contains(shared, chunks[i - 1], StringComparison.Ordinal);
            Assert.StartsWith(chunks[i - 1][chunks[i - 1].IndexOf(shared, StringComparison.Ordinal)..], chunks[i], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_character_is_torn_apart_and_none_is_lost()
    {
        var text = string.Concat(Enumerable.Repeat("😀👩‍👩‍👧é", 500));
        foreach (var length in Enumerable.Range(50, 20))
        {
            var chunks = TextChunker.Cut(text, Custom("###", length, 0));
            Assert.Equal(text, string.Concat(chunks));
            Assert.All(chunks, chunk => Assert.True(chunk.Length <= length && !char.IsLowSurrogate(chunk[0]) && !char.IsHighSurrogate(chunk[^1])));
        }
    }

    [Fact]
    public void Chinese_is_cut_at_the_ends_of_sentences()
    {
        var text = string.Concat(Enumerable.Repeat("知识库可以存放文档，检索时返回相关段落。", 30));
        var chunks = TextChunker.Cut(text, Custom("###", 100, 0));
        Assert.All(chunks, chunk => Assert.EndsWith("。", chunk, StringComparison.Ordinal));
    }

    [Fact]
    public void Any_text_is_covered_whatever_the_rule()
    {
        var random = new StringBuilder();
        for (var i = 0; i < 3000; i++)
        {
            random.Append((i * 7919 % 31) switch { 0 => "\n\n", 1 => "\n", 2 => ". ", 3 => " ", 4 => "。", _ => ((char)('a' + (i % 26))).ToString() });
        }

        var text = random.ToString();
        foreach (var (length, overlap) in new[] { (50, 0), (50, 49), (64, 10), (500, 250), (4000, 3999) })
        {
            var chunks = TextChunker.Cut(text, Custom("###", length, overlap));
            Assert.All(chunks, chunk => Assert.InRange(chunk.Length, 1, length));
            var position = 0;
            foreach (var chunk in chunks)
            {
                var found = text.IndexOf(chunk, Math.Max(0, position - length), StringComparison.Ordinal);
                Assert.True(found >= 0 && string.IsNullOrWhiteSpace(found > position ? text[position..found] : ""), "Text between two chunks was lost.");
                position = Math.Max(position, found + chunk.Length);
            }

            Assert.True(string.IsNullOrWhiteSpace(text[position..]));
        }
    }

    [Fact]
    public void Cleaning_follows_the_rules_and_mends_what_no_store_takes()
    {
        var rule = new ProcessRule { RemoveExtraSpaces = true, RemoveUrlsEmails = true };
        Assert.Equal("a b\n\n c", TextCleaner.Clean("a \t\u00a0 b\r\n\r\n\n\n\u3000c", rule));
        Assert.Equal("see and write to .", TextCleaner.Clean("see https://example.com/a?b=c and write to jo.doe+x@mail.example.org.", rule));
        Assert.Equal("ab😀", TextCleaner.Repair("a\0\u0007\ud800b\udc00\ufeff😀\ufffe"));
        Assert.Equal("a  b", TextCleaner.Clean("a  b", new ProcessRule { RemoveExtraSpaces = false }));
    }

    private static ProcessRule Custom(string separator, int length = 500, int overlap = 0) =>
        new() { Mode = "custom", Separator = separator, MaxLength = length, Overlap = overlap };
}
