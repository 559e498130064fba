using Dify.Core.Sandbox.Templates.Running;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>Filters that use other filters and tests: <c>map</c>, <c>select</c>, <c>reject</c> and their kin.</summary>
internal static class SelectionFilters
{
    public static Dictionary<string, Func<Run, Arguments, object?>> All { get; } = new()
    {
        ["map"] = (run, a) => new PyIterator("generator", Map(run, a)),
        ["select"] = (run, a) => new PyIterator("generator", Select(run, a, true, false)),
        ["reject"] = (run, a) => new PyIterator("generator", Select(run, a, false, false)),
        ["selectattr"] = (run, a) => new PyIterator("generator", Select(run, a, true, true)),
        ["rejectattr"] = (run, a) => new PyIterator("generator", Select(run, a, false, true)),
    };

    private static IEnumerable<object?> Map(Run run, Arguments arguments)
    {
        var change = Change(run, arguments);
        foreach (var item in run.Iterate(arguments.Positional[0]))
        {
            run.Step();
            yield return change(item);
        }
    }

    private static Func<object?, object?> Change(Run run, Arguments arguments)
    {
        if (arguments.Positional.Count == 1 && arguments.Named.TryGetValue("attribute", out var attribute))
        {
            var unknown = arguments.Named.Keys.FirstOrDefault(name => name is not ("attribute" or "default"));
            return unknown is null
                ? Getter.Of(run, attribute, fallback: arguments.Named.GetValueOrDefault("default"))
                : throw new PyException("FilterArgumentError", $"Unexpected keyword argument '{unknown}'");
        }

        if (arguments.Positional.Count < 2)
        {
            throw new PyException("FilterArgumentError", "map requires a filter argument");
        }

        var filter = Filters.Find(PyText.Str(arguments.Positional[1]));
        var rest = arguments.Positional.Skip(2).ToList();
        return item => filter(run, new Arguments([item, .. rest], arguments.Named));
    }

    private static IEnumerable<object?> Select(Run run, Arguments arguments, bool isWanted, bool byAttribute)
    {
        var given = arguments.Positional;
        if (byAttribute && given.Count < 2)
        {
            throw new PyException("FilterArgumentError", "Missing parameter for attribute name");
        }

        var getter = byAttribute ? Getter.Of(run, given[1]) : item => item;
        var next = byAttribute ? 2 : 1;
        Func<object?, bool> passes = PyType.IsTrue;
        if (given.Count > next)
        {
            var test = Tests.Find(PyText.Str(given[next]));
            var rest = given.Skip(next + 1).ToList();
            passes = item => test(run, new Arguments([item, .. rest], arguments.Named));
        }

        foreach (var item in run.Iterate(given[0]))
        {
            run.Step();
            if (passes(getter(item)) == isWanted)
            {
                yield return item;
            }
        }
    }
}
