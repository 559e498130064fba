namespace Dify.Core.Models;

/// <summary>One setting of a model with its range; <paramref name="Name"/> is the key in <c>completion_params</c>.</summary>
/// <param name="Kind"><c>float</c>, <c>int</c>, <c>string</c>, <c>boolean</c>.</param>
public sealed record ModelParameter(
    string Name, string Label, string Kind, double? Min, double? Max, double? Default, string Help)
{
    public IReadOnlyList<string> Options { get; init; } = [];
}
