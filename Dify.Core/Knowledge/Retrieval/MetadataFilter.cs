namespace Dify.Core.Knowledge.Retrieval;

/// <summary>Which documents are searched, by what is known of them.</summary>
/// <param name="IsAny">One condition is enough; else all are needed.</param>
public sealed record MetadataFilter(bool IsAny, IReadOnlyList<MetadataCondition> Conditions)
{
    /// <summary>Fields that every document has.</summary>
    public static IReadOnlyList<(string Name, string Type)> BuiltInFields { get; } =
    [
        ("document_name", "string"), ("uploader", "string"), ("upload_date", "time"), ("last_update_date", "time"), ("source", "string"),
    ];

    /// <summary>A filter without conditions lets everything through.</summary>
    /// <param name="read">The value of a field: text or number; null when the document has no such field.</param>
    public bool Matches(Func<string, object?> read) => Conditions.Count == 0
        || (IsAny ? Conditions.Any(one => one.Matches(read(one.Name))) : Conditions.All(one => one.Matches(read(one.Name))));
}
