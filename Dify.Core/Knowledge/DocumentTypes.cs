using System.Collections.Frozen;

namespace Dify.Core.Knowledge;

/// <summary>File types that a knowledge base takes.</summary>
public static class DocumentTypes
{
    /// <summary>Lower case, without the dot.</summary>
    public static FrozenSet<string> Extensions { get; } =
        FrozenSet.Create("txt", "md", "markdown", "pdf", "docx", "html", "htm", "csv", "xlsx");

    /// <summary>For the <c>accept</c> of a file field: <c>.txt,.md,…</c></summary>
    public static string Accept { get; } = string.Join(',', Extensions.Order().Select(e => "." + e));
}
