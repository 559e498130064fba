using System.Collections.Frozen;

namespace Dify.Core.Models.Credentials;

/// <summary>What a workspace has set up, as it was read at <paramref name="LoadedAt"/> (a timestamp of TimeProvider).</summary>
internal sealed record WorkspaceProviders(
    FrozenDictionary<string, StoredProvider> Providers, FrozenDictionary<ModelType, ModelReference> Defaults, long LoadedAt)
{
    public ModelReference Default(ModelType type) => Defaults.GetValueOrDefault(type) ?? type switch
    {
        ModelType.Llm => BuiltinModels.Extractive,
        ModelType.TextEmbedding => BuiltinModels.Lexical,
        ModelType.Rerank => BuiltinModels.Overlap,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
