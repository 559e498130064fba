namespace Dify.Core.Models;

/// <summary>The models that need no set-up; each workspace starts with them.</summary>
public static class BuiltinModels
{
    public const string Provider = "builtin";

    public static ModelReference Extractive { get; } = new(Provider, "extractive");

    public static ModelReference Lexical { get; } = new(Provider, "lexical");

    public static ModelReference Overlap { get; } = new(Provider, "overlap");
}
