using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text;
using Dify.Core.Models;
using Dify.Core.Models.Providers.Builtin;
using Microsoft.Extensions.AI;
using Xunit;

namespace Dify.Tests.Models;

public sealed class BuiltinTests
{
    private const string English = """
        # Layout models
        The LayoutParser toolkit offers deep learning models for document layout analysis. It was released in 2021,
        e.g. for historical archives. The Model Zoo holds models trained on five datasets: PubLayNet, HJDataset and others.
        Cats sleep for most of the day. Installation needs Python 3.6 or later.
        """;

    private const string Chinese = "保修期为自购买之日起两年。退货须在十四天内提出申请。猫每天睡很久。客服电话在工作日九点开放。";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(English, "Which datasets were the models in the Model Zoo trained on?", "> The Model Zoo holds models trained on five datasets")]
    [InlineData(English, "Which version of Python is needed to install it?", "> Installation needs Python 3.6 or later.")]
    [InlineData(Chinese, "保修期有多长？", "> 保修期为自购买之日起两年。")]
    [InlineData(Chinese, "退货要在多少天内申请？", "> 退货须在十四天内提出申请。")]
    public async Task The_sentence_that_answers_is_quoted(string context, string question, string quote)
    {
        var answer = await AskAsync($"Answer from this.\n<context>\n{context}\n</context>", question);
        Assert.Contains(quote, answer);
        Assert.DoesNotContain("Cats", answer);
        Assert.DoesNotContain("猫", answer);
    }

    [Theory]
    [InlineData(English, "What is the capital of France?", "not a language model")]
    [InlineData("", "What is the capital of France?", "not a language model")]
    [InlineData(English, "", "not a language model")]
    [InlineData(Chinese, "法国的首都是哪里？", "不是语言模型")]
    public async Task Nothing_is_made_up_when_nothing_fits(string context, string question, string words) =>
        Assert.Contains(words, await AskAsync($"<context>{context}</context>", question));

    [Fact]
    public async Task Without_context_tags_earlier_messages_are_searched()
    {
        using var client = new ExtractiveChatClient();
        var answer = await client.GetResponseAsync(
            [new(ChatRole.System, "The office opens at nine. Parking is free."), new(ChatRole.User, "When does the office open?")], cancellationToken: Cancelled);
        Assert.Contains("> The office opens at nine.", answer.Text);
    }

    [Fact]
    public async Task Answers_stream_in_small_pieces_and_tell_their_usage()
    {
        using var client = new ExtractiveChatClient();
        var updates = await client.GetStreamingResponseAsync(
            [new(ChatRole.System, $"<context>{English}</context>"), new(ChatRole.User, "Which version of Python is needed?")], cancellationToken: Cancelled)
            .ToListAsync(Cancelled);
        Assert.True(updates.Count > 4);
        var whole = updates.ToChatResponse();
        Assert.Equal(ChatFinishReason.Stop, whole.FinishReason);
        Assert.True(whole.Usage!.InputTokenCount > 50 && whole.Usage.OutputTokenCount > 5);
    }

    [Theory]
    [InlineData("How do I return a product?", "Products can be returned within fourteen days.", "The museum opens at nine in the morning.")]
    [InlineData("training deep neural networks", "A deep network is trained on labelled pages.", "The recipe needs two eggs and flour.")]
    [InlineData("保修期有多长", "产品的保修期为两年。", "博物馆上午九点开放。")]
    public void Texts_that_share_words_lie_closer(string question, string near, string far)
    {
        var vectors = new[] { question, near, far }.Select(text => LexicalEmbedding.Embed(text, [])).ToArray();
        var (toNear, toFar) = (TensorPrimitives.Dot<float>(vectors[0], vectors[1]), TensorPrimitives.Dot<float>(vectors[0], vectors[2]));
        Assert.True(toNear > 0.25 && toNear > toFar + 0.2, $"near {toNear:0.00}, far {toFar:0.00}");
        Assert.All(vectors, vector => Assert.Equal(1, TensorPrimitives.Norm<float>(vector), 4));
    }

    [Fact]
    public void Equal_texts_have_equal_vectors_and_empty_ones_still_a_direction()
    {
        Assert.Equal(LexicalEmbedding.Embed(English, []), LexicalEmbedding.Embed(English, []));
        Assert.Equal(1, TensorPrimitives.Norm<float>(LexicalEmbedding.Embed("  …  ", [])), 4);
    }

    [Fact]
    public async Task A_megabyte_is_embedded_well_within_a_second()
    {
        var words = English.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var text = new StringBuilder();
        for (var i = 0; text.Length < 1_000_000; i++)
        {
            text.Append(words[i * 7 % words.Length]).Append(i % 977).Append(' ');
        }

        var chunks = text.ToString().Chunk(1500).Select(chunk => new string(chunk)).ToList();
        using var generator = new LexicalEmbeddingGenerator();
        await generator.GenerateAsync(chunks, cancellationToken: Cancelled);
        var clock = Stopwatch.GetTimestamp();
        var vectors = await generator.GenerateAsync(chunks, cancellationToken: Cancelled);
        var elapsed = Stopwatch.GetElapsedTime(clock);
        TestContext.Current.TestOutputHelper?.WriteLine($"1 MB in {chunks.Count} pieces: {elapsed.TotalMilliseconds:0} ms");
        Assert.Equal(chunks.Count, vectors.Count);
        Assert.True(elapsed < TimeSpan.FromSeconds(1), $"It took {elapsed.TotalMilliseconds:0} ms.");
    }

    private static async Task<string> AskAsync(string system, string question)
    {
        using var client = new ExtractiveChatClient();
        return (await client.GetResponseAsync([new(ChatRole.System, system), new(ChatRole.User, question)], cancellationToken: Cancelled)).Text;
    }
}
