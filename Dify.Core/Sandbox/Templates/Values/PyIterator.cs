namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>A generator: what <c>map</c>, <c>select</c> and <c>batch</c> give. It can be gone through once.</summary>
internal sealed class PyIterator(string name, IEnumerable<object?> items)
{
    private readonly IEnumerator<object?> _items = items.GetEnumerator();

    public string Name { get; } = name;

    public bool TryNext(out object? item)
    {
        var isThere = _items.MoveNext();
        item = isThere ? _items.Current : null;
        return isThere;
    }

    public IEnumerable<object?> Rest()
    {
        while (TryNext(out var item))
        {
            yield return item;
        }
    }
}
