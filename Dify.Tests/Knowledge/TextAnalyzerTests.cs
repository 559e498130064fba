using Dify.Core.Knowledge.Indexing.Analysis;
using Xunit;

namespace Dify.Tests.Knowledge;

public sealed class TextAnalyzerTests
{
    [Theory]
    [InlineData("caresses", "caress")]
    [InlineData("ponies", "poni")]
    [InlineData("agreed", "agre")]
    [InlineData("plastered", "plaster")]
    [InlineData("motoring", "motor")]
    [InlineData("sing", "sing")]
    [InlineData("conflated", "conflat")]
    [InlineData("hopping", "hop")]
    [InlineData("filing", "file")]
    [InlineData("happy", "happi")]
    [InlineData("relational", "relat")]
    [InlineData("conditional", "condit")]
    [InlineData("vietnamization", "vietnam")]
    [InlineData("triplicate", "triplic")]
    [InlineData("hopefulness", "hope")]
    [InlineData("adoption", "adopt")]
    [InlineData("effective", "effect")]
    [InlineData("probate", "probat")]
    [InlineData("controll", "control")]
    public void English_words_are_cut_to_the_stems_of_porters_paper(string word, string stem) =>
        Assert.Equal([stem], Terms(word));

    [Fact]
    public void Stop_words_are_no_terms() => Assert.Equal(["model"], Terms("what is the model of it"));

    [Fact]
    public void Chinese_gives_characters_and_pairs() =>
        Assert.Equal(["知", "识", "知识", "库", "识库"], Terms("知识库。"));

    [Fact]
    public void Characters_outside_the_basic_plane_are_kept_whole() =>
        Assert.Equal(["𠮷", "野", "𠮷野"], Terms("𠮷野"));

    [Theory]
    [InlineData("ＧＰＴ４", "gpt4")]
    [InlineData("Café", "cafe")]
    [InlineData("cafe\u0301", "cafe")]
    public void Width_case_and_accents_do_not_matter(string text, string term)
    {
        Assert.Equal(Terms(term), Terms(text));
    }

    [Theory]
    [InlineData("gpt-4o", "gpt-4o")]
    [InlineData("10.0.15", "10.0.15")]
    [InlineData("ERR_RESET", "err_reset")]
    [InlineData("me@example.com", "me@example.com")]
    public void Identifiers_and_numbers_are_kept_whole_beside_their_parts(string text, string whole)
    {
        var terms = Terms(text);
        Assert.Contains(whole, terms);
        Assert.True(terms.Count > 1);
    }

    [Fact]
    public void Joined_words_are_found_by_their_parts() =>
        Assert.Equal([.. Terms("processrule"), .. Terms("process rule")], Terms("ProcessRule"));

    [Fact]
    public void Broken_surrogates_and_endless_words_do_no_harm()
    {
        Assert.Equal(Terms("abc"), Terms("abc\uD800"));
        Assert.All(Terms(new string('x', 100_000)), term => Assert.True(term.Length <= 64));
        Assert.Empty(Terms("  \0 —…"));
    }

    private static List<string> Terms(string text)
    {
        var terms = new List<string>();
        TextAnalyzer.Analyze(text, term => terms.Add(term.ToString()));
        return terms;
    }
}
