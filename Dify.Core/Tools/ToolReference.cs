namespace Dify.Core.Tools;

/// <summary>A tool as app files name it.</summary>
/// <param name="ProviderType"><c>builtin</c> (also said as <c>plugin</c>), <c>api</c>, <c>workflow</c>, <c>mcp</c>, …</param>
/// <param name="ProviderId">For built-in tools the provider alone.</param>
public sealed record ToolReference(string ProviderType, string ProviderId, string ToolName)
{
    public const string BuiltIn = "builtin";

    /// <summary>
    /// Reads Dify's spellings: <c>time</c>, <c>langgenius/time/time</c> and <c>langgenius/time_tool/time</c> are the same
    /// provider. Ids of the other types are ids of a workspace and stay as they are.
    /// </summary>
    public static ToolReference Parse(string? providerType, string? providerId, string? toolName)
    {
        var type = string.IsNullOrWhiteSpace(providerType) || providerType == "plugin" ? BuiltIn : providerType;
        var id = providerId ?? "";
        return new ToolReference(type, type == BuiltIn ? id[(id.LastIndexOf('/') + 1)..] : id, toolName ?? "");
    }
}
