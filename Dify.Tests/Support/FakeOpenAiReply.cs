namespace Dify.Tests.Support;

/// <summary>What the fake server answers: a text, or a failure.</summary>
internal sealed record FakeOpenAiReply(string Text)
{
    public int Status { get; init; } = 200;

    public int? RetryAfterSeconds { get; init; }

    public string? ErrorCode { get; init; }

    /// <summary>Name and arguments of a tool that is called beside the text; arguments are sent as they are.</summary>
    public (string Name, string Arguments)? ToolCall { get; init; }

    /// <summary>Sent as <c>reasoning_content</c>, before the text.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The pieces of a stream; null: the words of the text.</summary>
    public IReadOnlyList<string>? Pieces { get; init; }

    /// <summary>Sent as it is instead of an answer.</summary>
    public string? RawBody { get; init; }

    /// <summary>The connection is cut after so many pieces of a stream.</summary>
    public int? CutAfterPieces { get; init; }

    public TimeSpan FirstTokenDelay { get; init; }

    public TimeSpan PieceDelay { get; init; }

    /// <summary>The answer waits for this task: lets a test decide the moment without sleeping.</summary>
    public Task? Hold { get; init; }

    /// <summary>As <see cref="Hold"/>, but after the first piece of a stream.</summary>
    public Task? HoldAfterFirstPiece { get; init; }

    public bool WithUsage { get; init; } = true;

    public int PromptTokens { get; init; } = 11;

    public int CompletionTokens { get; init; } = 7;
}
