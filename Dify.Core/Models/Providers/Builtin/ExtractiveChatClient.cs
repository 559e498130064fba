using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Dify.Core.Models.Providers.Builtin;

/// <summary>
/// The chat model <c>extractive</c>: quotes the sentences of the given context that fit the question best, and says
/// plainly when none does. The context is what stands between <c>&lt;context&gt;</c> tags in system messages; without
/// such tags it is everything said before the question.
/// </summary>
internal sealed partial class ExtractiveChatClient : IChatClient
{
    public const int DefaultSentences = 3;

    private const int PieceLength = 12;

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var answer = Answer(all, Sentences(options));
        var id = Guid.CreateVersion7().ToString("N");
        foreach (var piece in Pieces(answer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece) { ResponseId = id, MessageId = id };
            await Task.Yield();
        }

        var usage = new UsageDetails
        {
            InputTokenCount = all.Sum(message => Estimate(message.Text)),
            OutputTokenCount = Estimate(answer),
        };
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage)])
        {
            ResponseId = id, MessageId = id, FinishReason = ChatFinishReason.Stop,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Nothing is held.
    }

    private static int Sentences(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue("max_sentences", out var value) == true
        && int.TryParse(value?.ToString(), out var number)
            ? Math.Clamp(number, 1, 10)
            : DefaultSentences;

    private static string Answer(IReadOnlyList<ChatMessage> messages, int most)
    {
        var last = -1;
        for (var i = messages.Count - 1; i >= 0 && last < 0; i--)
        {
            last = messages[i].Role == ChatRole.User ? i : -1;
        }

        var question = last >= 0 ? messages[last].Text : "";
        var context = Context(messages, last, ref question);
        var chinese = question.Any(TermReader.IsCjk);
        var found = Extract.Find(context, question, most);
        return (found.Count > 0, chinese) switch
        {
            (true, true) => "来自给定内容的原文：\n\n" + Quote(found),
            (true, false) => "From the given text:\n\n" + Quote(found),
            (false, true) => "我是内置的摘录工具，不是语言模型：我只能引用给定的内容，其中没有找到与此问题相关的句子。请在“设置 → 模型供应商”中配置语言模型。",
            (false, false) => "I am the built-in quoting tool, not a language model: I can only quote from the text I am given, "
                + "and I found nothing in it about this. Set up a language model under Settings, Model providers, to get written answers.",
        };
    }

    /// <summary>Nobody is billed for these tokens, so the vocabulary of <see cref="TokenCounter"/> is not loaded for them.</summary>
    private static int Estimate(string text)
    {
        var cjk = text.Count(TermReader.IsCjk);
        return cjk + ((text.Length - cjk + 3) / 4);
    }

    private static string Quote(IReadOnlyList<string> sentences) => string.Join("\n\n", sentences.Select(sentence => "> " + sentence));

    private static string Context(IReadOnlyList<ChatMessage> messages, int last, ref string question)
    {
        var context = new StringBuilder();
        foreach (var message in messages)
        {
            foreach (Match match in ContextTag().Matches(message.Text))
            {
                context.Append(match.Groups[1].ValueSpan).Append("\n\n");
            }
        }

        if (context.Length > 0)
        {
            // One message may hold both, as in apps whose prompt is a single text.
            question = ContextTag().Replace(question, " ");
            return context.ToString();
        }

        for (var i = 0; i < messages.Count; i++)
        {
            if (i != last && messages[i].Role != ChatRole.Assistant)
            {
                context.Append(messages[i].Text).Append("\n\n");
            }
        }

        return context.ToString();
    }

    /// <summary>A few words at a time, as a language model would send them.</summary>
    private static IEnumerable<string> Pieces(string answer)
    {
        for (var start = 0; start < answer.Length;)
        {
            var end = Math.Min(start + PieceLength, answer.Length);
            while (end < answer.Length && !char.IsWhiteSpace(answer[end]) && !TermReader.IsCjk(answer[end]))
            {
                end++;
            }

            yield return answer[start..end];
            start = end;
        }
    }

    [GeneratedRegex("<context>(.*?)</context>", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ContextTag();
}
