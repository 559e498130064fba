using System.Collections.Frozen;
using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>The filters of Jinja2 by name.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Func<Run, Arguments, object?>> Known = new[]
    {
        TextFilters.All, NumberFilters.All, ListFilters.All, SelectionFilters.All, ConversionFilters.All,
    }.SelectMany(group => group).ToFrozenDictionary();

    public static bool Exists(string name) => Known.ContainsKey(name);

    /// <summary>An unknown one fails when it is used: what is never reached does no harm.</summary>
    public static Func<Run, Arguments, object?> Find(string name) => Known.TryGetValue(name, out var filter)
        ? filter
        : (_, _) => throw new PyException("TemplateRuntimeError", $"No filter named '{name}'.");
}
