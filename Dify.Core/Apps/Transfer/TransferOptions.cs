namespace Dify.Core.Apps.Transfer;

/// <summary>Section <c>Apps:Transfer</c>.</summary>
public sealed class TransferOptions
{
    /// <summary>
    /// <c>DSL_EXPORT_ENCRYPT_DATASET_ID</c>: ids of knowledge bases in exports can be read by the same workspace only.
    /// </summary>
    public bool DisguiseKnowledgeIds { get; set; } = true;
}
