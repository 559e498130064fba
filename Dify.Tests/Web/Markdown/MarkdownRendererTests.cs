using System.Diagnostics;
using Dify.Web.Components.Shared.Markdown;
using Xunit;

namespace Dify.Tests.Web.Markdown;

public sealed class MarkdownRendererTests
{
    private readonly MarkdownRenderer _renderer = MarkdownTexts.Renderer();

    public static TheoryData<string> Hostile => HostileText.All;

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_text_becomes_harmless(string payload)
    {
        SafeHtml.Check(_renderer.ToHtml(payload));
        SafeHtml.Check(_renderer.ToHtml($"Before\n\n> - {payload}\n\nAfter"));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_text_is_harmless_at_every_moment_of_its_coming(string payload)
    {
        var streaming = new StreamingMarkdown(_renderer);
        var text = $"Intro\n\n{payload}\n\nThe end";
        for (var length = 1; length <= text.Length; length++)
        {
            streaming.Update(text[..length]);
            SafeHtml.Check(streaming.Tail);
            SafeHtml.Check(string.Concat(streaming.Finished) + streaming.Tail);
        }
    }

    [Fact]
    public void The_list_of_hostile_texts_would_be_caught_unsanitised()
    {
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => SafeHtml.Check("<img src=x onerror=alert(1)>"));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => SafeHtml.Check("<a href=javascript:alert(1)>x</a>"));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => SafeHtml.Check("<svg></svg>"));
        Assert.True(HostileText.All.Count >= 40);
    }

    [Fact]
    public void Links_to_other_sites_open_apart_and_do_not_tell_where_they_are()
    {
        Assert.Equal(
            "<p><a href=\"https://example.org/a?b=1\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">there</a></p>\n",
            _renderer.ToHtml("[there](https://example.org/a?b=1)"));
        Assert.Contains("href=\"https://example.org\"", _renderer.ToHtml("See https://example.org for more"), StringComparison.Ordinal);
        Assert.Equal("<p><a>away</a></p>\n", _renderer.ToHtml("[away](/signout)"));
    }

    [Fact]
    public void A_picture_of_another_host_is_a_link_that_only_a_click_follows()
    {
        var html = _renderer.ToHtml("![chart](https://example.org/chart.png)");
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://example.org/chart.png\" target=\"_blank\"", html, StringComparison.Ordinal);
        Assert.Contains("Picture “chart” from example.org", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/files/0199/preview.png")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    public void A_picture_of_this_site_is_shown(string source) =>
        Assert.Contains($"src=\"{source}\"", _renderer.ToHtml($"![x]({source})"), StringComparison.Ordinal);

    [Fact]
    public void Code_has_its_language_and_a_copy_button()
    {
        var html = _renderer.ToHtml("```csharp\nvar a = 1 < 2;\n```");
        Assert.Equal(
            "<div class=\"md-code\"><div class=\"md-code-head\"><span>csharp</span>"
            + "<button type=\"button\" class=\"md-copy\" data-copy=\"Copied\">Copy</button></div>"
            + "<pre><code class=\"language-csharp\">var a = 1 &lt; 2;\n</code></pre></div>\n",
            html);
    }

    [Fact]
    public void Tables_keep_their_alignment_and_scroll()
    {
        var html = _renderer.ToHtml("| a | b |\n|---|--:|\n| 1 | 2 |");
        Assert.StartsWith("<div class=\"md-table\"><table>", html, StringComparison.Ordinal);
        Assert.Contains("<td align=\"right\">2</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Task_lists_show_what_is_done()
    {
        var html = _renderer.ToHtml("- [x] done\n- [ ] open");
        Assert.Contains("type=\"checkbox\"", html, StringComparison.Ordinal);
        Assert.Contains("checked", html, StringComparison.Ordinal);
        Assert.Contains("task-list-item", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<think>\nWhy?\n</think>\nBecause.", "Why?")]
    [InlineData("Hello\n\n<think>Why?</think>\n\nBecause.", "Why?")]
    public void Reasoning_is_folded(string markdown, string reasoning)
    {
        var html = _renderer.ToHtml(markdown);
        Assert.Contains($"<details class=\"md-reasoning\"><summary>Reasoning</summary><div><p>{reasoning}</p>", html, StringComparison.Ordinal);
        Assert.EndsWith("<p>Because.</p>\n", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thought_in_code_is_code() =>
        Assert.DoesNotContain("md-reasoning", _renderer.ToHtml("```xml\n<think>no</think>\n```"), StringComparison.Ordinal);

    [Fact]
    public void Streamed_text_ends_as_the_stored_text_is_shown()
    {
        const string Text = "# Title\n\nPara *one*\nstill.\n\n- a\n\n- b\n  1. c\n\n    code\n\n| a |\n|---|\n| 1 |\n\n```js\nlet x;\n\n\ny\n```\n\n> quote\n\n<think>hm\n\nhm</think>\n\nEnd.";
        var streaming = new StreamingMarkdown(_renderer);
        for (var length = 1; length <= Text.Length; length++)
        {
            streaming.Update(Text[..length]);
        }

        Assert.Equal(Lines(_renderer.ToHtml(Text)), Lines(string.Concat(streaming.Finished) + streaming.Tail));

        static string Lines(string html) => html.Replace("\n", "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_block_is_not_rendered_again()
    {
        var streaming = new StreamingMarkdown(_renderer);
        streaming.Update("One\n\nTwo\n\nThr");
        var first = streaming.Finished[0];
        streaming.Update("One\n\nTwo\n\nThree\n\nFour");
        Assert.Same(first, streaming.Finished[0]);
        Assert.Equal(3, streaming.Finished.Count);
        Assert.Equal("<p>Four</p>\n", streaming.Tail);
    }

    [Fact]
    public void A_step_late_in_a_long_answer_renders_no_more_than_an_early_one()
    {
        var streaming = new StreamingMarkdown(_renderer);
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < 1_000; i++)
        {
            text.Append("A sentence of some words that make up a block.\n\n");
            streaming.Update(text.ToString());
            Assert.Equal(i, streaming.Finished.Count);
            Assert.True(streaming.Tail.Length < 80);
        }
    }

    public static TheoryData<string> Costly => new(
        new string('>', 50_000),
        string.Concat(Enumerable.Repeat("[", 50_000)),
        string.Concat(Enumerable.Repeat("*a **b ", 5_000)),
        string.Concat(Enumerable.Repeat("<div>", 20_000)),
        string.Concat(Enumerable.Range(0, 3_000).Select(i => $"<font size={i}>")) + string.Concat(Enumerable.Repeat("a\n\n", 3_000)),
        string.Concat(Enumerable.Range(0, 3_000).Select(i => $"a <b title={i}>\n\n")),
        string.Concat(Enumerable.Range(0, 2_000).Select(i => new string(' ', Math.Min(i, 200)) + "- a\n")),
        string.Concat(Enumerable.Repeat("`", 30_000)) + "a",
        new string('a', MarkdownRenderer.LongestFormatted + 1));

    [Theory]
    [MemberData(nameof(Costly))]
    public void Text_made_to_be_costly_is_done_soon(string text)
    {
        var watch = Stopwatch.StartNew();
        SafeHtml.Check(_renderer.ToHtml(text));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"took {watch.Elapsed}");
    }
}
