namespace Dify.Core.Models;

/// <summary>Counts tokens with the o200k_base vocabulary: exact for OpenAI's models, close enough to budget others.</summary>
public static class TokenCounter
{
    public static int Count(string text) => throw new NotImplementedException();
}
