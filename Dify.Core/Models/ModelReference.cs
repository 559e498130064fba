namespace Dify.Core.Models;

/// <summary>A model by provider id (<c>builtin</c>, <c>openai</c>, …) and its own name.</summary>
public sealed record ModelReference(string Provider, string Name)
{
    /// <summary>
    /// Reads Dify's provider spellings: <c>langgenius/openai/openai</c> and <c>openai</c> are the same provider, and
    /// <c>langgenius/openai_api_compatible/openai_api_compatible</c> is <c>openai-compatible</c>. Google's models have the
    /// provider <c>google</c> of the plugin <c>gemini</c>.
    /// </summary>
    public static ModelReference Parse(string provider, string name)
    {
        var id = provider[(provider.LastIndexOf('/') + 1)..].Trim();
        return new ModelReference(
            id switch
            {
                "openai_api_compatible" => "openai-compatible",
                "google" => "gemini",
                _ => id,
            },
            name);
    }
}
