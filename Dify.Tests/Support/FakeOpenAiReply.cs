namespace Dify.Tests.Support;

/// <summary>What the fake server answers: a text, or a failure.</summary>
internal sealed record FakeOpenAiReply(string Text)
{
    public int Status { get; init; } = 200;

    public int? RetryAfterSeconds { get; init; }

    public string? ErrorCode { get; init; }

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
