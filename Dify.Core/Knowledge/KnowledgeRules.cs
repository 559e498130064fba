using Dify.Core.Common;
using Dify.Core.Knowledge.Retrieval;

namespace Dify.Core.Knowledge;

/// <summary>Checks of values that come from outside.</summary>
internal static class KnowledgeRules
{
    public const int PageLimit = 100;

    public static string Name(string? name)
    {
        var clean = Text(name).Trim();
        return clean.Length is >= 1 and <= 40
            ? clean
            : throw DifyException.Invalid("The name must have 1 to 40 characters.");
    }

    public static string Description(string? description)
    {
        var clean = Text(description).Trim();
        return clean.Length <= 400 ? clean : throw DifyException.Invalid("The description may have at most 400 characters.");
    }

    public static string DocumentName(string? name)
    {
        var clean = Text(name).ReplaceLineEndings(" ").Trim();
        return clean.Length is >= 1 and <= 200
            ? clean
            : throw DifyException.Invalid("The document's name must have 1 to 200 characters.");
    }

    public static RetrievalSettings Settings(RetrievalSettings settings)
    {
        if (settings.TopK is < 1 or > 10)
        {
            throw DifyException.Invalid("top_k must be 1 to 10.");
        }

        if (settings.ScoreThreshold is not (>= 0 and <= 1) || settings.VectorWeight is not (>= 0 and <= 1))
        {
            throw DifyException.Invalid("score_threshold and the weights must be 0 to 1.");
        }

        if (settings.RerankModel is { } rerank && (rerank.Provider.Length is 0 or > 60 || rerank.Name.Length is 0 or > 200))
        {
            throw DifyException.Invalid("The rerank model needs a provider and a name of reasonable length.");
        }

        return Enum.IsDefined(settings.SearchMethod) ? settings : throw DifyException.Invalid("search_method is not known.");
    }

    public static (int Skip, int Limit) Page(int page, int limit)
    {
        limit = Math.Clamp(limit, 1, PageLimit);
        return ((Math.Clamp(page, 1, 1_000_000) - 1) * limit, limit);
    }

    /// <summary>A pattern for LIKE that finds the text literally; the escape character is a backslash.</summary>
    public static string Like(string keyword) => "%" + Text(keyword).Trim()
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal) + "%";

    private static string Text(string? text) => text is null ? "" : Cleaning.TextCleaner.Repair(text);
}
