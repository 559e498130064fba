using Dify.Core.Sandbox.Templates.Running;

namespace Dify.Core.Sandbox.Templates.Library;

/// <summary>Sorts as Python does: equal items keep their order, in reverse too.</summary>
internal static class Sorting
{
    public static List<object?> Sort(Run run, IEnumerable<object?> items, Func<object?, object?> key, bool reverse, Comparison<object?> order)
    {
        var keyed = items.Select((item, index) => (Key: key(item), Item: item, Index: index)).ToList();
        var sign = reverse ? -1 : 1;
        try
        {
            keyed.Sort((a, b) =>
            {
                run.Step();
                return (sign * order(a.Key, b.Key)) is var difference and not 0 ? difference : a.Index.CompareTo(b.Index);
            });
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
        }

        return [.. keyed.Select(entry => entry.Item)];
    }
}
