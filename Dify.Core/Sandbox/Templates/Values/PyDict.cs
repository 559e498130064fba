using System.Collections;

namespace Dify.Core.Sandbox.Templates.Values;

/// <summary>A dict: keys in order of first setting, compared as Python does (1, 1.0 and True are one key).</summary>
internal sealed class PyDict : IEnumerable<KeyValuePair<object?, object?>>
{
    private readonly OrderedDictionary<Key, object?> _items = [];

    public int Count => _items.Count;

    public IEnumerable<object?> Keys => _items.Keys.Select(key => key.Value);

    public IEnumerable<object?> Values => _items.Values;

    public bool TryGet(object? key, out object? value) => _items.TryGetValue(new Key(key), out value);

    public bool Contains(object? key) => _items.ContainsKey(new Key(key));

    // Python keeps the key that was there first.
    public void Set(object? key, object? value) => _items[new Key(key)] = value;

    public bool Remove(object? key, out object? value) => _items.Remove(new Key(key), out value);

    public KeyValuePair<object?, object?> RemoveLast()
    {
        var (key, value) = _items.GetAt(_items.Count - 1);
        _items.RemoveAt(_items.Count - 1);
        return new(key.Value, value);
    }

    public void Clear() => _items.Clear();

    public IEnumerator<KeyValuePair<object?, object?>> GetEnumerator()
    {
        foreach (var (key, value) in _items)
        {
            yield return new(key.Value, value);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private readonly struct Key(object? value) : IEquatable<Key>
    {
        public object? Value { get; } = value;

        public bool Equals(Key other) => PyCompare.AreEqual(Value, other.Value);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => PyCompare.HashOf(Value);
    }
}
